import type { Vault } from '../base/ports.ts';
import type { Database, Writer } from '../store/database.ts';
import { hotWrite } from '../store/hot-write.ts';
import { sealJson } from '../store/sealed.ts';
import { timedStep, writeInSteps, type WriteStep } from '../store/write-steps.ts';
import type { EndpointBook } from './book.ts';

/** Some of the copies of an endpoint that were made for tests, to be marked deleted and to lose their secrets. */
interface CopiesOrder {
  readonly testOf: string;
  /** What stands in place of secret headers, and of signing secrets. */
  readonly noSecrets: readonly [Uint8Array, Uint8Array];
  readonly nowMs: number;
  readonly limit: number;
}

function deleteCopiesStep(writer: Pick<Writer, 'runRaw'>, { testOf, noSecrets, nowMs, limit }: CopiesOrder): WriteStep {
  return timedStep(() => {
    const changed = writer.runRaw(
      `UPDATE endpoints SET secret_headers_sealed = ?, secrets_sealed = ?, deleted_at_ms = ?, is_active = 0 WHERE seq IN
         (SELECT seq FROM endpoints WHERE test_of = ? AND deleted_at_ms IS NULL LIMIT ?)`,
      [...noSecrets, nowMs, testOf, limit],
    );
    return { rows: changed, changed };
  });
}

export const deleteCopiesWrite = hotWrite('deleteCopies', deleteCopiesStep);

/** Marks the copies of a deleted endpoint that tests were sent to as deleted too, and erases their secrets, in steps. */
export async function deleteCopies(
  { database, vault, endpoints }: { readonly database: Database; readonly vault: Vault; readonly endpoints: EndpointBook },
  testOf: string,
  nowMs: number,
): Promise<void> {
  const noSecrets = [sealJson(vault, {}), sealJson(vault, [])] as const;
  await writeInSteps((limit) => database.hot(deleteCopiesWrite, { testOf, noSecrets, nowMs, limit }));
  // Afterwards, since meanwhile one may have been read as it was.
  for (const copy of endpoints.inMemory())
    if (copy.testOf === testOf) endpoints.put({ ...copy, secrets: [], secretHeaders: {}, isActive: false, isDeleted: true });
}

/** Deleted endpoints with copies that are not: the process ended while they were deleted. */
export function deletedWithCopies(database: Pick<Database, 'values'>): readonly string[] {
  return database
    .values<[string]>(
      'SELECT DISTINCT c.test_of FROM endpoints AS c JOIN endpoints AS e ON e.id = c.test_of WHERE c.test_of IS NOT NULL AND c.deleted_at_ms IS NULL AND e.deleted_at_ms IS NOT NULL',
      [],
    )
    .map(([id]) => id);
}
