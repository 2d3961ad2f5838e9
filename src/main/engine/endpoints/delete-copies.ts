import type { Vault } from '../base/ports.ts';
import type { Database, Writer } from '../store/database.ts';
import { hotWrite } from '../store/hot-write.ts';
import { sealJson } from '../store/sealed.ts';
import { timedStep, writeInSteps, type WriteStep } from '../store/write-steps.ts';
import type { EndpointBook } from './book.ts';

/** Some of the copies of an endpoint, to be marked deleted and to lose their secrets. */
interface CopiesOrder {
  readonly endpointId: string;
  /** What stands in place of secret headers, and of signing secrets. */
  readonly noSecrets: readonly [Uint8Array, Uint8Array];
  readonly nowMs: number;
  readonly limit: number;
}

function deleteCopiesStep(writer: Pick<Writer, 'runRaw'>, { endpointId, noSecrets, nowMs, limit }: CopiesOrder): WriteStep {
  return timedStep(() => {
    const changed = writer.runRaw(
      `UPDATE endpoints SET secret_headers_sealed = ?, secrets_sealed = ?, deleted_at_ms = ?, is_active = 0 WHERE seq IN
         (SELECT seq FROM endpoints WHERE copy_of = ? AND deleted_at_ms IS NULL LIMIT ?)`,
      [...noSecrets, nowMs, endpointId, limit],
    );
    return { rows: changed, changed };
  });
}

export const deleteCopiesWrite = hotWrite('deleteCopies', deleteCopiesStep);

/** Marks the copies of a deleted endpoint, which tests and runs sent to, as deleted too, and erases their secrets, in steps. */
export async function deleteCopies(
  { database, vault, endpoints }: { readonly database: Database; readonly vault: Vault; readonly endpoints: EndpointBook },
  endpointId: string,
  nowMs: number,
): Promise<void> {
  const noSecrets = [sealJson(vault, {}), sealJson(vault, [])] as const;
  await writeInSteps((limit) => database.hot(deleteCopiesWrite, { endpointId, noSecrets, nowMs, limit }));
  // Afterwards, since meanwhile one may have been read as it was.
  for (const copy of endpoints.inMemory())
    if (copy.copyOf === endpointId) endpoints.put({ ...copy, secrets: [], secretHeaders: {}, isActive: false, isDeleted: true });
}

/** Deleted endpoints with copies that are not: the process ended while they were deleted. */
export function deletedWithCopies(database: Pick<Database, 'values'>): readonly string[] {
  return database
    .values<[string]>(
      'SELECT DISTINCT c.copy_of FROM endpoints AS c JOIN endpoints AS e ON e.id = c.copy_of WHERE c.copy_of IS NOT NULL AND c.deleted_at_ms IS NULL AND e.deleted_at_ms IS NOT NULL',
      [],
    )
    .map(([id]) => id);
}
