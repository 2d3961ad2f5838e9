import { firstHeaderValues, isSameHeader, withoutBlanks } from '#shared/text/headers.ts';
import { escape } from 'node:querystring';
import type { HeaderField } from '#shared/contract/common.ts';
import { contentful as provider } from '#shared/providers/contentful.ts';
import { invalid } from '../base/refusal.ts';
import { encodeBytes } from './encoding.ts';
import { createMacProofScheme, headerBytes, readMac, utf8, type MacForm } from './verification/mac-proof.ts';
import { toleranceOf } from './options.ts';
import type { ProofLibrary } from './verification/proof.ts';
import { type Reading, emptyReading, findHeaders, headerText, lacking, malformed } from './verification/reading.ts';
import { codeInfo } from './scheme-info.ts';
import type { Scheme, SignedString, VerifyInput } from './scheme.ts';
import { joinRuns } from './signed-string.ts';
import { judgeTime } from './verification/time-window.ts';

const form: MacForm = { hash: 'sha256', kind: 'hmac', encoding: 'hex' };
const signatureHeader = 'x-contentful-signature';
const listHeader = 'x-contentful-signed-headers';
const timestampHeader = 'x-contentful-timestamp';
const facts = provider.schemes.contentful;
const { toleranceSeconds } = facts;

const library: ProofLibrary = {
  ...facts.library,
  laxer: { as: withPresentHeaders, why: 'it leaves out the headers that the list names and the request lacks' },
};

/** Contentful: HMAC-SHA256 over method, path, chosen headers and body, on lines of their own. */
export const contentful: Scheme = createMacProofScheme({
  scheme: 'contentful',
  info: codeInfo('contentful'),
  form,
  library,
  words: { signed: ['the method', 'the path', 'a header that is signed', 'the body'], timestamp: timestampHeader },
  keyOf: (secret) =>
    secret.length === 64
      ? { key: utf8(secret) }
      : { problem: `A signing secret of Contentful has exactly 64 characters, and this one has ${secret.length}. Copy it again, whole.` },
  makeSecret: (random) => encodeBytes(random, 'hex'),
  read,
  sign: (input, mac) => {
    if (input.method === '' || input.url === '')
      throw invalid('request', 'Give the method and the URL of the request, because the scheme signs them.');
    const headers: HeaderField[] = [
      [listHeader, `${listHeader},${timestampHeader}`],
      [timestampHeader, String(Math.floor(input.nowMs))],
    ];
    const signed = signedOf(input.method, input.url, headers, input.body);
    return { headers: [...headers, [signatureHeader, mac(signed)]], signed };
  },
});

function read(input: VerifyInput): Reading {
  const text = headerText(input.headers, signatureHeader);
  const list = headerText(input.headers, listHeader);
  const timestamp = headerText(input.headers, timestampHeader);
  const mac = text === null ? null : readMac(form, text);
  // Each once, as the toolkit reads them: a long value listed ten thousand times would not fit in memory.
  const names = [...new Set((list ?? '').split(',').map((name) => name.trim().toLowerCase()))];
  const textOf = headerReader(input.headers);
  const values = names.map((name): HeaderField | null => {
    const value = textOf(name);
    return value === null ? null : [name, value];
  });
  const present = values.filter((field) => field !== null);
  const absent = list === null ? [] : names.filter((name, index) => name !== '' && values[index] === null);
  const uncovered = [listHeader, timestampHeader].filter((name) => list !== null && !names.includes(name));
  const isReady = text !== null && mac !== null && 'bytes' in mac && timestamp !== null && list !== null;
  const signed = isReady && input.method && input.url ? signedOf(input.method, input.url, present, input.body) : null;
  return {
    ...emptyReading(findHeaders(input.headers, [listHeader, timestampHeader, signatureHeader])),
    timestampText: timestamp,
    unknown: [...lacking(input, ['method', 'url']), ...absent.map((name) => `header ${name}`)],
    timestamp:
      timestamp === null
        ? null
        : judgeTime(
            { name: timestampHeader, text: timestamp, unit: 'ms' },
            windowOf(toleranceOf(input.options, toleranceSeconds)),
            input.nowMs,
          ),
    candidates: signed !== null && text !== null && mac !== null && 'bytes' in mac ? [{ text, signature: mac.bytes, signed }] : [],
    trouble: text !== null && mac !== null && 'problem' in mac ? malformed(signatureHeader, text, mac.problem) : null,
    obstacles: uncovered.map((name) => ({
      reason: 'coverage_missing' as const,
      message: `${listHeader} does not name ${name}, so ${name} is not signed.`,
    })),
    next: [
      'Refuse an X-Contentful-Idempotency-Key that was handled before.',
      'Check the host yourself: the signature covers the path and not the host.',
    ],
  };
}

/** The request as the toolkit reads it: it rebuilds the list from the headers that are present. */
function withPresentHeaders(input: VerifyInput): VerifyInput {
  const list = headerText(input.headers, listHeader)?.split(',') ?? [];
  const textOf = headerReader(input.headers);
  const present = list.filter((name) => textOf(name.toLowerCase()) !== null).toSorted();
  return {
    ...input,
    headers: input.headers.map(([name, value]): HeaderField => [name, isSameHeader(name, listHeader) ? present.join(',') : value]),
  };
}

/** Reads one header after another by its name in lower case, with one pass over them all. */
function headerReader(headers: readonly HeaderField[]): (name: string) => string | null {
  const first = firstHeaderValues(headers);
  return (name) => withoutBlanks(first.get(name) ?? '') || null;
}

function windowOf(seconds: number | null) {
  return { pastSeconds: seconds, futureSeconds: seconds, isPastExclusive: true };
}

function signedOf(method: string, url: string, headers: readonly HeaderField[], body: Uint8Array): SignedString {
  const lines = headers.toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([name, value]) => `${name}:${value}`);
  const newline = { name: 'separator', bytes: utf8('\n') };
  return joinRuns([
    { name: 'method', bytes: utf8(method) },
    newline,
    { name: 'path', bytes: utf8(pathOf(url)) },
    newline,
    { name: 'headers', bytes: headerBytes(lines.join(';')) },
    newline,
    { name: 'body', bytes: body },
  ]);
}

/** The path as Contentful's toolkit signs it: the query escaped, and the whole escaped again; a second `?` ends it. */
function pathOf(url: string): string {
  const target = url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '').replace(/#.*$/, '');
  const [path = '', query = ''] = target.split('?');
  const rooted = path.startsWith('/') ? path : `/${path}`;
  try {
    return encodeURI(query === '' ? rooted : `${rooted}?${escape(query)}`);
  } catch {
    // Half of a surrogate pair cannot be escaped, and no sender can have signed it.
    return rooted;
  }
}
