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

/** What each part reads; where some throw usage errors, one with the sentences of all of them. */
export function readTogether<Parts extends Readonly<Record<string, unknown>>>(parts: {
  readonly [Name in keyof Parts]: () => Parts[Name];
}): Parts {
  const read: Partial<Parts> = {};
  const problems: string[] = [];
  for (const name of Object.keys(parts) as (keyof Parts)[]) {
    try {
      read[name] = parts[name]();
    } catch (error) {
      if (!(error instanceof ExitError)) throw error;
      problems.push(error.message);
    }
  }
  if (problems.length > 0) throw usageError(problems.join(' '));
  return read as Parts;
}
