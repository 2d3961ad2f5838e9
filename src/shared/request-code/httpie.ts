import type { HeaderField } from '../contract/common.ts';
import { shellBody, shellWord, type CurlRequest } from '../curl-command.ts';
import { headerPieces, urlPieces } from '../masked-pieces.ts';
import { bytesOfBinary, utf8TextOrNull } from '../text/text-codec.ts';
import { shellQuote } from '../text/escapes.ts';
import { headerBinary } from './literals.ts';
import { hasHeader, headerValue } from '../text/headers.ts';
import { headersWithout, urlParts, type RequestCode } from './parts.ts';

/** What HTTPie sends unless it is told not to. */
const defaultHeaders = ['User-Agent', 'Accept', 'Accept-Encoding', 'Connection', 'Content-Type'];

/** A command for HTTPie 3 in a POSIX shell: headers in order, and none of its own; the body byte for byte. */
export function httpieCommand({ method, url, headers, body, masked }: CurlRequest): RequestCode {
  const host = headerValue(headers, 'host');
  const own = ['content-length', ...(host === urlParts(url).host ? ['host'] : [])];
  const given = headersWithout(headers, own);
  const items = given.map((field) => ({ name: field[0], word: headerWord(field, masked) }));
  const unwritable = items.flatMap(({ name, word }) => (word === null ? [name] : []));
  const unwanted = defaultHeaders.filter((name) => !hasHeader(given, name));
  const { argument, pipe } = body.byteLength === 0 ? { argument: null, pipe: null } : shellBody(body);
  const options = ['--path-as-is', ...(pipe === null ? ['--ignore-stdin'] : []), ...(argument === null ? [] : [`--raw=${argument}`])];
  // Behind two dashes, the name of a header that begins with a dash is no option.
  const end = items.some(({ name, word }) => word !== null && name.startsWith('-')) ? ' --' : '';
  const lines = [
    `${pipe ?? ''}http ${options.join(' ')} ${method} ${urlPieces(url).map(shellWord).join('')}${end}`,
    ...items.flatMap(({ word }) => (word === null ? [] : [word])),
    ...unwanted.map((name) => `${name}:`),
  ];
  return {
    text: lines.join(' \\\n  '),
    notes: unwritable.length === 0 ? [] : [`HTTPie cannot write the value of ${unwritable.join(', ')}, which is left out.`],
  };
}

/** A header as one word; null for a value that HTTPie has no way to write. */
function headerWord(field: HeaderField, masked: CurlRequest['masked']): string | null {
  const [name] = field;
  const pieces = headerPieces(field, masked);
  if (pieces.some(({ kind }) => kind === 'secret')) return `${shellQuote(`${name}:`)}${pieces.map(shellWord).join('')}`;
  // HTTPie writes values as UTF-8, so other bytes cannot be said; and a backslash before one of its own signs is an escape.
  const value = utf8TextOrNull(bytesOfBinary(headerBinary(field[1])));
  if (value === null || /\\[:;=@]/.test(value)) return null;
  if (value === '') return shellQuote(`${name};`);
  return shellQuote(`${name}:${value.replace(/^[=@]/, '\\$&')}`);
}
