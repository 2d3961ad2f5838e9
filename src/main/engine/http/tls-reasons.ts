import { localAuthorityName } from '#shared/trust-steps.ts';

/** The contents of a peer's certificate, for sentences. Dates are as OpenSSL prints them, such as `Jan  1 00:00:00 2026 GMT`. */
export interface CertificateFacts {
  readonly issuer: string | null;
  readonly validFrom: string | null;
  readonly validTo: string | null;
  /** Names it is issued for, such as `DNS:example.com`. */
  readonly names: string | null;
}

/** Verification codes of OpenSSL as Node names them (`X509_V_ERR_*` without the prefix). */
const verificationCodes: ReadonlySet<string> = new Set([
  'CERT_CHAIN_TOO_LONG',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REJECTED',
  'CERT_REVOKED',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'CRL_HAS_EXPIRED',
  'CRL_NOT_YET_VALID',
  'CRL_SIGNATURE_FAILURE',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERROR_IN_CERT_NOT_AFTER_FIELD',
  'ERROR_IN_CERT_NOT_BEFORE_FIELD',
  'ERROR_IN_CRL_LAST_UPDATE_FIELD',
  'ERROR_IN_CRL_NEXT_UPDATE_FIELD',
  'HOSTNAME_MISMATCH',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'PATH_LENGTH_EXCEEDED',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY',
  'UNABLE_TO_DECRYPT_CERT_SIGNATURE',
  'UNABLE_TO_DECRYPT_CRL_SIGNATURE',
  'UNABLE_TO_GET_CRL',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** Whether an error code comes from TLS: a certificate check, OpenSSL itself or Node's TLS layer. */
export function isTlsCode(code: string): boolean {
  return verificationCodes.has(code) || code === 'EPROTO' || code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_');
}

/** The code of an older alert by one name: OpenSSL calls it SSLv3 or SSL/TLS, by its version. */
export function alertCode(code: string): string {
  return code.replace('SSL/TLS_ALERT', 'SSLV3_ALERT');
}

const trustHint =
  'Have it signed by an authority this machine trusts, add its authority to the authentication of this endpoint, or turn off TLS verification for it.';

/** One sentence on a TLS failure. `target` is host and port; `certificate` is null when none was seen. */
export function tlsSentence(target: string, code: string, certificate: CertificateFacts | null): string {
  switch (alertCode(code)) {
    case 'CERT_HAS_EXPIRED':
      return `The certificate of ${target} expired${on(certificate?.validTo)}: renew it on the receiver, and check the clock of this machine.`;
    case 'CERT_NOT_YET_VALID':
      return `The certificate of ${target} is not valid before ${certificate?.validFrom ?? 'a later date'}: check the clocks of the receiver and of this machine.`;
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return `The certificate of ${target} is self-signed. ${trustHint}`;
    case 'SELF_SIGNED_CERT_IN_CHAIN':
      return `The certificate chain of ${target} ends in an authority that this machine does not trust${by(certificate?.issuer)}. ${trustHint}`;
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return unknownIssuer(target, certificate?.issuer ?? null);
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
    case 'HOSTNAME_MISMATCH':
      return `The certificate of ${target} is made out to ${certificate?.names ?? 'other names'}, not to this host: use a name it covers in the URL, or replace the certificate.`;
    case 'CERT_REVOKED':
      return `The certificate of ${target} was revoked by its issuer: replace it on the receiver.`;
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
    case 'ERR_SSL_HTTP_REQUEST':
      return `${target} does not speak TLS: it probably expects plain HTTP, so try http:// in the URL.`;
    case 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION':
    case 'ERR_SSL_UNSUPPORTED_PROTOCOL':
      return `${target} and Hookyard have no TLS version in common: enable TLS 1.2 or 1.3 on the receiver.`;
    case 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED':
      return `${target} asks for a client certificate, and none was sent: give this endpoint an authentication with mutual TLS, or let the receiver accept requests without a certificate.`;
    case 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA':
      return `${target} does not know the authority of the client certificate: let the receiver trust it, or use a certificate of an authority that it trusts.`;
    case 'ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED':
      return `${target} refused the client certificate because it has expired: put a new one into the authentication, and check the clock of the receiver.`;
    case 'ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE':
    case 'ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN':
    case 'ERR_SSL_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE':
      return `${target} refused the client certificate: the receiver's own log says why.`;
    case 'ERR_SSL_TLSV1_UNRECOGNIZED_NAME':
      return `${target} has no certificate for this host name: check the host in the URL and the receiver's virtual hosts.`;
    case 'ECONNRESET':
      return `${target} cut the connection during the TLS handshake: check that this port speaks TLS and that the receiver has a certificate for this host.`;
    default:
      if (code.includes('HANDSHAKE_FAILURE'))
        return `${target} refused the TLS handshake: compare the TLS versions, ciphers and client certificates it asks for.`;
      return `TLS with ${target} failed (${code}): look at the certificate and the TLS settings of the receiver.`;
  }
}

const localIssuer = new RegExp(`^CN=(${localAuthorityName} [0-9a-f]{8})( intermediate)?$`);

/**
 * The issuer of a bin's certificate is told by its name, which says what to do: the bin sends no chain. Where the authority is not trusted, OpenSSL
 * ends there, and the host name is compared only once the chain is whole.
 */
function unknownIssuer(target: string, issuer: string | null): string {
  const [, authority, intermediate] = localIssuer.exec(issuer ?? '') ?? [];
  if (authority === undefined)
    return `The issuer of the certificate of ${target} is not known${by(issuer)}: the receiver should send its intermediate certificates too. ${trustHint}`;
  if (intermediate !== undefined)
    return `The issuer of the certificate of ${target} is not known${by(issuer)}: it is an intermediate one, and the receiver did not send its certificate. The TLS fault missing-intermediate of a bin does this: leave that label out of the host name for a whole chain.`;
  return `The certificate of ${target} is signed by ${authority}, the local authority of a Hookyard, which is not trusted here: get its certificate under Settings, HTTPS or with "hookyard ca export", and add it as authority to the authentication of this endpoint, or turn off TLS verification for it. Until it is trusted, the host name in the certificate is not checked, so a wrong one is not told yet.`;
}

function on(date: string | null | undefined): string {
  return date === null || date === undefined ? '' : ` on ${date}`;
}

function by(issuer: string | null | undefined): string {
  return issuer === null || issuer === undefined ? '' : ` (${issuer})`;
}
