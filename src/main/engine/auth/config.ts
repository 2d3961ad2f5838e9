import type { AuthKind, AuthPartInput } from '#shared/contract/auths.ts';

/** A secret of a part and until when it still signs; null for ever. */
export interface PartSecret {
  readonly secret: string;
  readonly expiresAtMs: number | null;
}

type WithoutSecret<P> = P extends unknown ? Omit<P, 'secret' | 'password' | 'token' | 'value'> : never;

/** A part inside the engine, secrets in clear and newest first; only a signature has more than one. */
export type StoredPart = WithoutSecret<AuthPartInput> & { readonly secrets: readonly PartSecret[] };

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
