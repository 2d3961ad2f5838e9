const everything = globalThis as { [name: symbol]: unknown };

/** A value that is made once in this process, though a test has the modules read anew: threads would be left behind with each. */
export function keptByProcess<T>(name: string, make: () => T): T {
  return (everything[Symbol.for(`hookyard kept ${name}`)] ??= make()) as T;
}
