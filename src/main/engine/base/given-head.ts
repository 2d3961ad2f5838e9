import { Buffer } from 'node:buffer';
import type { HeaderField } from '#shared/contract/common.ts';
import { ownBytes } from './own-bytes.ts';

/** Method and headers that a message brings along, in place of those that an endpoint's fields make. */
export interface GivenHead {
  readonly method: string;
  /** In wire order and case; a name may come several times. Without those that the sender writes itself. */
  readonly headers: readonly HeaderField[];
  /** Whether the endpoint signs the request. Its signature then takes the place of the given headers of the same name. */
  readonly isSigned: boolean;
  /** Whether headers of the endpoint's authentication take the place of the given ones of the same names; left out, they do not. */
  readonly isAuthenticated?: boolean | undefined;
  /** Whether the secret headers of the endpoint are added, in place of the given ones of the same names; left out, they are not. */
  readonly hasSecretHeaders?: boolean | undefined;
  /** Path and query in place of those of the endpoint's URL, as they go on the wire; left out, the URL is that of the endpoint. */
  readonly target?: string | undefined;
  /** How a relay changed the captured request, a sentence each. */
  readonly changes?: readonly string[] | undefined;
}

/** As it is stored among the bodies, where many messages of one kind share it. */
export function packHead({ method, headers, isSigned, isAuthenticated, hasSecretHeaders, target, changes }: GivenHead): Uint8Array {
  // Written only where it is so, so that the bytes of a head stay what they were.
  const authenticated = isAuthenticated === true ? { isAuthenticated } : {};
  const secret = hasSecretHeaders === true ? { hasSecretHeaders } : {};
  return ownBytes(Buffer.from(JSON.stringify({ method, headers, isSigned, ...authenticated, ...secret, target, changes }), 'utf8'));
}

export function unpackHead(bytes: Uint8Array): GivenHead {
  return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')) as GivenHead;
}
