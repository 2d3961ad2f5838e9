import type { Connection } from './connection.ts';
import { HookyardError, NotMetError } from './errors.ts';
import type { WaitResult } from './types.ts';

/** How long a wait takes that does not say: HOOKYARD_WAIT_MS, for slow machines, or 4 seconds, one less than Vitest gives a test. */
function usualMs(): number {
  const given = process.env['HOOKYARD_WAIT_MS'] ?? '';
  if (given === '') return 4000;
  const waitMs = Number(given);
  if (Number.isInteger(waitMs) && waitMs > 0) return waitMs;
  throw new HookyardError(`HOOKYARD_WAIT_MS is ${given}: give a number of milliseconds, such as 10000.`);
}

/** What `POST /api/waits` answers once it is met; rejects with a NotMetError where it is not, with what `more` tells of what came closest. */
export async function wait<T>(
  { call }: Connection,
  asked: Readonly<Record<string, unknown>>,
  withinMs = usualMs(),
  more?: (result: WaitResult) => Promise<string>,
): Promise<WaitResult & { readonly matched: readonly T[] }> {
  const result = await call<WaitResult & { readonly matched: readonly T[] }>('POST', '/waits', { ...asked, withinMs });
  if (result.isMet) return result;
  const added = more === undefined ? '' : await more(result);
  throw new NotMetError(`${result.report}${added}`, result);
}
