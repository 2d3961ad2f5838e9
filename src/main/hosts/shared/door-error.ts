/** A request that the door itself refuses. */
export class DoorError extends Error {
  readonly statusCode: number;
  readonly code: string;
  readonly data: unknown;
  /** When to try again; null when that would not help. */
  readonly retryAfterSeconds: number | null;

  constructor(
    statusCode: number,
    code: string,
    message: string,
    data?: unknown,
    { retryAfterSeconds = null }: { readonly retryAfterSeconds?: number | null } = {},
  ) {
    super(message);
    this.statusCode = statusCode;
    this.code = code;
    this.data = data;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
