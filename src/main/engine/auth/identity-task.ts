import { task } from '../background/background.ts';
import { checkedIdentity, type CheckedIdentity } from './certificates.ts';
import type { ClientIdentity } from './config.ts';

/** A certificate of a client that is to be checked. */
export interface IdentityOrder {
  readonly identity: ClientIdentity;
  /** Of the fields, with a dot at its end. */
  readonly path: string;
  readonly nowMs: number;
}

/** Checks a client's certificate and opens its key, whose file says how long that takes. Rejects with a Refusal. */
export const checkIdentityTask = task('checkIdentity', ({ identity, path, nowMs }: IdentityOrder): Promise<CheckedIdentity> =>
  checkedIdentity(identity, path, nowMs),
);
