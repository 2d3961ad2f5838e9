import { isDeepStrictEqual } from 'node:util';
import type { Vault } from '../base/ports.ts';
import type { Writer } from '../store/database.ts';
import { sealJson } from '../store/sealed.ts';
import type { EndpointConfig } from './config.ts';
import { toRow } from './row.ts';
import { testCopy } from './test-copy.ts';

/** Whether the secrets of an endpoint, or its secret headers, are others than they were. */
export function hasOtherSecrets(before: EndpointConfig, after: EndpointConfig): boolean {
  return !isDeepStrictEqual([before.secrets, before.secretHeaders], [after.secrets, after.secretHeaders]);
}

/**
 * Lets the copies that tests and runs sent to follow their endpoint in the write that changes it. Those that are as it was, or as it is now, become as it is:
 * their deliveries are made again as others are. Where its secrets are replaced, all others lose what they have of them and are marked deleted.
 */
export function followEndpoint(writer: Pick<Writer, 'runRaw'>, vault: Vault, before: EndpointConfig, after: EndpointConfig): void {
  const rowOf = (config: EndpointConfig) => toRow(testCopy(config, { id: '', creator: '', nowMs: 0 }), vault);
  const [was, is] = [rowOf(before), rowOf(after)];
  writer.runRaw(
    `UPDATE endpoints SET name = ?, url = ?, description = ?, events_json = ?, config_json = ?, secret_headers_sealed = ?, secrets_sealed = ?
       WHERE test_of = ? AND deleted_at_ms IS NULL AND ((url = ? AND config_json = ?) OR (url = ? AND config_json = ?))`,
    [
      is.name,
      is.url,
      is.description,
      is.events_json,
      is.config_json,
      is.secret_headers_sealed,
      is.secrets_sealed,
      after.id,
      was.url,
      was.config_json,
      is.url,
      is.config_json,
    ],
  );
  if (!hasOtherSecrets(before, after)) return;
  writer.runRaw(
    `UPDATE endpoints SET secret_headers_sealed = ?, secrets_sealed = ?, deleted_at_ms = ?, is_active = 0
       WHERE copy_of = ? AND deleted_at_ms IS NULL AND NOT (test_of IS NOT NULL AND url = ? AND config_json = ?)`,
    [sealJson(vault, {}), sealJson(vault, []), after.updatedAtMs, after.id, is.url, is.config_json],
  );
}
