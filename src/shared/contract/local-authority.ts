import { z } from 'zod';
import { base } from './common.ts';

/** The certificate authority of this workspace, which signs the certificates of the bins' HTTPS; its key never leaves the workspace. */
export const localAuthority = z.strictObject({
  /** Name of its certificate, by which a store of certificates lists it. */
  commonName: z.string(),
  certificatePem: z.string(),
  /** SHA-256 of the certificate, as OpenSSL prints it: pairs of hex digits with colons between them. */
  fingerprint: z.string(),
  notBeforeMs: z.number().int(),
  notAfterMs: z.number().int(),
  /** Base URL of the HTTPS port, without a slash at the end; null while that is off. */
  httpsUrl: z.string().nullable(),
});
export type LocalAuthority = z.infer<typeof localAuthority>;

export const localAuthorities = {
  get: base
    .route({
      method: 'GET',
      path: '/local-authority',
      summary: "Read the certificate authority of the bins' HTTPS, which is made when it is first asked for",
    })
    .output(localAuthority),
  replace: base
    .route({
      method: 'POST',
      path: '/local-authority/replace',
      summary: 'Make another authority with a new key; whoever trusts the old one no longer trusts the bins',
    })
    .output(localAuthority),
};
