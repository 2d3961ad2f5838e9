import { ORPCError } from '@orpc/server';

/** Whether a caller can act on an error: the contract refused something. */
export function isRefusal(error: unknown): error is ORPCError<string, unknown> {
  return error instanceof ORPCError && error.status < 500;
}

/** An error in a sentence, as the contract tells it. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isName = error instanceof ORPCError && error.code === 'NOT_FOUND' && !/\b[a-z]{2,4}_\w/.test(error.message);
  return isName ? `${error.message} Things are named by their ids here, such as ep_… or bin_…: the list_ tools tell them.` : error.message;
}
