import type { Socket } from 'node:net';
import { TLSSocket, type PeerCertificate } from 'node:tls';
import type { ConnectionFacts } from '#shared/contract/deliveries.ts';
import type { CertificateFacts } from './tls-reasons.ts';

/** The facts of an open connection; read them before the socket is destroyed. */
export function connectionFactsOf(socket: Socket): Omit<ConnectionFacts, 'isReused'> {
  return {
    remoteAddress: socket.remoteAddress ?? null,
    remotePort: socket.remotePort ?? null,
    tls: socket instanceof TLSSocket ? tlsFactsOf(socket) : null,
  };
}

/** The contents of the certificate, for sentences; null when the peer sent none. */
export function certificateFactsOf(socket: TLSSocket): CertificateFacts | null {
  const certificate = peerCertificateOf(socket);
  if (certificate === null) return null;
  return {
    issuer: nameText(certificate.issuer),
    validFrom: certificate.valid_from,
    validTo: certificate.valid_to,
    names: certificate.subjectaltname ?? nameText(certificate.subject),
  };
}

function tlsFactsOf(socket: TLSSocket): ConnectionFacts['tls'] {
  const certificate = peerCertificateOf(socket);
  return {
    protocol: socket.getProtocol(),
    cipher: socket.getCipher().name,
    alpn: typeof socket.alpnProtocol === 'string' ? socket.alpnProtocol : null,
    subject: nameText(certificate?.subject),
    issuer: nameText(certificate?.issuer),
    validFrom: certificate?.valid_from ?? null,
    validTo: certificate?.valid_to ?? null,
    fingerprint256: certificate?.fingerprint256 ?? null,
    isAuthorized: socket.authorized,
    authorizationError: authorizationCodeOf(socket),
  };
}

/** The code why the peer is not trusted, or null. The typings say Error; what Node sets is the code as text. */
export function authorizationCodeOf(socket: TLSSocket): string | null {
  const error: unknown = socket.authorizationError;
  if (error === null || error === undefined) return null;
  return typeof error === 'string' ? error : String(error);
}

/** Node returns an empty object when there is no certificate. */
function peerCertificateOf(socket: TLSSocket): PeerCertificate | null {
  const certificate = socket.getPeerCertificate();
  return Object.keys(certificate).length === 0 ? null : certificate;
}

/** A distinguished name on one line, such as `CN=example.com, O=Example`. */
function nameText(name: Readonly<Record<string, string | readonly string[] | undefined>> | undefined): string | null {
  if (name === undefined) return null;
  const parts = Object.entries(name).flatMap(([key, value]) => (value === undefined ? [] : [value].flat().map((text) => `${key}=${text}`)));
  return parts.length === 0 ? null : parts.join(', ');
}
