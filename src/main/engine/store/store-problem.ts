import { Refusal } from '../base/refusal.ts';

/** Why the store refuses writes: an error code of SQLite or of the writer, and a sentence. */
export interface StoreProblem {
  readonly code: string;
  readonly message: string;
}

/** Code: the writer thread has ended. */
export const writerLostCode = 'writer';

/** Code: this process no longer holds the file or its lock. */
export const takenAwayCode = 'taken away';

/** The refusal of a call for a problem of the store. */
export function problemRefusal({ code, message }: StoreProblem): Refusal<'STORE_UNAVAILABLE'> {
  return new Refusal('STORE_UNAVAILABLE', message, { reason: code });
}
