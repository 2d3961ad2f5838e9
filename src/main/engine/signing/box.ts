import { jsonEscape } from '#shared/text/escapes.ts';
import { Buffer } from 'node:buffer';
import type { HeaderField } from '#shared/contract/common.ts';
import { box as provider } from '#shared/providers/box.ts';
import { anyBase64Clause, strictHeaders } from './verification/library-traits.ts';
import { createMacProofScheme, headerBytes, readMac, type MacForm } from './verification/mac-proof.ts';
import { toleranceOf } from './options.ts';
import type { ProofLibrary } from './verification/proof.ts';
import { type Candidate, type Reading, emptyReading, findHeaders, headerText, malformed } from './verification/reading.ts';
import { codeInfo } from './scheme-info.ts';
import type { Scheme, SignedString, VerifyInput } from './scheme.ts';
import { joinRuns } from './signed-string.ts';
import { judgeTime } from './verification/time-window.ts';

const form: MacForm = { hash: 'sha256', kind: 'hmac', encoding: 'base64' };
const timestampHeader = 'BOX-DELIVERY-TIMESTAMP';
const signatureHeaders = ['BOX-SIGNATURE-PRIMARY', 'BOX-SIGNATURE-SECONDARY'] as const;
const fixedHeaders: readonly HeaderField[] = [
  ['BOX-SIGNATURE-VERSION', '1'],
  ['BOX-SIGNATURE-ALGORITHM', 'HmacSHA256'],
];
const facts = provider.schemes.box;
const { toleranceSeconds } = facts;

const library: ProofLibrary = {
  ...facts.library,
  alsoRefuses: (verdict, { secrets, headers }) => {
    const { matchedSecret: secret, matchedSignature: signature } = verdict;
    if (verdict.verdict !== 'valid' || secret === null || signature === null || secrets.length < 2) return [];
    const text = verdict.receivedSignatures[signature] === headerText(headers, signatureHeaders[0]) ? 0 : 1;
    return text === secret ? [] : ['it tries each key on its own signature, and these match the other way round only'];
  },
  laxer: { as: (input) => ({ ...input, headers: strictHeaders(input.headers, signatureHeaders) }), why: anyBase64Clause },
};

/** Box v2: HMAC-SHA256 over body and timestamp, once with a primary and once with a secondary key. */
export const box: Scheme = createMacProofScheme({
  scheme: 'box',
  info: codeInfo('box'),
  form,
  library,
  words: { signed: ['the body', timestampHeader], timestamp: timestampHeader },
  read,
  sign: (input, mac) => {
    const timestamp = `${new Date(input.nowMs).toISOString().slice(0, 19)}Z`;
    const signed = signedOf(input.body, timestamp);
    const headers: HeaderField[] = [['BOX-DELIVERY-ID', input.id], [timestampHeader, timestamp], ...fixedHeaders];
    const signatures = signatureHeaders
      .slice(0, Math.max(1, input.secrets.length))
      .map((name, index): HeaderField => [name, mac(signed, index)]);
    return { headers: [...headers, ...signatures], signed };
  },
});

function read(input: VerifyInput): Reading {
  const timestamp = headerText(input.headers, timestampHeader);
  const given = signatureHeaders.map((name) => ({ name, text: headerText(input.headers, name) }));
  const isAnySigned = given.some(({ text }) => text !== null);
  const wanted = [
    timestampHeader,
    ...fixedHeaders.map(([name]) => name),
    ...given.filter(({ text }, index) => text !== null || (!isAnySigned && index === 0)).map(({ name }) => name),
  ];
  const results = given.flatMap(({ name, text }) => (text === null ? [] : [{ name, text, ...readMac(form, text) }]));
  const problem = results.find((result) => 'problem' in result);
  const candidates =
    timestamp === null
      ? []
      : results.flatMap((result) => ('bytes' in result ? candidatesOf(result.text, result.bytes, input.body, timestamp) : []));
  const other = fixedHeaders.find(([name, value]) => ![null, value].includes(headerText(input.headers, name)));
  return {
    ...emptyReading(findHeaders(input.headers, wanted)),
    timestamp:
      timestamp === null
        ? null
        : judgeTime(
            { name: timestampHeader, text: timestamp, unit: 'rfc3339' },
            { pastSeconds: toleranceOf(input.options, toleranceSeconds), futureSeconds: 0 },
            input.nowMs,
          ),
    candidates,
    trouble:
      other !== undefined
        ? {
            kind: 'refused',
            reason: 'algorithm_refused',
            message: `${other[0]} is not ${other[1]}, the only one that Box documents, so nothing says how this signature was made.`,
          }
        : candidates.length === 0 && problem !== undefined && 'problem' in problem
          ? malformed(problem.name, problem.text, problem.problem)
          : null,
    next: ['Refuse a BOX-DELIVERY-ID that was handled before, but do not rely on it: it is not signed.'],
  };
}

/** The body as received, and as Box writes it where that differs. */
function candidatesOf(text: string, signature: Uint8Array, body: Uint8Array, timestamp: string): readonly Candidate[] {
  const escaped = Buffer.from(escapedOf(Buffer.from(body).toString('utf8')), 'utf8');
  const asReceived = { text, signature, signed: signedOf(body, timestamp) };
  if (escaped.equals(body)) return [asReceived];
  const note = 'It was made for the body with / and every character beyond ASCII escaped, as Box sends it: the body was decoded since.';
  return [asReceived, { text, signature, signed: signedOf(escaped, timestamp), note }];
}

/** A body with its slashes and its characters beyond ASCII escaped, as Box writes JSON. */
function escapedOf(text: string): string {
  return text.replaceAll(/[\u007f-\uffff]+/g, escapedRun).replaceAll(/(?<!\\)\//g, '\\/');
}

/** A run at a time, since a call for each character takes a microsecond. */
function escapedRun(run: string): string {
  let escaped = '';
  for (let at = 0; at < run.length; at += 1) escaped += jsonEscape(run.charAt(at));
  return escaped;
}

function signedOf(body: Uint8Array, timestamp: string): SignedString {
  return joinRuns([
    { name: 'body', bytes: body },
    { name: 'timestamp', bytes: headerBytes(timestamp) },
  ]);
}
