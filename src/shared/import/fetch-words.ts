import type { PastedProblem } from './pasted.ts';

/** What is to be said of a part that only the code knows. */
export function madeByCode(what: string): PastedProblem {
  return { message: `${what} is made by code, and the paste does not contain the result; write it as it was sent.` };
}

/** What is to be said of a call that sends nothing. */
export function refused(what: string): string {
  return `${what}, which fetch refuses.`;
}
