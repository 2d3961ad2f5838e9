import { createHmac, createSecretKey } from 'node:crypto';
import type { HeaderField } from '#shared/contract/common.ts';
import { isBodyDigestName, type BodyDigest, type FieldPlaceholder } from '#shared/contract/custom-placeholders.ts';
import type { CustomField, CustomOptions } from '#shared/contract/signing.ts';
import type { Verification } from '#shared/contract/verifying.ts';
import { invalid } from '../../base/refusal.ts';
import { remembered } from '../../base/remembered.ts';
import { bodyDigest } from '../body-digest.ts';
import { encodeBytes } from '../encoding.ts';
import { makeToken, verifyJwt, type JwtRules, type TokenPlace } from '../jwt.ts';
import type { Signed, SignedString, SignInput, VerifyInput } from '../scheme.ts';
import { encodedKey } from '../secret.ts';
import { remarksOnKey } from '../secret-wrapper.ts';
import { readForm, type HashName } from '../signature-form.ts';
import { fillPattern, partNames, placeholdersOf, type Patterned, type SignedValues } from '../signed-string.ts';
import { timestampText } from '../timestamp.ts';
import { isPairAlgorithm } from '../token-key.ts';
import type { FindingWords, Trouble } from '../verification/findings.ts';
import type { Proof } from '../verification/proof.ts';
import { lacking, malformed, requestParts, type Reading } from '../verification/reading.ts';
import { aroundNow, judgeTime } from '../verification/time-window.ts';
import { verifyBy } from '../verification/verify-by.ts';
import { writeFieldText } from './field-text.ts';
import { carrierOf, isInHeaders, nameOfField, readFields, type FieldsReading } from './read-fields.ts';
import { isForm, signatureField, withField, withoutSignature, type UnsignedRequest } from './unsigned-request.ts';

/** Signs as a scheme does whose fields say where everything stands. Throws INPUT_INVALID for a secret or a request that it cannot use. */
export function signByFields(options: CustomOptions, input: SignInput): Signed {
  const own = signatureField(options);
  if (own === null) throw new TypeError('A custom scheme with fields has none for its signature.');
  assertPlaceable(options, input);
  const timestamp = timestampText(input.nowMs, options.timestampUnit);
  const valueOf = (body: Uint8Array, signature: string) => (name: FieldPlaceholder) => {
    const values: Readonly<Record<Exclude<FieldPlaceholder, BodyDigest>, string>> = {
      signature,
      timestamp,
      id: input.id,
      key_id: options.keyId ?? '',
    };
    return isBodyDigestName(name) ? bodyDigest(name, body) : values[name];
  };
  // The form before the query, which may hold a digest of it, and the signature after both.
  const before = (['form', 'query'] as const).flatMap((place) => options.fields.filter((field) => field !== own && field.place === place));
  const unsigned = before.reduce(
    (request, field) => withField(field, writeFieldText(field, valueOf(request.body, '')), request),
    withoutSignature(options, { url: sentUrl(input.url), body: input.body }),
  );
  const { text, signed } = signatureOf(options, input, timestamp, unsigned);
  const textOf = (field: CustomField) => writeFieldText(field, valueOf(unsigned.body, text));
  const request = own.place === 'header' ? unsigned : withField(own, textOf(own), unsigned);
  return {
    headers: options.fields.flatMap((field): readonly HeaderField[] => (field.place === 'header' ? [[field.name, textOf(field)]] : [])),
    signed,
    ...(options.fields.some(({ place }) => place === 'form') ? { body: request.body } : {}),
    ...(request.url !== null && options.fields.some(({ place }) => place === 'query') ? { url: request.url } : {}),
  };
}

/** The URL as it goes over the wire, without its fragment; null for none. */
function sentUrl(url: string): string | null {
  if (!URL.canParse(url)) return url || null;
  const sent = new URL(url);
  sent.hash = '';
  return sent.href;
}

/** Refuses a request that has no place for a field. */
function assertPlaceable({ fields }: CustomOptions, { method, url, body }: SignInput): void {
  const inForm = fields.find(({ place }) => place === 'form');
  if (inForm !== undefined && method === 'GET')
    throw invalid('request', `A GET has no form that could carry ${inForm.name}: send a POST, or put the field into the query.`);
  if (inForm !== undefined && !isForm(body)) {
    throw invalid(
      'body',
      `${inForm.name} stands in a form, and the body is none. Send a form (application/x-www-form-urlencoded), such as type=paid&id=1, or put the field into a header.`,
    );
  }
  const inQuery = fields.find(({ place }) => place === 'query');
  if (inQuery !== undefined && url === '')
    throw invalid('request', `Give the URL of the request, because its query carries ${inQuery.name}.`);
}

function signatureOf(
  options: CustomOptions,
  input: SignInput,
  timestamp: string,
  { url, body }: UnsignedRequest,
): { readonly text: string; readonly signed: SignedString } {
  if (options.encoding === 'jwt') {
    const { token, signed } = makeToken(options, { ...input, url: url ?? '', body });
    return { text: token, signed };
  }
  const signed = signedBy(options, { id: input.id, timestamp, method: input.method || null, url, body, key_id: options.keyId });
  if (signed === null) throw invalid('request', 'Give the method and the URL of the request, because the scheme signs them.');
  const [secret] = input.secrets;
  if (secret === undefined) throw invalid('secrets', 'Give a secret to sign with.');
  const result = encodedKey(secret, options.secretEncoding);
  if ('problem' in result) throw invalid('secrets.0', result.problem);
  return { text: encodeBytes(macOf(options, result.key, signed), options.encoding), signed };
}

function hashOf({ algorithm }: CustomOptions): HashName {
  if (isPairAlgorithm(algorithm)) throw new TypeError(`${algorithm} signs tokens only.`);
  return algorithm;
}

function macOf(options: CustomOptions, key: Uint8Array, { bytes }: SignedString): Uint8Array {
  return createHmac(hashOf(options), createSecretKey(key)).update(bytes).digest();
}

const patternOf = remembered(({ signedContent }: CustomOptions): Patterned => ({ pattern: signedContent }));

/** The signed string; the body has another name where it is not the one that is sent. */
function signedBy(options: CustomOptions, values: SignedValues): SignedString | null {
  const signed = fillPattern(patternOf(options), values);
  if (signed === null || signatureField(options)?.place !== 'form') return signed;
  return { ...signed, parts: signed.parts.map((part) => (part.name === 'body' ? { ...part, name: 'form without signature' } : part)) };
}

/** Verifies a request by fields. */
export function verifyByFields(options: CustomOptions, input: VerifyInput): Verification {
  return options.encoding === 'jwt' ? verifyToken(options, input) : verifyBy(macProof(options), input);
}

function verifyToken(options: CustomOptions & JwtRules, input: VerifyInput): Verification {
  const given = readFields(options, input);
  const carrier = carrierOf(options, 'signature');
  const place: TokenPlace = {
    name: carrier === null ? '' : nameOfField(carrier),
    isInRequest: !isInHeaders(options),
    findings: given.findings,
    text: given.trouble === null ? (given.signatures[0] ?? null) : null,
    trouble: given.trouble,
    obstacles: given.obstacles,
    unknown: unknownParts(options.claims ?? '', given, input),
  };
  return verifyJwt(options, { ...input, url: given.unsigned.url, body: given.unsigned.body }, place);
}

const macProof = remembered((options: CustomOptions): Proof<Uint8Array> => {
  const keyOf = (secret: string) => encodedKey(secret, options.secretEncoding);
  return {
    scheme: 'custom',
    words: wordsOf(options),
    keyOf,
    remarksOn: (secret) => remarksOnKey(secret, keyOf(secret)),
    read: (input) => readMac(options, input),
    expected: {
      of: (key, signed) => macOf(options, key, signed),
      write: (mac) => encodeBytes(mac, options.encoding === 'jwt' ? 'base64url' : options.encoding),
    },
  };
});

function wordsOf(options: CustomOptions): FindingWords {
  const nameOf = (name: 'timestamp' | 'id' | 'key_id') => {
    const carrier = carrierOf(options, name);
    return carrier === null ? null : nameOfField(carrier);
  };
  const labels = {
    ...partNames,
    timestamp: nameOf('timestamp') ?? partNames.timestamp,
    id: nameOf('id') ?? partNames.id,
    key_id: nameOf('key_id') ?? partNames.key_id,
  };
  return {
    key: 'secret',
    signed: [...new Set([...placeholdersOf(options.signedContent)].map((name) => labels[name]))],
    timestamp: nameOf('timestamp'),
    ...(isInHeaders(options) ? {} : { place: 'request' as const }),
  };
}

/** What is signed, or carries a field, but was not given. */
function unknownParts(pattern: string, given: FieldsReading, input: VerifyInput): readonly string[] {
  return [...new Set([...(given.needsUrl ? ['URL'] : []), ...lacking(input, requestParts(placeholdersOf(pattern)))])];
}

function readMac(options: CustomOptions, input: VerifyInput): Reading {
  const given = readFields(options, input);
  const { timestamp, id, keyId, unsigned } = given;
  const signed = signedBy(options, { id, timestamp, method: input.method, url: unsigned.url, body: unsigned.body, key_id: keyId });
  const carrier = carrierOf(options, 'timestamp');
  const form = { kind: 'single', prefix: '', encoding: options.encoding === 'jwt' ? 'base64url' : options.encoding } as const;
  const signatures = given.signatures.flatMap((text) => readForm(form, hashOf(options), text).signatures);
  const usable = signatures.flatMap((one) => (one.kind === 'usable' ? [one] : []));
  return {
    headers: given.findings,
    unknown: unknownParts(options.signedContent, given, input),
    timestamp:
      carrier === null || timestamp === null
        ? null
        : judgeTime(
            { name: nameOfField(carrier), text: timestamp, unit: options.timestampUnit },
            aroundNow(options.toleranceSeconds),
            input.nowMs,
          ),
    candidates: signed === null ? [] : usable.map(({ text, mac }) => ({ text, signature: mac, signed })),
    received: signatures.map(({ text }) => ({ text, isOther: false })),
    signed,
    trouble: given.trouble ?? (usable.length > 0 ? null : brokenSignature(options, signatures)),
    obstacles: given.obstacles,
    next: nextSteps(options),
  };
}

function brokenSignature(options: CustomOptions, signatures: ReturnType<typeof readForm>['signatures']): Trouble | null {
  const broken = signatures.find((signature) => signature.kind === 'malformed');
  const carrier = carrierOf(options, 'signature');
  return broken === undefined || carrier === null ? null : malformed(nameOfField(carrier), broken.text, broken.why);
}

function nextSteps(options: CustomOptions): readonly string[] {
  const signed = placeholdersOf(options.signedContent);
  const carried = (name: 'id' | 'timestamp') => {
    const carrier = carrierOf(options, name);
    return carrier === null ? null : nameOfField(carrier);
  };
  const [id, timestamp] = [carried('id'), carried('timestamp')];
  // A field of the query is signed with the URL, and one of the form with the body.
  const isSigned = (name: 'id' | 'timestamp') => {
    const place = carrierOf(options, name)?.place;
    return (
      signed.has(name) || (place === 'query' && (signed.has('url') || signed.has('query'))) || (place === 'form' && signed.has('body'))
    );
  };
  return [
    ...(id !== null && isSigned('id')
      ? [`Refuse a request whose ${id} was handled before: a retry carries the same id, and so does a replay.`]
      : []),
    ...(timestamp !== null && !isSigned('timestamp')
      ? [`Do not rely on ${timestamp}: it is not part of what is signed, so anyone can change it.`]
      : []),
    ...(timestamp === null || !isSigned('timestamp')
      ? ['Nothing that is signed says when the request was made, so an old one can be replayed: refuse what was handled before.']
      : []),
  ];
}
