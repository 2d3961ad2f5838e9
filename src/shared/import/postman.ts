import { createVariableFiller } from './fill-variables.ts';
import type { HeaderField } from '../contract/common.ts';
import { readHeaderJson } from '../header-text.ts';
import { withinHeaderLimit } from './header-limit.ts';
import { choiceLimit } from './limits.ts';
import { missingBody } from './body-gap.ts';
import { noRequest, type BodyGap, type JsonRecord, type PastedProblem, type PastedRequest } from './pasted.ts';
import { formEncoded } from './printed/rebuilt-body.ts';
import { isRecord } from './request-record.ts';
import { binaryText, utf8Bytes } from '../text/text-codec.ts';

/** The requests of a Postman collection, those in folders too, with how many there are; null when the value is no collection. */
export function postmanItems(value: unknown): { readonly requests: readonly PastedRequest[]; readonly count: number } | null {
  if (!isRecord(value) || !Array.isArray(value['item'])) return null;
  const items: JsonRecord[] = [];
  collect(value['item'], items, 0);
  if (items.length === 0) return null;
  const variables = variablesOf(value['variable']);
  return { requests: items.slice(0, choiceLimit).map((item) => readPostmanItem(item, variables)), count: items.length };
}

/** One item of a collection, or null. */
export function readPostman(value: unknown): PastedRequest | null {
  return isItem(value) ? readPostmanItem(value, new Map()) : null;
}

/** Deepest folder that is looked into. */
const folderLimit = 20;

function collect(list: readonly unknown[], items: JsonRecord[], depth: number): void {
  for (const item of list) {
    if (!isRecord(item)) continue;
    if (isItem(item)) items.push(item);
    else if (Array.isArray(item['item']) && depth < folderLimit) collect(item['item'], items, depth + 1);
  }
}

function isItem(value: unknown): value is JsonRecord {
  const request = isRecord(value) ? value['request'] : undefined;
  return (
    isRecord(request) && (Array.isArray(request['header']) || (isRecord(request['body']) && typeof request['body']['mode'] === 'string'))
  );
}

function variablesOf(list: unknown): ReadonlyMap<string, string> {
  const pairs = (Array.isArray(list) ? list : []).filter(isRecord).map((one) => [one['key'], one['value']] as const);
  return new Map(pairs.filter((pair): pair is readonly [string, string] => pair.every((text) => typeof text === 'string')));
}

function readPostmanItem(item: JsonRecord, variables: ReadonlyMap<string, string>): PastedRequest {
  const request = isRecord(item['request']) ? item['request'] : {};
  const { fill, used, missing } = createVariableFiller(variables);
  const { fields, off } = headersOf(request['header']);
  const { headers, problems } = readHeaderJson(fields);
  const url = isRecord(request['url']) ? request['url']['raw'] : request['url'];
  const body = bodyOf(request['body'], fill);
  const isFilled = body.text === null || [...missing].every((name) => !body.text?.includes(`{{${name}`));
  const bodyGap = body.bodyGap ?? (isFilled ? undefined : missingBody('holds variables whose values are not in the text'));
  return {
    ...noRequest,
    method: typeof request['method'] === 'string' ? request['method'] : 'GET',
    url: typeof url === 'string' ? fill(url) : null,
    body: body.text === null ? null : utf8Bytes(body.text),
    ...withinHeaderLimit(
      headers.map(([name, value]): HeaderField => [name, fill(value)]),
      [...problems.map(({ message }) => ({ message })), ...body.problems],
    ),
    notes: [
      ...(off.length === 0 ? [] : [`Headers that are disabled in Postman were left out: ${off.join(', ')}.`]),
      ...(used.size === 0 ? [] : [`Variables of the collection were filled in: ${[...used].slice(0, 5).join(', ')}.`]),
      ...(missing.size === 0
        ? []
        : [
            `{{${[...missing].slice(0, 5).join('}}, {{')}}} is filled in by Postman; the paste does not contain its value, so it was left as it is.`,
          ]),
      ...body.notes,
    ],
    ...(bodyGap === undefined ? {} : { bodyGap }),
  };
}

function headersOf(list: unknown): { readonly fields: readonly unknown[]; readonly off: readonly string[] } {
  const all = Array.isArray(list) ? list.filter(isRecord) : [];
  const isOff = (one: JsonRecord) => one['disabled'] === true;
  return {
    fields: all.filter((one) => !isOff(one)),
    off: all.filter(isOff).map((one) => (typeof one['key'] === 'string' ? one['key'] : '?')),
  };
}

interface PostmanBody {
  readonly text: string | null;
  readonly problems: readonly PastedProblem[];
  readonly notes: readonly string[];
  readonly bodyGap?: BodyGap;
}

function bodyOf(body: unknown, fill: (text: string) => string): PostmanBody {
  const none = (message?: string): PostmanBody =>
    message === undefined
      ? { text: null, problems: [], notes: [] }
      : { text: null, problems: [{ message }], notes: [], bodyGap: missingBody('is not in the collection') };
  if (!isRecord(body) || body['disabled'] === true) return none();
  switch (body['mode']) {
    case 'raw':
      return typeof body['raw'] === 'string' ? { text: fill(body['raw']), problems: [], notes: [] } : none();
    case 'urlencoded':
      return formOf(body['urlencoded'], fill);
    case 'graphql':
      return none('The body is a GraphQL query, and the collection does not say how Postman writes it; paste the request as it was sent.');
    case 'formdata':
      return none('The body has several parts, and the collection does not contain their boundary; paste the request as it was sent.');
    case 'file':
      return none('The body is a file, which the collection does not contain; add its bytes as the body.');
    default:
      return none();
  }
}

function formOf(list: unknown, fill: (text: string) => string): PostmanBody {
  const pairs = (Array.isArray(list) ? list : []).filter(isRecord).filter((one) => one['disabled'] !== true);
  const encoded = (value: unknown) => formEncoded(binaryText(utf8Bytes(fill(typeof value === 'string' ? value : ''))));
  return {
    text: pairs.map((one) => `${encoded(one['key'])}=${encoded(one['value'])}`).join('&'),
    problems: [],
    notes: ['The collection holds the fields of the form and not its text; it was put together from them, with + for spaces.'],
  };
}
