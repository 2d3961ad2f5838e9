import { ORPCError } from '@orpc/server';

/** Proof that a door has judged a caller and let it in. Only {@link admit} makes one. */
export class Admission {
  readonly #isMade = true;

  /** Whether a value is such a proof and does not merely look like one. */
  static proves(value: unknown): boolean {
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

/** The context of one caller's calls. A door calls this only after it has let the caller in. */
export function admit(actor: string): CallContext {
  return { actor, admission: new Admission() };
}

/** Refuses a call that no door has let in, however it came. Every procedure of the contract runs behind this. */
export function refuseUnadmitted(context: Partial<CallContext>): void {
  if (!Admission.proves(context.admission))
    throw new ORPCError('UNAUTHORIZED', { status: 401, message: 'No door has let this call in: send it with the token of this host.' });
}
