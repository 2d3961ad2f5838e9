import type { AuthKind, AuthPartInput, CertificateInfo } from '#shared/contract/auths.ts';

/** A secret of a part and until when it still signs; null for ever. */
export interface PartSecret {
  readonly secret: string;
  readonly expiresAtMs: number | null;
}

type WithoutSecret<P> = P extends unknown
  ? Omit<P, 'secret' | 'password' | 'token' | 'value' | 'clientSecret' | 'certificate' | 'privateKey' | 'pkcs12Base64' | 'passphrase'>
  : never;

/** A part inside the engine, secrets in clear and newest first; only a signature has more than one. */
export type StoredPart =
  | (WithoutSecret<Exclude<AuthPartInput, { readonly kind: 'mutual-tls' | 'ca' }>> & { readonly secrets: readonly PartSecret[] })
  | MutualTlsPart
  | CaPart;

/** The certificate of the client; its secret is a {@link ClientIdentity} as JSON. */
export interface MutualTlsPart {
  readonly kind: 'mutual-tls';
  readonly form: 'pem' | 'pkcs12';
  readonly certificate: CertificateInfo;
  readonly secrets: readonly PartSecret[];
}

/** What `node:tls` takes to show a certificate. */
export interface ClientIdentity {
  readonly certificate?: string | undefined;
  readonly privateKey?: string | undefined;
  readonly pkcs12Base64?: string | undefined;
  readonly passphrase?: string | undefined;
}

/** Authorities that are trusted too; they are no secret. */
export interface CaPart {
  readonly kind: 'ca';
  readonly certificates: string;
  readonly authorities: readonly CertificateInfo[];
  readonly secrets: readonly PartSecret[];
}

/** An authentication inside the engine. Never leaves the engine. */
export interface AuthConfig {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly parts: readonly StoredPart[];
  readonly isDeleted: boolean;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** The part of a kind; undefined when there is none. */
export function partOf<K extends AuthKind>(
  { parts }: Pick<AuthConfig, 'parts'>,
  kind: K,
): Extract<StoredPart, { readonly kind: K }> | undefined {
  return parts.find((part): part is Extract<StoredPart, { readonly kind: K }> => part.kind === kind);
}

/** The newest secret of a part. */
export function secretOf({ secrets }: Pick<StoredPart, 'secrets'>): string {
  return secrets[0]?.secret ?? '';
}
