/** What newer platforms have to let other work in; the types of this room do not know it yet. */
interface Yielding {
  readonly scheduler?: { readonly yield?: () => Promise<void> };
}

/** Lets other work in: what comes after it is a task of its own. */
export function nextTask(): Promise<void> {
  return (globalThis as Yielding).scheduler?.yield?.() ?? new Promise((resolve) => setTimeout(resolve, 0));
}
