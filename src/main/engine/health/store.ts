import type { DisableReason, HealthEvent } from '#shared/contract/health.ts';
import { setActive } from '../endpoints/store.ts';
import type { Database, Writer } from '../store/database.ts';
import type { EndpointState } from '#shared/health/state.ts';

/** SQL of endpoint states, written by hand because it is on the path of failed attempts. */

/** A state with the events that led to it, as it is passed to the writer thread. */
export interface StateOrder {
  readonly endpointId: string;
  readonly state: EndpointState;
  readonly events: readonly NumberedEvent[];
}

/** An event with the revision of its state, which keeps it from being stored twice. */
export interface NumberedEvent extends HealthEvent {
  readonly revision: number;
}

const saveSql = `INSERT INTO endpoint_states (endpoint_id, revision, failures_in_a_row, failing_since_ms, recovered_at_ms, enabled_at_ms, is_warned,
    disabled_reason, disabled_message, disabled_at_ms, circuit_opened_at_ms, failed_probes)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (endpoint_id) DO UPDATE SET revision = excluded.revision, failures_in_a_row = excluded.failures_in_a_row,
    failing_since_ms = excluded.failing_since_ms, recovered_at_ms = excluded.recovered_at_ms, enabled_at_ms = excluded.enabled_at_ms, is_warned = excluded.is_warned,
    disabled_reason = excluded.disabled_reason, disabled_message = excluded.disabled_message, disabled_at_ms = excluded.disabled_at_ms,
    circuit_opened_at_ms = excluded.circuit_opened_at_ms, failed_probes = excluded.failed_probes
  WHERE excluded.revision > endpoint_states.revision`;

const eventSql = 'INSERT OR IGNORE INTO endpoint_events (endpoint_id, revision, kind, message, at_ms) VALUES (?, ?, ?, ?, ?)';

/** How many events of each endpoint are kept. */
const keptEvents = 200;

const pruneSql = `DELETE FROM endpoint_events WHERE endpoint_id = ?
  AND revision < (SELECT revision FROM endpoint_events WHERE endpoint_id = ? ORDER BY revision DESC LIMIT 1 OFFSET ${keptEvents - 1})`;

/** Stores a state unless a newer one is stored, together with whether the endpoint is active. */
export function saveState(writer: Writer, { endpointId, state, events }: StateOrder): void {
  const { disabled, openCircuit } = state;
  const saved = writer.runRaw(saveSql, [
    endpointId,
    state.revision,
    state.failuresInARow,
    state.failingSinceMs,
    state.recoveredAtMs,
    state.enabledAtMs,
    Number(state.isWarned),
    disabled?.reason ?? null,
    disabled?.message ?? null,
    disabled?.atMs ?? null,
    openCircuit?.openedAtMs ?? null,
    openCircuit?.failedProbes ?? 0,
  ]);
  if (saved > 0) setActive(writer, endpointId, disabled === null);
  for (const event of events) writer.runRaw(eventSql, [endpointId, event.revision, event.kind, event.message, event.atMs]);
  if (events.length > 0) writer.runRaw(pruneSql, [endpointId, endpointId]);
}

/** Shifts open circuits and rows of failures after the clock was set. */
export function moveStates(writer: Pick<Writer, 'runRaw'>, byMs: number): void {
  writer.runRaw(
    'UPDATE endpoint_states SET circuit_opened_at_ms = circuit_opened_at_ms + ?, failing_since_ms = failing_since_ms + ? WHERE failures_in_a_row > 0',
    [byMs, byMs],
  );
}

/** Deletes the state and the history of a deleted endpoint. */
export function deleteState(writer: Writer, endpointId: string): void {
  writer.runRaw('DELETE FROM endpoint_states WHERE endpoint_id = ?', [endpointId]);
  writer.runRaw('DELETE FROM endpoint_events WHERE endpoint_id = ?', [endpointId]);
}

interface StateRow {
  readonly endpointId: string;
  readonly revision: number;
  readonly failuresInARow: number;
  readonly failingSinceMs: number | null;
  readonly recoveredAtMs: number | null;
  readonly enabledAtMs: number | null;
  readonly isWarned: number;
  readonly disabledReason: string | null;
  readonly disabledMessage: string | null;
  readonly disabledAtMs: number | null;
  readonly openedAtMs: number | null;
  readonly failedProbes: number;
}

/** Every stored state, by endpoint. */
export function allStates(database: Pick<Database, 'raw'>): ReadonlyMap<string, EndpointState> {
  const rows = database.raw<StateRow>(
    `SELECT endpoint_id AS endpointId, revision, failures_in_a_row AS failuresInARow, failing_since_ms AS failingSinceMs,
       recovered_at_ms AS recoveredAtMs, enabled_at_ms AS enabledAtMs, is_warned AS isWarned, disabled_reason AS disabledReason, disabled_message AS disabledMessage,
       disabled_at_ms AS disabledAtMs, circuit_opened_at_ms AS openedAtMs, failed_probes AS failedProbes FROM endpoint_states`,
    [],
  );
  return new Map(rows.map((row) => [row.endpointId, fromRow(row)]));
}

function fromRow(row: StateRow): EndpointState {
  return {
    revision: row.revision,
    failuresInARow: row.failuresInARow,
    failingSinceMs: row.failingSinceMs,
    recoveredAtMs: row.recoveredAtMs,
    enabledAtMs: row.enabledAtMs,
    isWarned: row.isWarned === 1,
    disabled:
      row.disabledReason === null
        ? null
        : { reason: row.disabledReason as DisableReason, message: row.disabledMessage ?? '', atMs: row.disabledAtMs ?? 0 },
    openCircuit: row.openedAtMs === null ? null : { openedAtMs: row.openedAtMs, failedProbes: row.failedProbes },
  };
}

const shownEvents = 50;

/** The health events of an endpoint, newest first. */
export function healthEvents(database: Pick<Database, 'raw'>, endpointId: string): readonly HealthEvent[] {
  return database.raw<HealthEvent>(
    `SELECT kind, message, at_ms AS atMs FROM endpoint_events WHERE endpoint_id = ? ORDER BY revision DESC, rowid DESC LIMIT ${shownEvents}`,
    [endpointId],
  );
}
