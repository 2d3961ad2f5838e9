import type { HeaderField } from '#shared/contract/common.ts';
import { coinbase } from '#shared/providers/coinbase.ts';
import { createMacProofScheme, headerBytes, readMac, utf8, type MacForm } from './verification/mac-proof.ts';
import { toleranceOf } from './options.ts';
import { type Candidate, type Reading, emptyReading, findHeaders, headerText, malformed } from './verification/reading.ts';
import { codeInfo } from './scheme-info.ts';
import type { Scheme, SignedString, VerifyInput } from './scheme.ts';
import { joinRuns, type Run } from './signed-string.ts';
import { aroundNow, judgeTime } from './verification/time-window.ts';

const form: MacForm = { hash: 'sha256', kind: 'hmac', encoding: 'hex' };
const header = 'X-Hook0-Signature';
const { toleranceSeconds } = coinbase.schemes['coinbase-cdp'];
/** The header that signatures made here cover besides time and body. */
const idHeader = 'x-event-id';

/** Coinbase Developer Platform: HMAC-SHA256 over time and body (v0), and over chosen headers as well (v1). */
export const coinbaseCdp: Scheme = createMacProofScheme({
  scheme: 'coinbase-cdp',
  info: codeInfo('coinbase-cdp'),
  form,
  words: { signed: ['the time', 'a header that is signed', 'the body'], timestamp: `t in ${header}` },
  read,
  sign: (input, mac) => {
    const time = String(Math.floor(input.nowMs / 1000));
    const signed = signedOf(time, { names: idHeader, values: [input.id] }, input.body);
    const value = `t=${time},v0=${mac(signedOf(time, null, input.body))},h=${idHeader},v1=${mac(signed)}`;
    const headers: HeaderField[] = [
      [idHeader, input.id],
      [header, value],
    ];
    return { headers, signed };
  },
});

function read(input: VerifyInput): Reading {
  const text = headerText(input.headers, header);
  const fields = new Map((text ?? '').split(',').map((entry) => splitAt(entry.trim(), '=')));
  const time = fields.get('t') ?? '';
  const names = fields.get('h') ?? '';
  const values = names.split(' ').map((name) => headerText(input.headers, name));
  const absent = names === '' ? [] : names.split(' ').filter((_, index) => values[index] === null);
  const isV1 = fields.has('v1');
  const version = isV1 ? 'v1' : 'v0';
  const digits = fields.get(version);
  const mac = digits === undefined ? null : readMac(form, digits);
  const signed = signedOf(time, isV1 ? { names, values: values.filter((value) => value !== null) } : null, input.body);
  const candidates: readonly Candidate[] =
    mac !== null && 'bytes' in mac && time !== '' ? [{ text: `${version}=${digits ?? ''}`, signature: mac.bytes, signed }] : [];
  return {
    ...emptyReading(findHeaders(input.headers, [header])),
    unknown: isV1 ? absent.map((name) => `header ${name}`) : [],
    timestamp:
      text === null
        ? null
        : judgeTime(
            { name: `t in ${header}`, text: time, unit: 's' },
            aroundNow(toleranceOf(input.options, toleranceSeconds)),
            input.nowMs,
          ),
    candidates,
    trouble: text === null ? null : troubleOf(text, digits, mac, isV1 && names === ''),
    next: [
      ...(isV1 ? [] : ['v0 does not cover any header: ask for v1 where it is offered.']),
      'Refuse an event that was handled before: a request can be replayed within the 5 minutes.',
    ],
  };
}

function troubleOf(
  text: string,
  digits: string | undefined,
  mac: ReturnType<typeof readMac> | null,
  isListMissing: boolean,
): Reading['trouble'] {
  if (digits === undefined) return malformed(header, text, 'it has neither v1= nor v0= in it');
  if (isListMissing) return malformed(header, text, 'it has v1= but no h= that names the headers it covers');
  return mac !== null && 'problem' in mac ? malformed(header, digits, mac.problem) : null;
}

function splitAt(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}

function signedOf(
  time: string,
  covered: { readonly names: string; readonly values: readonly string[] } | null,
  body: Uint8Array,
): SignedString {
  const point: Run = { name: 'separator', bytes: utf8('.') };
  const headers: readonly Run[] =
    covered === null
      ? []
      : [
          { name: 'header names', bytes: utf8(covered.names) },
          point,
          { name: 'header values', bytes: headerBytes(covered.values.join('.')) },
          point,
        ];
  return joinRuns([{ name: 'timestamp', bytes: utf8(time) }, point, ...headers, { name: 'body', bytes: body }]);
}
