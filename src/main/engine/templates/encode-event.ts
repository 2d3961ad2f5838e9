import { isJsonDeeper } from '#shared/json-depth.ts';
import { readExact, type ExactJson } from '#shared/json/exact.ts';
import { task } from '../background/background.ts';
import { ownBytes } from '../base/own-bytes.ts';
import { Refusal } from '../base/refusal.ts';

/** The envelope of an event that is to be written in another form than JSON. */
export interface EncodeOrder {
  readonly kind: 'form' | 'xml';
  readonly type: string;
  /** ISO 8601 in UTC. */
  readonly timestamp: string;
  readonly dataJson: string;
}

/** Levels of data that are written: code walks them by recursion. */
const deepest = 100;

/** The envelope `{type, timestamp, data}` as a form or as XML, with the digits of numbers as they are. Throws a Refusal TEMPLATE_INVALID. */
export function encodeEvent({ kind, type, timestamp, dataJson }: EncodeOrder): Uint8Array {
  if (isJsonDeeper(Buffer.from(dataJson, 'utf8'), deepest))
    throw unwritten(kind, `the data is nested more than ${deepest} levels deep. Make it flatter, or write a template`);
  const data = readExact(dataJson);
  const fields = [
    ['type', type],
    ['timestamp', timestamp],
  ] as const;
  const text =
    kind === 'form'
      ? [...fields.map(([name, value]) => pair(name, value)), ...formPairs('data', data)].join('&')
      : `<?xml version="1.0" encoding="UTF-8"?>\n<event>${fields.map(([name, value]) => element(name, xmlText(value))).join('')}${xmlElement('data', data)}</event>\n`;
  return Buffer.from(text, 'utf8');
}

/** `data[customer][id]=7`, as most frameworks read it; an empty list or object is an empty value. */
function formPairs(name: string, value: ExactJson): readonly string[] {
  if (typeof value === 'string') return [pair(name, scalarText(value))];
  const inner =
    value.kind === 'list'
      ? value.items.map((item, index) => [String(index), item] as const)
      : value.entries.map(([source, item]) => [JSON.parse(source) as string, item] as const);
  return inner.length === 0 ? [pair(name, '')] : inner.flatMap(([key, item]) => formPairs(`${name}[${key}]`, item));
}

function pair(name: string, value: string): string {
  return new URLSearchParams([[name, value]]).toString();
}

/** An element for each name, `<item>` for each item of a list; a name that no element can have is an attribute. */
function xmlElement(name: string, value: ExactJson): string {
  const content =
    typeof value === 'string'
      ? xmlText(scalarText(value))
      : value.kind === 'list'
        ? value.items.map((item) => xmlElement('item', item)).join('')
        : value.entries.map(([source, item]) => xmlElement(JSON.parse(source) as string, item)).join('');
  return element(name, content);
}

function element(name: string, content: string): string {
  const isName = /^(?!xml)[A-Za-z_][\w.-]*$/i.test(name);
  const [open, close] = isName ? [name, name] : [`entry name="${xmlText(name)}"`, 'entry'];
  return content === '' ? `<${open}/>` : `<${open}>${content}</${close}>`;
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\r': '&#13;' };

/** What XML 1.0 cannot have: control characters, and halves of characters. */
const notOfXml = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u;

function xmlText(text: string): string {
  const bad = notOfXml.exec(text)?.[0];
  if (bad !== undefined)
    throw unwritten(
      'xml',
      `XML cannot have the character U+${bad.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}. Take it out of the data, or write a template`,
    );
  return text.replace(/[&<>"\r]/g, (character) => escapes[character] ?? character);
}

/** The text of a string, number or word of JSON; nothing for null. */
function scalarText(source: string): string {
  if (source === 'null') return '';
  return source.startsWith('"') ? (JSON.parse(source) as string) : source;
}

function unwritten(kind: EncodeOrder['kind'], why: string): Refusal<'TEMPLATE_INVALID'> {
  const message = `The event cannot be written as ${kind === 'form' ? 'a form' : 'XML'}: ${why}.`;
  return new Refusal('TEMPLATE_INVALID', message, {
    source: 'template',
    line: 1,
    column: 1,
    rendered: null,
    issues: [{ path: 'template', message }],
  });
}

export const encodeTask = task('encodeEvent', (order: EncodeOrder): Uint8Array => ownBytes(encodeEvent(order)));
