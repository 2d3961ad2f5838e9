/**
 * Work that is asked for again and again, as by changes: what is asked for while it is under way is done once more afterwards, for the newest
 * input. A call settles with the work that began after it, so that it never waits for calls that come later. With a `restFactor`, as many times
 * as long as it took passes in between, so that a flood of changes does not keep the engine busy.
 */
export function oneAtATime<Input>(work: (input: Input) => Promise<void>, restFactor = 0): (input: Input) => Promise<void> {
  let next: { input: Input; readonly done: PromiseWithResolvers<void> } | null = null;
  let isBusy = false;
  const run = async () => {
    isBusy = true;
    while (next !== null) {
      const { input, done }: NonNullable<typeof next> = next;
      next = null;
      const startedMs = performance.now();
      await work(input).then(done.resolve, done.reject);
      if (restFactor > 0) await rest((performance.now() - startedMs) * restFactor);
    }
    isBusy = false;
  };
  return (input) => {
    if (next === null) next = { input, done: Promise.withResolvers() };
    else next.input = input;
    const { promise } = next.done;
    if (!isBusy) void run();
    return promise;
  };
}

function rest(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
