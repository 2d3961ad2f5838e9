import { admit, createDirectClient } from '#engine/index.ts';
import type { CheckDetail } from '#shared/contract/checks.ts';
import type { EngineClient } from '../../support/clocked-engine.ts';
import { startTestEngine } from '../../support/engine.ts';

/** A client of an engine of its own, whose clock is the real one: receivers look at theirs. */
export async function startChecking(): Promise<EngineClient> {
  const { engine } = await startTestEngine();
  return createDirectClient(engine.router, admit('tester'));
}

/** Runs a check to its end. */
export async function checked(client: EngineClient, asked: Parameters<EngineClient['checks']['start']>[0]): Promise<CheckDetail> {
  const stop = new AbortController();
  const changes = await client.system.changes(undefined, { signal: stop.signal });
  try {
    await changes.next();
    const { id } = await client.checks.start(asked);
    for (;;) {
      const check = await client.checks.get({ id });
      if (check.status !== 'running') return check;
      await changes.next();
    }
  } finally {
    stop.abort();
    await changes.return?.();
  }
}

/** The cases with a result, as `id: message`. */
export function casesWith({ cases }: CheckDetail, ...results: readonly CheckDetail['cases'][number]['result'][]): readonly string[] {
  return cases.filter(({ result }) => results.includes(result)).map(({ id, message }) => `${id}: ${message}`);
}
