import type { HeaderField } from '../contract/common.ts';
import { fromChoices } from './choices.ts';
import type { PasteFormat } from './format.ts';
import { withinHeaderLimit } from './header-limit.ts';
import { choiceLimit, commandLimitBytes } from './limits.ts';
import { firstVisible, type PasteSource } from './paste-source.ts';
import { missingBody } from './body-gap.ts';
import { noRequest, refusedPaste, type Pasted, type PastedProblem, type PastedRequest } from './pasted.ts';
import { readPrintedValue } from './printed/parse-value.ts';
import { cutsIn, scalarText, type PrintedEntry, type PrintedValue } from './printed/value.ts';
import { writeJson } from './printed/write-json.ts';
import { bytesOfBinary, readableText } from '../text/text-codec.ts';

const call = /(?:^|[\s;=(])(?:await[ \t]+)?(?:window\.)?fetch\(\s*(?=["'`])/g;

/** Calls of `fetch` in JavaScript, as browsers copy them. */
export const fetchFormat: PasteFormat = {
  recognises: (source) => {
    const start = source.binary.slice(firstVisible(source), firstVisible(source) + 2000);
    return /^(?:\/\/[^\n]*\n\s*|const[ \t]|let[ \t]|var[ \t]|return[ \t]|await[ \t]|window\.|async[ \t])*(?:[\s\S]{0,200}?=[ \t]*(?:await[ \t]+)?)?(?:await[ \t]+)?fetch\(/.test(
      start,
    );
  },
  read: (source) => {
    const read = readFetch(source);
    return read.problems.length > 0 && read.headers.length === 0 && read.url === null ? null : read;
  },
};

/** Reads calls of `fetch`. */
export function readFetch(source: PasteSource): Pasted {
  const { binary } = source;
  if (binary.length > commandLimitBytes)
    return refusedPaste('fetch', `The code is larger than ${commandLimitBytes} bytes; save the body as a file instead.`);
  call.lastIndex = 0;
  const requests: PastedRequest[] = [];
  for (let found = call.exec(binary); found !== null && requests.length < choiceLimit; found = call.exec(binary)) {
    const url = readPrintedValue(binary, call.lastIndex);
    if (url === null || url.value.kind !== 'string') continue;
    const comma = /\s*,\s*/y;
    comma.lastIndex = url.end;
    const options = comma.exec(binary) === null ? null : readPrintedValue(binary, comma.lastIndex);
    if (options !== null) call.lastIndex = options.end;
    requests.push(requestOf(readableText(url.value.binary), options?.value ?? null, comma.lastIndex > 0 && options === null));
  }
  if (requests.length === 0) return refusedPaste('fetch', 'The code contains no call of fetch with a URL.');
  const read = fromChoices('fetch', 'certain', requests, requests.length);
  return { ...read, notes: [...source.notes, ...read.notes] };
}

function requestOf(url: string, options: PrintedValue | null, isUnread: boolean): PastedRequest {
  const entries: readonly PrintedEntry[] = options?.kind === 'object' ? options.entries : [];
  const option = (name: string) => entries.find(([key]) => key === name)?.[1] ?? null;
  const given = option('headers');
  const pairs = given?.kind === 'object' ? given.entries : pairsOf(given);
  const headers = pairs.flatMap(([name, value]): HeaderField[] => {
    const text = scalarText(value);
    return text === null ? [] : [[readableText(name), readableText(text)]];
  });
  const body = option('body');
  const method = option('method');
  const problems: PastedProblem[] = isUnread
    ? [{ message: 'The options of fetch could not be read: paste them with values instead of names of variables.' }]
    : [];
  if (body !== null && cutsIn(body).length > 0)
    problems.push({ message: 'The body is made by code, and the paste does not contain the result; add its bytes as the body.' });
  const isText = body?.kind === 'string' && body.hasCode !== true;
  const isValue = body !== null && (body.kind === 'object' || body.kind === 'list') && cutsIn(body).length === 0;
  return {
    ...noRequest,
    method: isUnread ? null : method?.kind === 'string' ? readableText(method.binary) : body === null ? 'GET' : 'POST',
    url,
    body: isText ? bytesOfBinary(body.binary) : isValue ? bytesOfBinary(writeJson(body)) : null,
    ...withinHeaderLimit(headers, problems),
    notes: isValue ? ['The body was written as JSON.stringify does.'] : [],
    ...(isUnread || (body !== null && !isText && !isValue && !isNothing(body))
      ? { bodyGap: missingBody('is made by code, and the text does not hold the result') }
      : {}),
    ...(isUnread || (given !== null && !isNothing(given) && (pairs.length === 0 || cutsIn(given).length > 0))
      ? { lacksHeaders: true }
      : {}),
  };
}

function isNothing(value: PrintedValue): boolean {
  return value.kind === 'literal' && (value.text === 'null' || value.text === 'undefined');
}

function pairsOf(value: PrintedValue | null): readonly PrintedEntry[] {
  if (value?.kind !== 'list') return [];
  return value.items.flatMap((item): PrintedEntry[] => {
    const [name, one] = item.kind === 'list' ? item.items : [];
    return name?.kind === 'string' && one !== undefined ? [[name.binary, one]] : [];
  });
}
