import { Buffer } from 'node:buffer';
import { adyen } from '#shared/providers/adyen.ts';
import { invalid } from '../base/refusal.ts';
import { isObject, orTooDeep, readObject, withValue, type JsonObject } from './json-body.ts';
import { anyBase64Clause, strictBase64 } from './verification/library-traits.ts';
import { createMacProofScheme, readMac, utf8, type MacForm } from './verification/mac-proof.ts';
import type { ProofLibrary } from './verification/proof.ts';
import { type Candidate, type Reading, emptyReading, malformed } from './verification/reading.ts';
import { codeInfo } from './scheme-info.ts';
import type { Scheme, SignedString, VerifyInput } from './scheme.ts';
import { joinRuns } from './signed-string.ts';
import { adyenKey, adyenSecret } from './url-mac-schemes.ts';

const form: MacForm = { hash: 'sha256', kind: 'hmac', encoding: 'base64' };
const signatureField = 'additionalData.hmacSignature';
const next = [
  'Use the fields that are signed only (references, merchant account, amount, event code and success): reason, eventDate and all others can be changed.',
  'Refuse an eventCode of a pspReference that was handled before: nothing that is signed says when the request was made.',
];

const library: ProofLibrary = {
  ...adyen.schemes['adyen-payments'].library,
  laxer: { as: withStrictSignatures, why: anyBase64Clause },
};

/** Adyen's payment webhooks: each item of the body carries an HMAC-SHA256 over eight of its fields. */
export const adyenPayments: Scheme = createMacProofScheme({
  scheme: 'adyen-payments',
  info: codeInfo('adyen-payments'),
  form,
  library,
  words: { signed: ['a reference', 'the amount', 'the event code', 'success'], timestamp: null, place: 'body' },
  keyOf: adyenKey,
  makeSecret: adyenSecret,
  needsAll: true,
  read,
  sign: (input, mac) => {
    const items = itemsOf(input.body);
    if (items === null || items.length === 0) {
      throw invalid(
        'body',
        'Adyen signs the items of {"notificationItems": [{"NotificationRequestItem": {…}}]}. Give a body of that shape.',
      );
    }
    const body = items.reduce((bytes, item, index) => {
      const path = signaturePath(index);
      const signature = mac(signedOf(item));
      return isObject(item['additionalData'])
        ? withValue(bytes, [...path], signature)
        : withValue(bytes, path.slice(0, -1), { hmacSignature: signature });
    }, input.body);
    return { headers: [], signed: signedOf(items[0] ?? {}), body };
  },
});

function signaturePath(index: number): readonly (string | number)[] {
  return ['notificationItems', index, 'NotificationRequestItem', 'additionalData', 'hmacSignature'];
}

/** All items are rewritten at once: values are signed, not bytes, and changing one item at a time would read the whole body each time. */
function withStrictSignatures(input: VerifyInput): VerifyInput {
  const notificationItems = (itemsOf(input.body) ?? []).map((item) => {
    const [text, data] = [textAt(item, ['additionalData', 'hmacSignature']), item['additionalData']];
    const strict = text === '' || !isObject(data) ? item : { ...item, additionalData: { ...data, hmacSignature: strictBase64(text) } };
    return { NotificationRequestItem: strict };
  });
  return notificationItems.length === 0 ? input : { ...input, body: Buffer.from(JSON.stringify({ notificationItems }), 'utf8') };
}

function read(input: VerifyInput): Reading {
  const items = itemsOf(input.body);
  if (items === null) {
    return {
      ...emptyReading({ wanted: [], missing: [], repeated: [] }),
      trouble: {
        kind: 'refused',
        reason: 'body_malformed',
        message: `The signature stands in the body, and the body is not JSON with notificationItems in it, ${orTooDeep}. Give the body as it was received.`,
      },
    };
  }
  const signatures = items.map((item) => {
    const data = item['additionalData'];
    const text = isObject(data) ? data['hmacSignature'] : undefined;
    return typeof text === 'string' && text !== '' ? text : null;
  });
  const isUnsigned = signatures.every((text) => text === null);
  const results = signatures.map((text) => (text === null ? null : { text, ...readMac(form, text) }));
  const problem = results.find((result) => result !== null && 'problem' in result);
  const candidates = results.flatMap((result, index): readonly Candidate[] =>
    result !== null && 'bytes' in result ? [{ text: result.text, signature: result.bytes, signed: signedOf(items[index] ?? {}) }] : [],
  );
  const wanted = isUnsigned ? [signatureField] : items.map((_, index) => `${signatureField} of item ${index + 1}`);
  return {
    ...emptyReading({
      wanted,
      missing: isUnsigned
        ? [{ name: signatureField, isEmpty: false }]
        : wanted.filter((_, index) => signatures[index] === null).map((name) => ({ name, isEmpty: false })),
      repeated: [],
    }),
    candidates,
    trouble:
      problem !== undefined && problem !== null && 'problem' in problem ? malformed(signatureField, problem.text, problem.problem) : null,
    next,
  };
}

/** The items of a body, or null when it is not such a body. */
function itemsOf(body: Uint8Array): readonly JsonObject[] | null {
  const items = readObject(body)?.['notificationItems'];
  if (!Array.isArray(items)) return null;
  const found = items.map((entry: unknown) => (isObject(entry) ? entry['NotificationRequestItem'] : null));
  return found.every(isObject) ? found : null;
}

const { fields: signedFields } = adyen.schemes['adyen-payments'].receiver.signature;

function signedOf(item: JsonObject): SignedString {
  return joinRuns(
    signedFields.flatMap((path, index) => [
      ...(index === 0 ? [] : [{ name: 'separator', bytes: utf8(':') }]),
      { name: path.join('.'), bytes: utf8(textAt(item, path)) },
    ]),
  );
}

/** A field as it is signed: empty when it is missing. */
function textAt(item: JsonObject, path: readonly string[]): string {
  let value: unknown = item;
  for (const name of path) value = isObject(value) ? value[name] : undefined;
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
