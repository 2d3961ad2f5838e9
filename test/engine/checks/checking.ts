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
    // Of a check under way only its state is read: it has hundreds of messages, each of them tells of changes, and its cases are long.
    const isRunning = async () => (await client.checks.list({ limit: 200 })).items.find((check) => check.id === id)?.status === 'running';
    while (await isRunning()) {
      let change = await changes.next();
      while (change.done !== true && change.value.topic !== 'checks') change = await changes.next();
    }
    return await client.checks.get({ id });
  } finally {
    stop.abort();
    await changes.return?.();
  }
}

/** The cases with a result, as `id: message`. */
export function casesWith({ cases }: CheckDetail, ...results: readonly CheckDetail['cases'][number]['result'][]): readonly string[] {
  return cases.filter(({ result }) => results.includes(result)).map(({ id, message }) => `${id}: ${message}`);
}
