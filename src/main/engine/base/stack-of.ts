/** An error for the log: where it came from, or what was thrown in place of one. */
export function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
