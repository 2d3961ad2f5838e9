import type { RefusalReason } from '#shared/contract/refused-requests.ts';
import { alertCode } from '../../http/tls-reasons.ts';
import type { FailedHandshake } from './tls-listener.ts';

/** Why a sender broke a handshake off, or what it offered, by Node's code. */
const seenBy: Readonly<Record<string, string>> = {
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: 'The sender does not know the authority of the certificate, and said so (alert unknown_ca).',
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: 'The sender refused the certificate (alert bad_certificate).',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: 'The sender refused the certificate without a reason (alert certificate_unknown).',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: 'The sender says that the certificate has expired (alert certificate_expired).',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'The sender does not take the version of TLS that it was offered (alert protocol_version).',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'The sender offers no version of TLS that is taken here.',
  ERR_SSL_NO_SHARED_CIPHER: 'The sender offers no cipher that is taken here.',
  ERR_TLS_HANDSHAKE_TIMEOUT: 'The handshake was not complete after 30 seconds.',
  ECONNRESET: 'The sender closed the connection during the TLS handshake, without saying why.',
};

/** A handshake that failed, as it is kept among what was refused. */
export function handshakeDiagnosis({ code, serverName, fault }: FailedHandshake): {
  readonly reason: RefusalReason;
  readonly seen: string;
} {
  const seen = seenBy[alertCode(code)] ?? `The TLS handshake failed (${code === '' ? 'without a code' : code}).`;
  const asked = serverName !== null && /^[a-z0-9.-]{1,253}$/i.test(serverName) ? ` It asked for ${serverName}.` : '';
  return { reason: fault === null ? 'tls-handshake' : 'tls-fault', seen: `${seen}${asked}` };
}
