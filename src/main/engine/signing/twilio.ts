import { createHash, timingSafeEqual } from 'node:crypto';
import { parse, stringify } from 'node:querystring';
import { twilio } from '#shared/providers/twilio.ts';
import { invalid } from '../base/refusal.ts';
import { formRuns, signUrlAndForm } from './form-runs.ts';
import { createMacProofScheme, readMac, utf8, type MacForm } from './verification/mac-proof.ts';
import { type Candidate, type Reading, emptyReading, findHeaders, headerText, lacking, malformed } from './verification/reading.ts';
import { codeInfo } from './scheme-info.ts';
import type { Scheme, SignedString, VerifyInput } from './scheme.ts';
import { joinRuns, type Run } from './signed-string.ts';

const header = 'X-Twilio-Signature';
const form: MacForm = { hash: 'sha1', kind: 'hmac', encoding: 'base64' };

/** Twilio's form posts: HMAC-SHA1 over the URL and every field of the form, sorted by name. */
export const twilioForm: Scheme = createMacProofScheme({
  scheme: 'twilio-form',
  info: codeInfo('twilio-form'),
  form,
  words: { signed: ['the URL', 'a field of the form'], timestamp: null },
  read: (input) => read(input, formRuns(input.body), []),
  sign: signUrlAndForm(header),
});

/** Twilio's JSON posts: HMAC-SHA1 over the URL, which carries the SHA-256 of the body. */
export const twilioJson: Scheme = createMacProofScheme({
  scheme: 'twilio-json',
  info: codeInfo('twilio-json'),
  form,
  library: twilio.schemes['twilio-json'].library,
  words: { signed: ['the URL'], timestamp: null },
  read: (input) => read(input, [], bodyObstacles(input)),
  sign: (input, mac) => {
    if (input.url === '') throw invalid('request', 'Give the URL of the request, because the scheme signs it.');
    const url = withBodyHash(input.url, hexSha256(input.body));
    const signed = joinRuns([{ name: 'url', bytes: utf8(url) }]);
    return { headers: [[header, mac(signed)]], signed, url };
  },
});

function read(input: VerifyInput, rest: readonly Run[], obstacles: Reading['obstacles']): Reading {
  const text = headerText(input.headers, header);
  const mac = text === null ? null : readMac(form, text);
  const headers = findHeaders(input.headers, [header]);
  const candidates: Candidate[] = [];
  if (text !== null && mac !== null && 'bytes' in mac && input.url) {
    for (const { url, what } of urlForms(input.url)) {
      const signed: SignedString = joinRuns([{ name: 'url', bytes: utf8(url) }, ...rest]);
      const note = what === null ? {} : { note: `It was made for the URL ${what} (${url}), which Twilio allows.` };
      candidates.push({ text, signature: mac.bytes, signed, ...note });
    }
  }
  return {
    ...emptyReading(headers),
    unknown: lacking(input, ['url']),
    candidates,
    trouble: text !== null && mac !== null && 'problem' in mac ? malformed(header, text, mac.problem) : null,
    obstacles,
    next: ['Refuse what was handled before: nothing that is signed says when the request was made, so an old one can be replayed.'],
  };
}

/** The URL as given, and the forms of it that Twilio signs or its library accepts, each once. */
function urlForms(url: string): readonly { readonly url: string; readonly what: string | null }[] {
  const parsed = URL.canParse(url) ? new URL(url).toString() : url;
  const all: { url: string; what: string | null }[] = [
    { url, what: null },
    { url: withoutPort(url), what: 'without its port' },
    { url: withPort(url), what: 'with the standard port' },
    { url: withoutPort(parsed), what: 'as URL libraries write it' },
    { url: withPort(parsed), what: 'as URL libraries write it, with the standard port' },
    { url: withQueryWrittenAgain(withoutPort(parsed)), what: 'with its query written again' },
    { url: withQueryWrittenAgain(withPort(parsed)), what: 'with its query written again and the standard port' },
  ];
  return all.filter((one, index) => all.findIndex((other) => other.url === one.url) === index);
}

const urlPattern = /^([a-z][a-z0-9+.-]*:\/\/)([^/?#]*)/i;
const authorityPattern = /^(.*@)?(\[[^\]]*\]|[^:]*)(:.*)?$/;

function withoutPort(url: string): string {
  return changedPort(url, () => '');
}

function withPort(url: string): string {
  return changedPort(url, (scheme, port) => port || (scheme.toLowerCase() === 'https://' ? ':443' : ':80'));
}

/** Changes the port and leaves every other character as it is, unlike `new URL()`. */
function changedPort(url: string, change: (scheme: string, port: string) => string): string {
  return url.replace(urlPattern, (_, scheme: string, authority: string) => {
    const [, user = '', host = '', port = ''] = authorityPattern.exec(authority) ?? [];
    return `${scheme}${user}${host}${change(scheme, port)}`;
  });
}

/** The query as Node's old `querystring` writes it, such as `%27` for `'`. */
function withQueryWrittenAgain(url: string): string {
  const start = url.indexOf('?');
  return start === -1 || start === url.length - 1 ? url : `${url.slice(0, start)}?${stringify(parse(url.slice(start + 1)))}`;
}

const hashParameter = 'bodySHA256';

function bodyObstacles(input: VerifyInput): Reading['obstacles'] {
  const given = input.url !== null && URL.canParse(input.url) ? new URL(input.url).searchParams.get(hashParameter) : null;
  if (given === null) {
    return [{ reason: 'digest_mismatch', message: `The URL carries no ${hashParameter}, so nothing says which body was signed.` }];
  }
  const expected = hexSha256(input.body);
  const isSame = given.length === expected.length && timingSafeEqual(utf8(given.replaceAll(/[^0-9a-f]/g, '?')), utf8(expected));
  return isSame
    ? []
    : [
        {
          reason: 'digest_mismatch',
          message: `${hashParameter} in the URL is not the SHA-256 of the body, so the body is not the one that was signed.`,
        },
      ];
}

/** The URL with the hash of the body as its last parameter, replacing an existing one. */
function withBodyHash(url: string, hash: string): string {
  const [start = '', fragment] = url.split('#', 2);
  const [path = '', query = ''] = [start.split('?', 1)[0], start.includes('?') ? start.slice(start.indexOf('?') + 1) : ''];
  const kept = query.split('&').filter((pair) => pair !== '' && !pair.startsWith(`${hashParameter}=`));
  return `${path}?${[...kept, `${hashParameter}=${hash}`].join('&')}${fragment === undefined ? '' : `#${fragment}`}`;
}

function hexSha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
