/**
 * Work that is asked for again and again, as by changes: what is asked for while it is under way is done once more afterwards, for the newest
 * input. With a `restFactor`, as many times as long as it took passes in between, so that a flood of changes does not keep the engine busy.
 */
export function oneAtATime<Input>(work: (input: Input) => Promise<void>, restFactor = 0): (input: Input) => Promise<void> {
  let asked: { readonly input: Input } | null = null;
  let running: Promise<void> | null = null;
  const run = async () => {
    while (asked !== null) {
      const { input }: { readonly input: Input } = asked;
      asked = null;
      const startedMs = performance.now();
      await work(input);
      if (restFactor > 0) await rest((performance.now() - startedMs) * restFactor);
    }
    running = null;
  };
  return (input) => {
    asked = { input };
    return (running ??= run());
  };
}

function rest(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
