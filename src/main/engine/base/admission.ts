import { ORPCError } from '@orpc/server';
import { isForAgents } from './agent-procedures.ts';

/** How far what a caller has sent may go: to any address, or to loopback addresses only. */
export type Reach = 'anywhere' | 'loopback';

/** What a caller may do: everything, or what agents may. */
export interface Rights {
  readonly of: 'user' | 'agent';
  readonly reach: Reach;
}

const everything: Rights = { of: 'user', reach: 'anywhere' };

/** Proof that a door has judged a caller and let it in, with its rights. Only {@link admit} makes one. */
export class Admission {
  readonly #isMade = true;
  readonly rights: Rights;

  constructor(rights: Rights) {
    this.rights = rights;
  }

  /** Whether a value is such a proof and does not merely look like one. */
  static proves(value: unknown): value is Admission {
    return typeof value === 'object' && value !== null && #isMade in value && value.#isMade;
  }
}

/** Who calls through which door; each door makes one per connection or request, with `admit`, once it has let the caller in. */
export interface CallContext {
  /** As shown for who made a thing, such as `alice (window)`. */
  readonly actor: string;
  /** Without it every procedure refuses. */
  readonly admission: Admission;
}

/** Who has something sent, and how far it may go. */
export interface Caller {
  readonly actor: string;
  readonly reach: Reach;
}

/** The context of one caller's calls. A door calls this only after it has let the caller in. */
export function admit(actor: string, rights: Rights = everything): CallContext {
  return { actor, admission: new Admission(rights) };
}

export function callerOf({ actor, admission }: CallContext): Caller {
  return { actor, reach: admission.rights.reach };
}

/**
 * Refuses a call that no door has let in, however it came, and one that its caller has no right to. Every procedure of the contract runs
 * behind this.
 */
export function refuseUnadmitted({ admission }: Partial<CallContext>, procedure: string): void {
  if (!Admission.proves(admission))
    throw new ORPCError('UNAUTHORIZED', { status: 401, message: 'No door has let this call in: send it with the token of this host.' });
  if (admission.rights.of === 'agent' && !isForAgents(procedure))
    throw new ORPCError('FORBIDDEN', { status: 403, message: `Agents have no right to ${procedure}: ask the user to do it.` });
}
