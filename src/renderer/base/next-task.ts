/** Yields to other work on newer platforms; the types of this room do not have it yet. */
interface Yielding {
  readonly scheduler?: { readonly yield?: () => Promise<void> };
}

/** Yields to other work: what comes after it runs as a separate task. */
export function nextTask(): Promise<void> {
  return (globalThis as Yielding).scheduler?.yield?.() ?? new Promise((resolve) => setTimeout(resolve, 0));
}
