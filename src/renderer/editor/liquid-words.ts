/** A word of LiquidJS with what it does and an example. */
export interface LiquidWord {
  readonly name: string;
  /** One line. */
  readonly help: string;
  readonly example: string;
}

const words = (entries: Readonly<Record<string, readonly [help: string, example: string]>>): readonly LiquidWord[] =>
  Object.entries(entries).map(([name, [help, example]]) => ({ name, help, example }));

/** Filters that are useful in a webhook's body; LiquidJS has more. */
export const liquidFilters = words({
  json: ['Writes the value as JSON: quotes, escapes and nesting included.', '{{ data.customer | json }}'],
  default: ['Used when the value is missing, false or empty.', '{{ data.note | default: "none" }}'],
  escape: ['Escapes for HTML.', '{{ data.name | escape }}'],
  url_encode: ['Escapes for a form or a query.', '{{ data.email | url_encode }}'],
  url_decode: ['Undoes url_encode.', '{{ data.q | url_decode }}'],
  base64_encode: ['Writes the text in Base64.', '{{ data.token | base64_encode }}'],
  base64_decode: ['Reads Base64 into text.', '{{ data.token | base64_decode }}'],
  date: ['Formats a time with strftime codes.', '{{ timestamp | date: "%Y-%m-%dT%H:%M:%SZ" }}'],
  upcase: ['Converts to upper case.', '{{ data.currency | upcase }}'],
  downcase: ['Converts to lower case.', '{{ data.email | downcase }}'],
  capitalize: ['Makes the first letter upper case and the rest lower case.', '{{ data.name | capitalize }}'],
  strip: ['Removes white space at both ends.', '{{ data.name | strip }}'],
  truncate: ['Shortens to at most this many characters.', '{{ data.text | truncate: 40 }}'],
  replace: ['Replaces each occurrence.', '{{ type | replace: ".", "_" }}'],
  remove: ['Removes each occurrence.', '{{ data.phone | remove: " " }}'],
  append: ['Adds text at the end.', '{{ data.id | append: "-test" }}'],
  prepend: ['Adds text at the start.', '{{ data.id | prepend: "cus_" }}'],
  split: ['Splits a text into an array.', '{{ type | split: "." | first }}'],
  join: ['Joins an array into a text.', '{{ data.tags | join: "," }}'],
  first: ['First item.', '{{ data.items | first }}'],
  last: ['Last item.', '{{ data.items | last }}'],
  size: ['Number of items or characters.', '{{ data.items | size }}'],
  map: ['One property of each item.', '{{ data.items | map: "id" | json }}'],
  where: ['Keeps the items whose property has this value.', '{{ data.items | where: "paid", true | json }}'],
  sort: ['Sorts the items, by a property if one is given.', '{{ data.items | sort: "price" | json }}'],
  uniq: ['Removes duplicate items.', '{{ data.tags | uniq | json }}'],
  compact: ['Removes empty items.', '{{ data.tags | compact | json }}'],
  reverse: ['Items in reverse order.', '{{ data.items | reverse | json }}'],
  slice: ['Takes a part: from a position, of a length.', '{{ data.id | slice: 0, 8 }}'],
  plus: ['Adds.', '{{ data.amount | plus: 1 }}'],
  minus: ['Subtracts.', '{{ data.amount | minus: 1 }}'],
  times: ['Multiplies.', '{{ data.amount | times: 100 }}'],
  divided_by: ['Divides; two whole numbers give a whole number.', '{{ data.cents | divided_by: 100.0 }}'],
  modulo: ['Remainder of a division.', '{{ data.amount | modulo: 2 }}'],
  round: ['Rounds to this many decimal places.', '{{ data.rate | round: 2 }}'],
  floor: ['Rounds down.', '{{ data.rate | floor }}'],
  ceil: ['Rounds up.', '{{ data.rate | ceil }}'],
  abs: ['Absolute value.', '{{ data.change | abs }}'],
});

/** Tags that are useful in a webhook's body; LiquidJS has more. */
export const liquidTags = words({
  if: ['Renders only when the condition is true.', '{% if data.paid %} … {% endif %}'],
  elsif: ['Another condition of an if.', '{% elsif data.refunded %}'],
  else: ['Otherwise.', '{% else %}'],
  endif: ['Ends an if.', '{% endif %}'],
  unless: ['Renders only when the condition is false.', '{% unless data.test %} … {% endunless %}'],
  endunless: ['Ends an unless.', '{% endunless %}'],
  case: ['Chooses by a value.', '{% case type %}{% when "invoice.paid" %} … {% endcase %}'],
  when: ['One value of a case.', '{% when "invoice.paid" %}'],
  endcase: ['Ends a case.', '{% endcase %}'],
  for: ['Repeats for each item.', '{% for item in data.items %} … {% endfor %}'],
  break: ['Leaves the loop.', '{% break %}'],
  continue: ['Continues with the next item of the loop.', '{% continue %}'],
  endfor: ['Ends a for.', '{% endfor %}'],
  assign: ['Gives a value a name.', '{% assign total = data.amount | times: 100 %}'],
  capture: ['Gives rendered text a name.', '{% capture title %} … {% endcapture %}'],
  endcapture: ['Ends a capture.', '{% endcapture %}'],
  comment: ['Renders nothing.', '{% comment %} … {% endcomment %}'],
  endcomment: ['Ends a comment.', '{% endcomment %}'],
  raw: ['Leaves {{ }} as they are.', '{% raw %} … {% endraw %}'],
  endraw: ['Ends a raw.', '{% endraw %}'],
});
