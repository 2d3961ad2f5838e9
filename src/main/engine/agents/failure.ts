import { ORPCError } from '@orpc/server';

/** Whether a caller can act on an error: the contract refused something. */
export function isRefusal(error: unknown): error is ORPCError<string, unknown> {
  return error instanceof ORPCError && error.status < 500;
}

/** An error in a sentence, as the contract tells it. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
