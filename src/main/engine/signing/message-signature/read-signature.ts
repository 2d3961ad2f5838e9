import type { HeaderField } from '#shared/contract/common.ts';
import type { Rfc9421Options } from '#shared/contract/proof-signing.ts';
import { rfc9421 } from '#shared/providers/rfc9421.ts';
import { decodeSignatureText } from '../encoding.ts';
import { listed } from '../header-values.ts';
import type { Obstacle } from '../verification/findings.ts';
import { toleranceOf } from '../options.ts';
import { type Reading, emptyReading, findHeaders, malformed } from '../verification/reading.ts';
import type { VerifyInput } from '../scheme.ts';
import { aroundNow, judgeTime } from '../verification/time-window.ts';
import { digestProblem } from './content-digest.ts';
import { linesOf, signatureBaseOf } from './signature-base.ts';
import { readComponent, readDictionary, type Component, type Dictionary, type InnerList, type Parameters } from './structured-field.ts';

const inputHeader = 'Signature-Input';
const signatureHeader = 'Signature';

/** How far `created` may be from now by default. */
const { toleranceSeconds } = rfc9421.schemes.rfc9421;

/** The labels of all signatures that a message carries, in their order; none where the header cannot be read. */
export function labelsOf(headers: readonly HeaderField[]): readonly string[] {
  const dictionary = dictionaryOf(headers, signatureHeader);
  return 'problem' in dictionary ? [] : [...dictionary.members.keys()];
}

/** The reading of a message whose headers hold no label. */
export function readNothing(input: VerifyInput): Reading {
  const reading = emptyReading(findHeaders(input.headers, [inputHeader, signatureHeader]));
  const text = linesOf(input.headers, signatureHeader).join(', ');
  const dictionary = readDictionary(text);
  if (text === '' || !('problem' in dictionary)) return reading;
  return { ...reading, trouble: malformed(signatureHeader, text, dictionary.problem) };
}

/** Reads one signature of a message by its label. */
export function readLabel(input: VerifyInput, options: Rfc9421Options, label: string): Reading {
  const reading = emptyReading(findHeaders(input.headers, [inputHeader, signatureHeader]));
  const inputs = dictionaryOf(input.headers, inputHeader);
  const inputText = linesOf(input.headers, inputHeader).join(', ');
  if ('problem' in inputs) return { ...reading, trouble: malformed(inputHeader, inputText, inputs.problem) };
  const member = inputs.members.get(label);
  if (member?.kind !== 'list') {
    return {
      ...reading,
      trouble: inputText === '' ? null : malformed(inputHeader, inputText, `it has no list of components for the label ${label}`),
    };
  }
  const signature = signatureOf(input.headers, label);
  if ('problem' in signature) return { ...reading, trouble: malformed(signatureHeader, signature.text, signature.problem) };
  const { list } = member;
  const base = signatureBaseOf({ ...input, status: options.status }, list.components, list.text);
  const algorithm = textOf(list.parameters, 'alg');
  const note = list.components.some(({ name }) => name === 'content-digest')
    ? {}
    : { note: 'It does not cover content-digest, so the body is not authenticated: anyone could have changed it.' };
  return {
    ...reading,
    unknown: base.kind === 'unknown' ? base.names : [],
    timestamp: createdOf(input, list.parameters),
    candidates:
      base.kind === 'base'
        ? [{ text: signature.text, signature: signature.bytes, signed: base.signed, ...(algorithm === null ? {} : { algorithm }), ...note }]
        : [],
    trouble: base.kind === 'problem' ? malformed(inputHeader, inputText, base.problem) : null,
    obstacles: [...coverageObstacles(options, list), ...digestObstacles(input), ...expiryObstacles(input, list.parameters)],
    next: nextSteps(list),
  };
}

function dictionaryOf(headers: readonly HeaderField[], name: string): Dictionary {
  return readDictionary(linesOf(headers, name).join(', '));
}

function signatureOf(
  headers: readonly HeaderField[],
  label: string,
): { readonly text: string } & ({ readonly bytes: Uint8Array } | { readonly problem: string }) {
  const dictionary = dictionaryOf(headers, signatureHeader);
  const member = 'problem' in dictionary ? undefined : dictionary.members.get(label);
  if (member?.kind !== 'item' || member.item.kind !== 'bytes') return { text: label, problem: 'it is not base64 between colons' };
  const decoded = decodeSignatureText(member.item.value, 'base64');
  return { text: `:${member.item.value}:`, ...decoded };
}

function createdOf(input: VerifyInput, parameters: Parameters): Reading['timestamp'] {
  const created = parameters.get('created');
  if (created === undefined) return null;
  const window = aroundNow(toleranceOf(input.options, toleranceSeconds));
  return judgeTime({ name: 'created', text: String(created.value), unit: 's' }, window, input.nowMs);
}

function expiryObstacles(input: VerifyInput, parameters: Parameters): readonly Obstacle[] {
  const expires = parameters.get('expires');
  if (expires === undefined) return [];
  if (expires.kind !== 'number')
    return [{ reason: 'expired', message: 'expires is not a number of seconds since 1970, so the signature counts for no time.' }];
  if (Math.floor(input.nowMs / 1000) <= expires.value) return [];
  const at = new Date(expires.value * 1000);
  return [
    {
      reason: 'expired',
      message: `The signature says itself that it counts until ${Number.isNaN(at.getTime()) ? expires.value : at.toISOString()} only, and that has passed.`,
    },
  ];
}

/** A wrong digest is refused whether it is covered or not: either way this is not the body that was sent. */
function digestObstacles(input: VerifyInput): readonly Obstacle[] {
  const lines = linesOf(input.headers, 'content-digest');
  const problem = lines.length === 0 ? null : digestProblem(lines.join(', '), input.body);
  return problem === null ? [] : [{ reason: 'digest_mismatch', message: problem }];
}

function coverageObstacles({ requiredComponents }: Rfc9421Options, list: InnerList): readonly Obstacle[] {
  const covered = new Set(list.components.map(keyOf));
  const missing = requiredComponents.filter((text) => !covered.has(keyOf(readComponent(text))));
  if (missing.length === 0) return [];
  return [
    {
      reason: 'coverage_missing',
      message: `The signature does not cover ${listed(missing)}, which is required, so anyone could have changed that.`,
    },
  ];
}

/** What makes two identifiers the same: name and parameters, in any order. */
function keyOf({ name, parameters }: Component): string {
  return [name, ...[...parameters].map(([key, { value }]) => `${key}=${String(value)}`).toSorted()].join(';');
}

function nextSteps({ components, parameters }: InnerList): readonly string[] {
  const covered = new Set(components.map(({ name }) => name));
  const isTargetCovered = covered.has('@target-uri') || (covered.has('@authority') && covered.has('@path') && covered.has('@query'));
  return [
    ...(covered.has('content-digest') ? [] : ['Do not trust the body: content-digest is not covered by the signature.']),
    ...(covered.has('@method') || covered.has('@status') ? [] : ['Check the method yourself: @method is not covered.']),
    ...(isTargetCovered || covered.has('@status')
      ? []
      : ['Check where the request was sent to: @target-uri, or @authority with @path and @query, is not covered.']),
    ...(parameters.has('created') ? [] : ['Nothing says when the signature was made: ask for created.']),
    parameters.has('nonce')
      ? 'Refuse a nonce that was seen before.'
      : 'There is no nonce: refuse what was handled before by an id of its own.',
  ];
}

function textOf(parameters: Parameters, name: string): string | null {
  const item = parameters.get(name);
  return item?.kind === 'string' || item?.kind === 'token' ? item.value : null;
}
