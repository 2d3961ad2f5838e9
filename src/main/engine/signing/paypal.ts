import { generateKeyPairSync, sign as signBytes, verify as verifyBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { HeaderField } from '#shared/contract/common.ts';
import type { PaypalOptions } from '#shared/contract/proof-signing.ts';
import type { Signing } from '#shared/contract/signing.ts';
import { invalid } from '../base/refusal.ts';
import { certificatesIn } from './certificate-chain.ts';
import { selfSignedPem } from './certificate.ts';
import { decodeSignatureText, encodeBytes } from './encoding.ts';
import { quoted } from './header-values.ts';
import { privatePem, publicPem, readPairKey, withPemLines, type PairKey, type PairKeyResult } from './key-text.ts';
import type { Obstacle } from './verification/findings.ts';
import { headerBytes, utf8 } from './verification/mac-proof.ts';
import { toleranceOf } from './options.ts';
import { bareKeyReport, judgePaypalCertificate, type CertificateReport } from './paypal-certificate.ts';
import { problemOf, type Proof } from './verification/proof.ts';
import { type Reading, emptyReading, findHeaders, headerText, malformed } from './verification/reading.ts';
import { verifyBy } from './verification/verify-by.ts';
import { codeInfo } from './scheme-info.ts';
import type { Scheme, SignedString, VerifyInput } from './scheme.ts';
import { joinRuns } from './signed-string.ts';
import { aroundNow, judgeTime } from './verification/time-window.ts';

const headers = {
  id: 'PAYPAL-TRANSMISSION-ID',
  time: 'PAYPAL-TRANSMISSION-TIME',
  certUrl: 'PAYPAL-CERT-URL',
  algorithm: 'PAYPAL-AUTH-ALGO',
  signature: 'PAYPAL-TRANSMISSION-SIG',
} as const;
const algorithm = 'SHA256withRSA';
/** The name in certificates made here. It is not PayPal's, so that nobody takes one for PayPal's. */
const ownName = 'Hookyard webhook signing';

const proof: Proof<PairKey> = {
  scheme: 'paypal',
  words: { key: 'certificate', signed: [headers.id, headers.time, 'the webhook id', 'the body'], timestamp: headers.time },
  keyOf: readKey,
  read,
  isMadeBy: (key, { signature, signed }) => verifyBytes('sha256', signed.bytes, key.publicKey, signature),
  expected: {
    of: ({ privateKey }, signed) => (privateKey === null ? null : signBytes('sha256', signed.bytes, privateKey)),
    write: (signature) => encodeBytes(signature, 'base64'),
  },
  keyReport: reportOf,
};

/** PayPal: RSA over transmission id, time, webhook id and the CRC32 of the body. */
export const paypal: Scheme = {
  id: 'paypal',
  info: codeInfo('paypal'),
  checkSecret: (secret) => problemOf(readKey(secret)),
  // RSA keys cannot be had from 32 bytes, so this one scheme draws its own randomness. Zero bytes ask for a stand-in to
  // show a request with, which need not be strong but must not keep the window waiting.
  makeSecret: (random) =>
    privatePem(generateKeyPairSync('rsa', { modulusLength: random.every((byte) => byte === 0) ? 1024 : 2048 }).privateKey),
  publicKeyOf: (secret) => {
    const result = readKey(secret);
    if ('problem' in result) return null;
    const { privateKey, publicKey } = result.key;
    return privateKey === null ? publicPem(publicKey) : selfSignedPem(privateKey, publicKey, ownName);
  },
  sign: ({ options, secrets, id, nowMs, body }) => {
    const { webhookId, certUrl } = paypalOf(options);
    if (webhookId === '') throw invalid('options.webhookId', 'Give the id of the webhook (webhookId), because PayPal signs it.');
    const [secret] = secrets;
    if (secret === undefined) throw invalid('secrets', 'Give a private key to sign with.');
    const result = readKey(secret);
    if ('problem' in result) throw invalid('secrets.0', result.problem);
    const { privateKey } = result.key;
    if (privateKey === null)
      throw invalid('secrets.0', 'This is a certificate or a public key, which can only verify. Give the private key to sign with.');
    const time = `${new Date(nowMs).toISOString().slice(0, 19)}Z`;
    const signed = signedOf(id, time, webhookId, body);
    const fields: HeaderField[] = [
      [headers.id, id],
      [headers.time, time],
      [headers.certUrl, certUrl],
      [headers.algorithm, algorithm],
      [headers.signature, encodeBytes(signBytes('sha256', signed.bytes, privateKey), 'base64')],
    ];
    return { headers: fields, signed };
  },
  verify: (input) => verifyBy(proof, input),
};

function read(input: VerifyInput): Reading {
  const { webhookId, certUrl } = paypalOf(input.options);
  const [id, time, text] = [headers.id, headers.time, headers.signature].map((name) => headerText(input.headers, name));
  const givenAlgorithm = headerText(input.headers, headers.algorithm);
  const givenUrl = headerText(input.headers, headers.certUrl);
  const decoded = text ? decodeSignatureText(text, 'base64') : null;
  const isReady = id && time && text && decoded !== null && 'bytes' in decoded && webhookId !== '';
  const reading: Reading = {
    ...emptyReading(findHeaders(input.headers, [headers.id, headers.time, headers.algorithm, headers.signature])),
    unknown: webhookId === '' ? ['id of the webhook (webhookId)'] : [],
    timestamp: time
      ? judgeTime({ name: headers.time, text: time, unit: 'rfc3339' }, aroundNow(toleranceOf(input.options, null)), input.nowMs)
      : null,
    candidates: isReady ? [{ text, signature: decoded.bytes, signed: signedOf(id, time, webhookId, input.body) }] : [],
    trouble: text && decoded !== null && 'problem' in decoded ? malformed(headers.signature, text, decoded.problem) : null,
    obstacles: givenUrl === null ? [] : urlObstacles(givenUrl, certUrl),
    next: [
      `Refuse a ${headers.id} that was handled before.`,
      'Do not trust the body of a request from elsewhere: a CRC32 is easily forged. Ask PayPal (verify-webhook-signature) where money depends on it.',
    ],
  };
  if (givenAlgorithm === null || givenAlgorithm === algorithm) return reading;
  const message = `${headers.algorithm} is ${quoted(givenAlgorithm)}, but PayPal signs with ${algorithm}, so it is refused without a look at the key.`;
  return { ...reading, trouble: { kind: 'refused', reason: 'algorithm_refused', message } };
}

function signedOf(id: string, time: string, webhookId: string, body: Uint8Array): SignedString {
  const bar = { name: 'separator', bytes: utf8('|') };
  return joinRuns([
    { name: 'id', bytes: headerBytes(id) },
    bar,
    { name: 'timestamp', bytes: headerBytes(time) },
    bar,
    { name: 'webhook id', bytes: utf8(webhookId) },
    bar,
    { name: 'CRC32 of the body', bytes: utf8(String(crc32(body))) },
  ]);
}

/** A certificate at an address that is not PayPal's is worthless, whoever signed with it. */
function urlObstacles(given: string, own: string): readonly Obstacle[] {
  const url = URL.canParse(given) ? new URL(given) : null;
  const isPaypal = url !== null && url.protocol === 'https:' && (url.hostname === 'paypal.com' || url.hostname.endsWith('.paypal.com'));
  if (isPaypal || given === own) return [];
  return [
    {
      reason: 'certificate_invalid',
      message: `${headers.certUrl} is ${quoted(given)}, which is no https address of paypal.com, so its certificate must not be used.`,
    },
  ];
}

/** The key in a text; in a chain, the key of the certificate that may not issue others, wherever it is. */
function readKey(text: string): PairKeyResult {
  const certificates = certificatesIn(withPemLines(text));
  const leaf = certificates.find(({ ca }) => !ca) ?? certificates[0];
  return readPairKey(leaf?.toString() ?? text, ['rsa']);
}

/** What is known of the key that made the signature; every given certificate may be part of its chain. */
function reportOf({ certificate, privateKey }: PairKey, { secrets, nowMs }: VerifyInput): CertificateReport {
  if (certificate !== null)
    return judgePaypalCertificate(
      certificate,
      secrets.flatMap((secret) => certificatesIn(withPemLines(secret))),
      nowMs,
    );
  return privateKey === null
    ? bareKeyReport
    : { ...bareKeyReport, note: 'The private key itself was given, so no certificate was checked.' };
}

/** The registry hands a scheme its own options; others are a bug of the caller. */
function paypalOf(options: Signing): PaypalOptions {
  if (options.scheme !== 'paypal') throw new TypeError(`PayPal was given options of ${options.scheme}.`);
  return options;
}
