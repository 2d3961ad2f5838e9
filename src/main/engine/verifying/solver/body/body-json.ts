import { Buffer } from 'node:buffer';
import type { BodyDoc } from './body-doc.ts';
import { bodyCause, useRawBody, type BodyCause, type BodyStep } from './body-steps.ts';
import type { BodyFamily } from '../families.ts';
import { knownLayouts, restyleJson, writeJson, type JsonStyle, type NumberStyle } from './json-style.ts';
import type { JsonMember, JsonNode } from './json-tree.ts';

const reserialised = 'something re-serialised the JSON before verification';
const remedy = useRawBody;

/** Numbers are rewritten under this many different keys one at a time. */
const keyLimit = 12;

/** Every other way in which a serialiser may have written this body; none for a body that is not JSON. */
export function jsonSteps(doc: BodyDoc): readonly BodyStep[] {
  const node = doc.json();
  if (node === null) return [];
  return [...layoutSteps, ...stringSteps, ...serialiserSteps, sortStep, ...orderSteps, ...numberSteps(node)];
}

/** The body in a style; if the style sets no layout, the body keeps its own. */
export function restyle(doc: BodyDoc, style: JsonStyle): Uint8Array | null {
  const node = doc.json();
  const text = doc.latin1();
  if (node === null) return null;
  if (style.layout === undefined && style.isSorted !== true && style.order === undefined)
    return Buffer.from(restyleJson(text, style), 'latin1');
  return Buffer.from(writeJson(node, { ...style, layout: style.layout ?? doc.layout() }), 'latin1');
}

function styleStep(cause: BodyCause, family: BodyFamily, style: JsonStyle): BodyStep {
  return { cause, stage: 3, family, style, apply: (doc) => restyle(doc, style) };
}

const layoutSteps: readonly BodyStep[] = [
  ['minified', 1, knownLayouts.minified, 'the body is minified'],
  ['indent-2', 1.1, knownLayouts.two, 'the body is indented by 2 spaces'],
  ['indent-4', 1.1, knownLayouts.four, 'the body is indented by 4 spaces'],
  ['indent-tab', 1.2, knownLayouts.tabs, 'the body is indented by tabs'],
  ['spaced', 1.1, knownLayouts.spaced, 'the body has a space after each comma and colon, as Python writes it'],
  ['spaced-colon', 1.3, knownLayouts.colon, 'the body has a space after each colon'],
].map(([id, cost, layout, change]) =>
  styleStep(bodyCause(id as string, cost as number, change as string, reserialised, remedy), 'layout', {
    layout: layout as (typeof knownLayouts)['two'],
  }),
);

const unescaped = 'something decoded and wrote the JSON anew, with other escapes';

const stringSteps: readonly BodyStep[] = (
  [
    ['slashes-escaped', 1, 'slashes', 'each / in the body is written as \\/, as PHP does'],
    ['slashes-plain', 1, 'no-slashes', 'each \\/ in the body is written as /'],
    ['unicode-escaped', 1, 'ascii', 'letters outside ASCII are written as \\u escapes'],
    ['unicode-escaped-upper', 1.2, 'ascii-upper', 'letters outside ASCII are written as \\u escapes in capitals'],
    ['unicode-plain', 1, 'unicode', '\\u escapes are written as the letters they stand for'],
    ['html-escaped', 1.2, 'html', '<, > and & are written as \\u escapes, as Go does'],
    ['html-escaped-upper', 1.3, 'html-upper', "<, >, &, ' and + are written as \\u escapes, as .NET does"],
    ['strings-rewritten', 1.3, 'plain', 'every string is escaped as JavaScript does'],
    ['escapes-meta', 1.25, 'meta', '@, %, < and / and letters outside ASCII are escaped as Meta does'],
    ['escapes-meta-tags', 1.3, 'meta-tags', '@, %, <, > and / and letters outside ASCII are escaped as Meta does'],
    ['escapes-gson', 1.25, 'gson', "<, >, &, = and ' are written as \\u escapes, as Gson does"],
    [
      'escapes-dotnet',
      1.25,
      'dotnet',
      '<, >, &, \', +, ", ` and letters outside ASCII are written as \\u escapes, as System.Text.Json does',
    ],
    ['escapes-newtonsoft', 1.3, 'newtonsoft', '<, >, &, \' and " are written as \\u escapes, as Newtonsoft does for HTML'],
    ['escapes-rails', 1.3, 'rails', '<, >, & and line separators are written as \\u escapes, as Rails does'],
    ['escapes-php-hex', 1.3, 'php-hex', '<, >, &, \', " and letters outside ASCII are escaped as PHP does for HTML'],
    ['escapes-line', 1.25, 'line', 'emoji are written as \\u escapes in capitals and other letters are not, as LINE does'],
    ['escapes-org-json', 1.3, 'org-json', 'each </ is written as <\\/, as org.json does'],
  ] as const
).map(([id, cost, strings, change]) => styleStep(bodyCause(id, cost, change, unescaped, remedy), 'strings', { strings }));

const serialiserSteps: readonly BodyStep[] = (
  [
    [
      'javascript',
      1.4,
      { layout: knownLayouts.minified, strings: 'plain', numbers: 'javascript' },
      'the body is what JSON.stringify makes of it',
    ],
    ['python', 1.4, { layout: knownLayouts.spaced, strings: 'ascii' }, "the body is what Python's json.dumps makes of it"],
    ['php', 1.4, { layout: knownLayouts.minified, strings: 'ascii-slashes' }, "the body is what PHP's json_encode makes of it"],
    [
      'php-pretty',
      1.4,
      { layout: knownLayouts.four, strings: 'ascii-slashes' },
      "the body is what PHP's json_encode makes of it, indented",
    ],
    ['go', 1.4, { layout: knownLayouts.minified, strings: 'html', isSorted: true }, "the body is what Go's json.Marshal makes of it"],
    [
      'canonical',
      1.4,
      { layout: knownLayouts.minified, strings: 'plain', numbers: 'javascript', isSorted: true },
      'the body is in canonical form (keys sorted, no spaces, letters as they are)',
    ],
    ['sorted-compact', 1.4, { layout: knownLayouts.minified, isSorted: true }, 'the body has its keys sorted and no spaces'],
    [
      'sorted-unicode',
      1.4,
      { layout: knownLayouts.minified, strings: 'unicode', isSorted: true },
      'the body has its keys sorted, no spaces, and letters as they are',
    ],
    [
      'sorted-ascii',
      1.45,
      { layout: knownLayouts.minified, strings: 'ascii', isSorted: true },
      'the body has its keys sorted, no spaces, and letters as \\u escapes',
    ],
    [
      'python-sorted',
      1.45,
      { layout: knownLayouts.spaced, strings: 'ascii', isSorted: true },
      "the body is what Python's json.dumps makes of it with sort_keys",
    ],
    [
      'python-unicode',
      1.45,
      { layout: knownLayouts.spaced, strings: 'unicode' },
      "the body is what Python's json.dumps makes of it without ensure_ascii",
    ],
    [
      'python-compact',
      1.45,
      { layout: knownLayouts.minified, strings: 'ascii' },
      "the body is what Python's json.dumps makes of it without spaces",
    ],
    ['dotnet', 1.45, { layout: knownLayouts.minified, strings: 'dotnet' }, 'the body is what System.Text.Json makes of it'],
    ['gson', 1.45, { layout: knownLayouts.minified, strings: 'gson' }, 'the body is what Gson makes of it'],
    ['meta', 1.45, { layout: knownLayouts.minified, strings: 'meta' }, 'the body is what Meta writes'],
    [
      'php-sorted',
      1.5,
      { layout: knownLayouts.minified, strings: 'ascii-slashes', isSorted: true },
      "the body is what PHP's json_encode makes of it after ksort",
    ],
    [
      'jsonb',
      1.4,
      { layout: knownLayouts.spaced, strings: 'unicode', order: byLength },
      'the body is what PostgreSQL makes of it as jsonb (shorter keys first)',
    ],
  ] as const
).map(([id, cost, style, change]) => styleStep(bodyCause(`as-${id}`, cost, change, reserialised, remedy), 'serialiser', style));

const sortStep = styleStep(
  bodyCause(
    'keys-sorted',
    1.1,
    'the keys of the body are in alphabetical order',
    'something wrote the JSON anew with its keys in another order',
    remedy,
  ),
  'order',
  { isSorted: true },
);

const reordered = 'something wrote the JSON anew with its keys in another order';

/** Orders that programs are known to use, besides the alphabetical one. */
const orderSteps: readonly BodyStep[] = (
  [
    ['keys-by-length', 1.4, byLength, 'shorter keys stand before longer ones, as in PostgreSQL'],
    ['keys-any-case', 1.4, byLowerCase, 'the keys are in alphabetical order, capitals beside small letters'],
  ] as const
).map(([id, cost, order, change]) => styleStep(bodyCause(id, cost, change, reordered, remedy), 'order', { order }));

function byLength(members: readonly JsonMember[]): readonly JsonMember[] {
  return members.toSorted(({ key: one }, { key: other }) => one.length - other.length || (one < other ? -1 : one > other ? 1 : 0));
}

function byLowerCase(members: readonly JsonMember[]): readonly JsonMember[] {
  const lower = ({ key }: JsonMember) => key.toLowerCase();
  return members.toSorted((one, other) => (lower(one) < lower(other) ? -1 : lower(one) > lower(other) ? 1 : 0));
}

const numberStyles: readonly (readonly [NumberStyle, string, number, string])[] = [
  ['one-decimal', 'numbers-one-decimal', 1.1, 'whole numbers are written with .0'],
  ['two-decimals', 'numbers-two-decimals', 1.3, 'numbers are written with two decimals'],
  ['short', 'numbers-short', 1.1, 'numbers are written without zeros at the end'],
  ['javascript', 'numbers-javascript', 1.1, 'numbers are written as JavaScript does'],
];
const renumbered = 'something read the numbers and wrote them in another format';

function numberSteps(node: JsonNode): readonly BodyStep[] {
  const keys = keysOfNumbers(node);
  if (keys.size === 0) return [];
  const ofAll = numberStyles.map(([numbers, id, cost, change]) =>
    styleStep(bodyCause(id, cost, change, renumbered, remedy), 'numbers', { numbers }),
  );
  if (keys.size === 1) return ofAll;
  const ofOne = [...keys].slice(0, keyLimit).flatMap((numbersOf) =>
    numberStyles
      .filter(([numbers]) => numbers !== 'javascript')
      .map(([numbers, id, cost, change]) =>
        styleStep(bodyCause(id, cost + 0.3, `${change} under the key ${shownKey(numbersOf)}`, renumbered, remedy), 'numbers', {
          numbers,
          numbersOf,
        }),
      ),
  );
  return [...ofAll, ...ofOne];
}

/** Keys come from the customer; long or unusual ones are not quoted. */
function shownKey(key: string): string {
  return /^"[\x20-\x7e]{1,40}"$/.test(key) ? key : 'that is one of those with numbers';
}

/** Keys, with their quotes, whose value is a number. */
function keysOfNumbers(node: JsonNode): ReadonlySet<string> {
  const keys = new Set<string>();
  const visit = (each: JsonNode, key: string): void => {
    if (keys.size > keyLimit) return;
    if (each.kind === 'number') keys.add(key);
    else if (each.kind === 'array') for (const item of each.items) visit(item, key);
    else if (each.kind === 'object') for (const member of each.members) visit(member.value, member.key);
  };
  visit(node, '""');
  return keys;
}
