/** Ends a program with this exit code after printing the message, one sentence that says what to change. */
export class ExitError extends Error {
  override readonly name = 'ExitError';
  readonly exitCode: number;

  constructor(message: string, exitCode: number, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** The command line or something it names cannot be used: exit code 2. */
export function usageError(message: string, options?: ErrorOptions): ExitError {
  return new ExitError(message, 2, options);
}
