import type { HeaderField } from '../contract/common.ts';
import type { PasteFormat } from './format.ts';
import { withinHeaderLimit } from './header-limit.ts';
import { firstVisible, type PasteSource } from './paste-source.ts';
import { noRequest, type Pasted } from './pasted.ts';
import { readableText } from '../text/text-codec.ts';

const requestPart = /"([A-Z]{1,20}) (\S{1,8000}) HTTP\/\d(?:\.\d)?"/;
const field = /"([A-Za-z][\w-]{0,100})[=:] ?([^"\n]{0,8000})"|(?:^|[ \t])([A-Za-z][\w-]{0,100})=("[^"\n]{0,8000}"|[^\s"]{1,8000})/g;

/** One line of the access log of nginx, Apache and the like, with headers in it as its format was set up to write them. */
export const accessLogFormat: PasteFormat = {
  recognises: (source) => requestPart.test(firstLine(source)),
  read: readAccessLog,
};

function firstLine(source: PasteSource): string {
  const start = firstVisible(source);
  return /^[^\r\n]*/.exec(source.binary.slice(start, start + 65_536))?.[0] ?? '';
}

/** Abbreviations in names that people choose. */
const shortened: Readonly<Record<string, string>> = { ts: 'timestamp', sig: 'signature', ct: 'content-type', ua: 'user-agent' };
const known = /signature|hmac|timestamp|webhook|hub|content-type|user-agent|-id$|^x-/i;

function readAccessLog(source: PasteSource): Pasted | null {
  const line = firstLine(source);
  const request = requestPart.exec(line);
  if (request === null) return null;
  const renamed: string[] = [];
  const headers: HeaderField[] = [];
  for (const found of line.matchAll(field)) {
    const given = found[1] ?? found[3] ?? '';
    const value = (found[2] ?? found[4] ?? '').replace(/^"|"$/g, '');
    const name = headerName(given);
    if (!known.test(name) || value === '-' || value === '') continue;
    if (name !== given) renamed.push(`${given} as ${name}`);
    headers.push([name, readableText(value)]);
  }
  const rest = source.binary.slice(firstVisible(source) + line.length);
  if (headers.length === 0 || rest.trim() !== '') return null;
  return {
    ...noRequest,
    kind: 'log',
    confidence: 'likely',
    method: request[1] ?? null,
    url: request[2] ?? null,
    ...withinHeaderLimit(headers, []),
    notes: [
      ...source.notes,
      'Read as a line of an access log, which holds only those headers that its format names, and no body.',
      ...(renamed.length === 0 ? [] : [`Names were taken for those of headers: ${renamed.join(', ')}.`]),
    ],
  };
}

/** `http_x_hub_signature` and `webhook_sig` as headers are named. */
function headerName(given: string): string {
  const words = given
    .replace(/^(?:sent_)?http_/i, '')
    .replaceAll('_', '-')
    .split('-');
  const last = words.at(-1)?.toLowerCase() ?? '';
  return [...words.slice(0, -1), words.length > 1 ? (shortened[last] ?? words.at(-1)) : words.at(-1)].join('-');
}
