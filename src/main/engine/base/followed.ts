/** Runs work and yields what it tells as it comes. Returns what the work resolves to. The work goes on where nobody listens any more. */
export async function* followed<T, E>(work: (tell: (event: E) => void) => Promise<T>): AsyncGenerator<E, T, void> {
  const news: E[] = [];
  let wake: () => void = () => undefined;
  let outcome: { readonly value: T } | { readonly error: unknown } | undefined;
  const settle = (settled: NonNullable<typeof outcome>) => {
    outcome = settled;
    wake();
  };
  void work((event) => {
    news.push(event);
    wake();
  }).then(
    (value) => settle({ value }),
    (error: unknown) => settle({ error }),
  );
  for (;;) {
    for (const event of news.splice(0)) yield event;
    if (outcome !== undefined) break;
    await new Promise<void>((resolve) => {
      wake = resolve;
      if (news.length > 0 || outcome !== undefined) resolve();
    });
  }
  if ('error' in outcome) throw outcome.error;
  return outcome.value;
}
