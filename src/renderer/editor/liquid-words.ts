/** A word of LiquidJS with what it does and an example. */
export interface LiquidWord {
  readonly name: string;
  /** One line. */
  readonly help: string;
  readonly example: string;
}

const words = (entries: Readonly<Record<string, readonly [help: string, example: string]>>): readonly LiquidWord[] =>
  Object.entries(entries).map(([name, [help, example]]) => ({ name, help, example }));

/** Filters that are of use in a webhook's body; LiquidJS has more. */
export const liquidFilters = words({
  json: ['Writes the value as JSON: quotes, escapes and nesting included.', '{{ data.customer | json }}'],
  default: ['Stands in when the value is missing, false or empty.', '{{ data.note | default: "none" }}'],
  escape: ['Escapes for HTML.', '{{ data.name | escape }}'],
  url_encode: ['Escapes for a form or a query.', '{{ data.email | url_encode }}'],
  url_decode: ['Undoes url_encode.', '{{ data.q | url_decode }}'],
  base64_encode: ['Writes the text in Base64.', '{{ data.token | base64_encode }}'],
  base64_decode: ['Reads Base64 into text.', '{{ data.token | base64_decode }}'],
  date: ['Formats a time by strftime letters.', '{{ timestamp | date: "%Y-%m-%dT%H:%M:%SZ" }}'],
  upcase: ['In capital letters.', '{{ data.currency | upcase }}'],
  downcase: ['In small letters.', '{{ data.email | downcase }}'],
  capitalize: ['First letter large, the rest small.', '{{ data.name | capitalize }}'],
  strip: ['Without white space at both ends.', '{{ data.name | strip }}'],
  truncate: ['At most so many characters.', '{{ data.text | truncate: 40 }}'],
  replace: ['Replaces each occurrence.', '{{ type | replace: ".", "_" }}'],
  remove: ['Removes each occurrence.', '{{ data.phone | remove: " " }}'],
  append: ['Puts text behind.', '{{ data.id | append: "-test" }}'],
  prepend: ['Puts text before.', '{{ data.id | prepend: "cus_" }}'],
  split: ['Cuts a text into an array.', '{{ type | split: "." | first }}'],
  join: ['Joins an array into a text.', '{{ data.tags | join: "," }}'],
  first: ['First item.', '{{ data.items | first }}'],
  last: ['Last item.', '{{ data.items | last }}'],
  size: ['Number of items or characters.', '{{ data.items | size }}'],
  map: ['One property of each item.', '{{ data.items | map: "id" | json }}'],
  where: ['Items whose property has the value.', '{{ data.items | where: "paid", true | json }}'],
  sort: ['Items in order, by a property if one is named.', '{{ data.items | sort: "price" | json }}'],
  uniq: ['Each item once.', '{{ data.tags | uniq | json }}'],
  compact: ['Without empty items.', '{{ data.tags | compact | json }}'],
  reverse: ['Items in reverse order.', '{{ data.items | reverse | json }}'],
  slice: ['A part, from a position and so many long.', '{{ data.id | slice: 0, 8 }}'],
  plus: ['Adds.', '{{ data.amount | plus: 1 }}'],
  minus: ['Subtracts.', '{{ data.amount | minus: 1 }}'],
  times: ['Multiplies.', '{{ data.amount | times: 100 }}'],
  divided_by: ['Divides; two whole numbers give a whole number.', '{{ data.cents | divided_by: 100.0 }}'],
  modulo: ['Remainder of a division.', '{{ data.amount | modulo: 2 }}'],
  round: ['Rounds, to so many places.', '{{ data.rate | round: 2 }}'],
  floor: ['Rounds down.', '{{ data.rate | floor }}'],
  ceil: ['Rounds up.', '{{ data.rate | ceil }}'],
  abs: ['Without its sign.', '{{ data.change | abs }}'],
});

/** Tags that are of use in a webhook's body; LiquidJS has more. */
export const liquidTags = words({
  if: ['Only when the condition holds.', '{% if data.paid %} … {% endif %}'],
  elsif: ['Another condition of an if.', '{% elsif data.refunded %}'],
  else: ['Otherwise.', '{% else %}'],
  endif: ['Ends an if.', '{% endif %}'],
  unless: ['Only when the condition does not hold.', '{% unless data.test %} … {% endunless %}'],
  endunless: ['Ends an unless.', '{% endunless %}'],
  case: ['Chooses by a value.', '{% case type %}{% when "invoice.paid" %} … {% endcase %}'],
  when: ['One value of a case.', '{% when "invoice.paid" %}'],
  endcase: ['Ends a case.', '{% endcase %}'],
  for: ['Once for each item.', '{% for item in data.items %} … {% endfor %}'],
  break: ['Leaves a for.', '{% break %}'],
  continue: ['Goes on with the next item of a for.', '{% continue %}'],
  endfor: ['Ends a for.', '{% endfor %}'],
  assign: ['Gives a value a name.', '{% assign total = data.amount | times: 100 %}'],
  capture: ['Gives rendered text a name.', '{% capture title %} … {% endcapture %}'],
  endcapture: ['Ends a capture.', '{% endcapture %}'],
  comment: ['Renders nothing.', '{% comment %} … {% endcomment %}'],
  endcomment: ['Ends a comment.', '{% endcomment %}'],
  raw: ['Leaves {{ }} as they are.', '{% raw %} … {% endraw %}'],
  endraw: ['Ends a raw.', '{% endraw %}'],
});
