import {
  closeOnConnect,
  hang,
  hangOnConnect,
  halfBody,
  rawOnConnect,
  reset,
  resetOnConnect,
  type ReceiverOptions,
} from '../../../support/scripted-receiver.ts';
import { fingerprint256, makeAuthority, makeCertificate } from '../../../support/test-certificates.ts';
import type { Fault } from './fault.ts';

const dayMs = 86_400_000;
const expiredAtMs = Date.UTC(2020, 0, 2, 3, 4, 5);

/** The authority that tests have this process trust. */
export const trusted = makeAuthority();
const stranger = makeAuthority();
const trustHint =
  'Have it signed by an authority this machine trusts, add its authority to the authentication of this endpoint, or turn off TLS verification for it.';

const https = (host: string) => (port: number) => `https://${host}:${port}/hook`;

/** A certificate that is not to be trusted: nothing may be sent, and the certificate is the evidence. */
export function untrusted(name: string, host: string, tls: NonNullable<ReceiverOptions['tls']>, reason: string, sentence: string): Fault {
  return {
    name,
    script: [],
    tls,
    url: https(host),
    code: 'tls',
    reason,
    sentence,
    reached: 'secured',
    tlsFacts: { protocol: 'TLSv1.3', isAuthorized: false, authorizationError: reason, fingerprint256: fingerprint256(String(tls.cert)) },
    isLasting: true,
  };
}

/** Certificates that are not to be trusted. */
export const certificateFaults: readonly Fault[] = [
  untrusted(
    'a self-signed certificate',
    'localhost',
    makeCertificate(),
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    `The certificate of {target} is self-signed. ${trustHint}`,
  ),
  untrusted(
    'an expired certificate',
    'localhost',
    makeCertificate({ issuer: trusted, notBeforeMs: expiredAtMs - dayMs, notAfterMs: expiredAtMs }),
    'CERT_HAS_EXPIRED',
    'The certificate of {target} expired on Jan  2 03:04:05 2020 GMT: renew it on the receiver, and check the clock of this machine.',
  ),
  untrusted(
    'a certificate that is not valid yet',
    'localhost',
    makeCertificate({ issuer: trusted, notBeforeMs: Date.UTC(2048, 0, 1), notAfterMs: Date.UTC(2049, 0, 1) }),
    'CERT_NOT_YET_VALID',
    'The certificate of {target} is not valid before Jan  1 00:00:00 2048 GMT: check the clocks of the receiver and of this machine.',
  ),
  untrusted(
    'a certificate for another host',
    'localhost',
    makeCertificate({ issuer: trusted, names: ['example.com', 'www.example.com'] }),
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'The certificate of {target} is made out to DNS:example.com, DNS:www.example.com, not to this host: use a name it covers in the URL, or replace the certificate.',
  ),
  untrusted(
    'a certificate for a name where an address was called',
    '127.0.0.1',
    makeCertificate({ issuer: trusted, names: ['localhost'] }),
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'The certificate of {target} is made out to DNS:localhost, not to this host: use a name it covers in the URL, or replace the certificate.',
  ),
  untrusted(
    'a certificate from an issuer nobody knows',
    'localhost',
    makeCertificate({ issuer: stranger }),
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    `The issuer of the certificate of {target} is not known (CN=${stranger.commonName}): the receiver should send its intermediate certificates too. ${trustHint}`,
  ),
  untrusted(
    'a certificate from an authority that is not trusted',
    'localhost',
    withChain(),
    'SELF_SIGNED_CERT_IN_CHAIN',
    `The certificate chain of {target} ends in an authority that this machine does not trust (CN=${stranger.commonName}). ${trustHint}`,
  ),
];

function withChain(): { readonly key: string; readonly cert: string } {
  const leaf = makeCertificate({ issuer: stranger });
  return { key: leaf.key, cert: leaf.cert + stranger.cert };
}

const alert = (description: number) => rawOnConnect(Buffer.from([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, description]));
const cutInHandshake =
  '{target} cut the connection during the TLS handshake: check that this port speaks TLS and that the receiver has a certificate for this host.';

/** What goes wrong with TLS beside the certificate. */
export const tlsFaults: readonly Fault[] = [
  {
    name: 'a plain HTTP server behind https',
    script: [rawOnConnect('HTTP/1.1 400 Bad Request\r\n\r\n')],
    url: https('127.0.0.1'),
    code: 'tls',
    reason: /^ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG)$/,
    sentence: '{target} does not speak TLS: it probably expects plain HTTP, so try http:// in the URL.',
    reached: 'connected',
    isLasting: true,
  },
  {
    name: 'a server that only speaks TLS 1.1',
    script: [],
    tls: { ...makeCertificate(), minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' },
    options: { verifyTls: false },
    code: 'tls',
    reason: /^ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION$/,
    sentence: '{target} and Hookyard have no TLS version in common: enable TLS 1.2 or 1.3 on the receiver.',
    reached: 'connected',
    isLasting: true,
  },
  {
    name: 'a server without a cipher in common',
    script: [],
    tls: { ...makeCertificate(), maxVersion: 'TLSv1.2', ciphers: 'ECDHE-RSA-AES128-GCM-SHA256' },
    options: { verifyTls: false },
    code: 'tls',
    reason: /HANDSHAKE_FAILURE/,
    sentence: '{target} refused the TLS handshake: compare the TLS versions, ciphers and client certificates it asks for.',
    reached: 'connected',
    isLasting: true,
  },
  {
    name: 'an alert about the host name',
    script: [alert(0x70)],
    url: https('127.0.0.1'),
    code: 'tls',
    reason: 'ERR_SSL_TLSV1_UNRECOGNIZED_NAME',
    sentence: "{target} has no certificate for this host name: check the host in the URL and the receiver's virtual hosts.",
    reached: 'connected',
    isLasting: true,
  },
  {
    name: 'an end in the TLS handshake',
    script: [closeOnConnect()],
    url: https('127.0.0.1'),
    code: 'tls',
    reason: 'ECONNRESET',
    sentence: cutInHandshake,
    reached: 'connected',
    isLasting: true,
  },
  {
    name: 'a reset in the TLS handshake',
    script: [resetOnConnect()],
    url: https('127.0.0.1'),
    code: 'tls',
    reason: 'ECONNRESET',
    sentence: cutInHandshake,
    reached: 'connected',
    isLasting: true,
  },
  {
    name: 'silence in the TLS handshake',
    script: [hangOnConnect()],
    url: https('127.0.0.1'),
    options: { timeoutMs: 100 },
    code: 'timeout',
    phase: 'tls',
    sentence: '{target} accepted the connection but did not finish the TLS handshake within 100 ms: check that this port speaks TLS.',
    reached: 'connected',
    isLasting: true,
  },
  {
    name: 'a receiver that wants a client certificate',
    script: [],
    tls: { ...makeCertificate(), requestCert: true },
    options: { verifyTls: false },
    code: 'tls',
    reason: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
    sentence:
      '{target} asks for a client certificate, and none was sent: give this endpoint an authentication with mutual TLS, or let the receiver accept requests without a certificate.',
    reached: 'sent',
    tlsFacts: { protocol: 'TLSv1.3' },
    isLasting: true,
  },
  {
    name: 'a reset over TLS instead of an answer',
    script: [reset()],
    tls: makeCertificate(),
    options: { verifyTls: false },
    code: 'reset',
    reason: 'ECONNRESET',
    sentence:
      "{target} reset the connection without answering: look for a crash in the receiver's log, or a proxy between that cuts it off.",
    reached: 'sent',
    tlsFacts: { protocol: 'TLSv1.3', isAuthorized: false },
  },
  {
    name: 'silence over TLS',
    script: [hang()],
    tls: makeCertificate(),
    options: { verifyTls: false, timeoutMs: 400 },
    code: 'timeout',
    phase: 'response',
    sentence: /^\{target\} took the request but did not answer within 400 ms: /,
    reached: 'sent',
    tlsFacts: { protocol: 'TLSv1.3' },
  },
  {
    name: 'a body over TLS shorter than its length',
    script: [halfBody()],
    tls: makeCertificate({ issuer: trusted }),
    url: https('localhost'),
    code: 'incomplete',
    status: 200,
    reason: 'UND_ERR_SOCKET',
    sentence: /^\{target\} answered 200 but closed the connection before the body was complete: /,
    reached: 'answering',
    bodyBytes: 5,
    tlsFacts: { protocol: 'TLSv1.3', isAuthorized: true, subject: 'CN=localhost' },
  },
  {
    name: 'a TLS server behind http',
    script: [],
    tls: makeCertificate(),
    url: (port) => `http://127.0.0.1:${port}/`,
    code: 'reset',
    reason: 'UND_ERR_SOCKET',
    sentence:
      "{target} closed the connection without answering: look for a crash in the receiver's log, or a proxy between that cuts it off.",
    reached: 'sent',
    isLasting: true,
  },
];
