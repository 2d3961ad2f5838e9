import { createSecureContext, getCACertificates } from 'node:tls';
import { remembered } from '../base/remembered.ts';
import type { TlsCredentials } from '../http/sender.types.ts';
import { partOf, secretOf, type AuthConfig, type ClientIdentity } from './config.ts';

/** What an authentication brings to TLS: its client certificate, and the authorities that it trusts; null for neither. */
export const tlsOf = remembered((auth: AuthConfig): TlsCredentials | null => {
  const client = partOf(auth, 'mutual-tls');
  const authorities = partOf(auth, 'ca');
  if (client === undefined && authorities === undefined) return null;
  const { certificate, privateKey, pkcs12Base64, passphrase } =
    client === undefined ? {} : (JSON.parse(secretOf(client)) as ClientIdentity);
  return {
    key: `${auth.id} ${auth.updatedAtMs}`,
    context: createSecureContext({
      ...(certificate === undefined ? {} : { cert: certificate }),
      ...(privateKey === undefined ? {} : { key: privateKey }),
      ...(pkcs12Base64 === undefined ? {} : { pfx: Buffer.from(pkcs12Base64, 'base64') }),
      ...(passphrase === undefined ? {} : { passphrase }),
      // Given authorities replace the machine's, which are meant to be trusted too.
      ...(authorities === undefined ? {} : { ca: [...getCACertificates('default'), authorities.certificates] }),
    }),
  };
});
