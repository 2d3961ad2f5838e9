import { Buffer } from 'node:buffer';
import { bodyCause, type BodyStep } from './body-steps.ts';
import { stringOf } from './json-escapes.ts';
import type { JsonNode } from './json-tree.ts';

/** How a language prints a value that was parsed from JSON. */
interface Dump {
  readonly id: string;
  readonly cost: number;
  /** Such as `str() of a Python dict`. */
  readonly name: string;
  readonly write: (node: JsonNode) => string;
}

interface Signs {
  readonly literals: Readonly<Record<string, string>>;
  readonly text: (text: string) => string;
  readonly list: readonly [string, string];
  readonly object: readonly [string, string];
  readonly comma: string;
  readonly member: (key: string, value: string) => string;
  readonly isSorted?: true;
}

const pythonLiterals = { true: 'True', false: 'False', null: 'None' } as const;
const rubyLiterals = { null: 'nil' } as const;
const inspected = (text: string) => JSON.stringify(text).replaceAll(/#(?=[{$@])/g, '\\#');

const dumps: readonly Dump[] = [
  dump('python', 1.2, 'str() of a Python dict', {
    literals: pythonLiterals,
    text: pythonText,
    list: ['[', ']'],
    object: ['{', '}'],
    comma: ', ',
    member: (key, value) => `${pythonText(key)}: ${value}`,
  }),
  dump('ruby', 1.3, 'to_s of a Ruby hash', {
    literals: rubyLiterals,
    text: inspected,
    list: ['[', ']'],
    object: ['{', '}'],
    comma: ', ',
    member: (key, value) => `${inspected(key)}=>${value}`,
  }),
  dump('ruby-spaced', 1.3, 'to_s of a Ruby hash (3.4 and later)', {
    literals: rubyLiterals,
    text: inspected,
    list: ['[', ']'],
    object: ['{', '}'],
    comma: ', ',
    member: (key, value) => `${inspected(key)} => ${value}`,
  }),
  dump('ruby-symbols', 1.4, 'to_s of a Ruby hash with symbols', {
    literals: rubyLiterals,
    text: inspected,
    list: ['[', ']'],
    object: ['{', '}'],
    comma: ', ',
    member: (key, value) => `:${key}=>${value}`,
  }),
  dump('java', 1.3, 'toString() of a Java map', {
    literals: {},
    text: (text) => text,
    list: ['[', ']'],
    object: ['{', '}'],
    comma: ', ',
    member: (key, value) => `${key}=${value}`,
  }),
  dump('go', 1.4, 'a Go map as fmt prints it', {
    literals: { null: '<nil>' },
    text: (text) => text,
    list: ['[', ']'],
    object: ['map[', ']'],
    comma: ' ',
    member: (key, value) => `${key}:${value}`,
    isSorted: true,
  }),
  dump('node', 1.4, 'an object as Node prints it', {
    literals: {},
    text: nodeText,
    list: ['[ ', ' ]'],
    object: ['{ ', ' }'],
    comma: ', ',
    member: (key, value) => `${/^[A-Za-z_$][\w$]*$/.test(key) ? key : nodeText(key)}: ${value}`,
  }),
  dump('javascript-text', 1.5, 'the values joined by commas, as JavaScript prints an array', {
    literals: { null: '' },
    text: (text) => text,
    list: ['', ''],
    object: ['', ''],
    comma: ',',
    member: (_, value) => value,
  }),
];

/** The body as a language prints it, for what was hashed in place of the bytes. */
export const dumpSteps: readonly BodyStep[] = dumps.map(({ id, cost, name, write }) => ({
  cause: bodyCause(
    `dump-${id}`,
    cost,
    `what is signed is ${name}`,
    'a parsed body was turned into text and hashed',
    'Hash the raw body, and not what the language prints of it.',
  ),
  stage: 6,
  family: 'dump',
  isAlone: true,
  apply: (doc) => {
    const node = doc.json();
    return node === null || (node.kind !== 'object' && node.kind !== 'array') ? null : Buffer.from(write(node), 'utf8');
  },
}));

function dump(id: string, cost: number, name: string, signs: Signs): Dump {
  return { id, cost, name, write: (node) => written(node, signs) };
}

function written(node: JsonNode, signs: Signs): string {
  switch (node.kind) {
    case 'literal':
      return signs.literals[node.raw] ?? node.raw;
    case 'number':
      return node.raw;
    case 'string':
      return signs.text(stringOf(node.raw) ?? '');
    case 'array':
      return around(
        signs.list,
        node.items.map((item) => written(item, signs)),
        signs.comma,
      );
    case 'object': {
      const members = node.members.map(({ key, value }) => [stringOf(key) ?? '', written(value, signs)] as const);
      const ordered = signs.isSorted === true ? members.toSorted(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0)) : members;
      return around(
        signs.object,
        ordered.map(([key, value]) => signs.member(key, value)),
        signs.comma,
      );
    }
  }
}

function around([open, close]: readonly [string, string], items: readonly string[], comma: string): string {
  return items.length === 0 ? `${open.trimEnd()}${close.trimStart()}` : `${open}${items.join(comma)}${close}`;
}

/** Single quotes, unless there are some inside and no double ones. */
function pythonText(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t');
  return text.includes("'") && !text.includes('"') ? `"${escaped}"` : `'${escaped.replaceAll("'", "\\'")}'`;
}

function nodeText(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t');
  if (!text.includes("'")) return `'${escaped}'`;
  if (!text.includes('"')) return `"${escaped}"`;
  return text.includes('`') ? `'${escaped.replaceAll("'", "\\'")}'` : `\`${escaped}\``;
}
