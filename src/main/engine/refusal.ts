import type { RefusalCode, RefusalData } from '#shared/contract/common.ts';

/** A refusal that the caller can act on. Doors turn it into the contract's error of the same code. */
export class Refusal<C extends RefusalCode = RefusalCode> extends Error {
  override readonly name = 'Refusal';
  readonly code: C;
  readonly data: RefusalData<C>;

  constructor(code: C, message: string, data: RefusalData<C>) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

/** The thing asked for does not exist (any more). */
export function notFound(kind: string, id: string): Refusal<'NOT_FOUND'> {
  return new Refusal('NOT_FOUND', `There is no ${kind} ${id}; it may have been deleted.`, { kind, id });
}

/** One field is wrong for a reason that only the engine could see. */
export function invalid(path: string, message: string): Refusal<'INPUT_INVALID'> {
  return new Refusal('INPUT_INVALID', message, { issues: [{ path, message }] });
}
