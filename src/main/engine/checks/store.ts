import type { CaseOutcome, CaseResult, CheckFinding, CheckStatus, Defect } from '#shared/contract/checks.ts';
import type { Signing } from '#shared/contract/signing.ts';
import { readJson } from '../store/damage.ts';
import type { Database, Writer } from '../store/database.ts';
import type { CheckRow } from '../store/schema.ts';

type Reader = Pick<Database, 'sql' | 'all' | 'first'>;

/** What is checked, without its secrets. */
export interface StoredSubject {
  /** The endpoint in the list; null for a URL. */
  readonly endpointId: string | null;
  readonly name: string;
  readonly url: string;
  readonly profile: string | null;
  readonly signing: Signing | null;
  readonly eventType: string;
  readonly seed: number;
}

export type CaseCounts = Readonly<Record<CaseResult, number>>;

/** A check as the engine works with it. */
export interface StoredCheck {
  readonly seq: number;
  readonly id: string;
  readonly status: CheckStatus;
  readonly reason: string | null;
  readonly subject: StoredSubject;
  readonly total: number;
  readonly done: number;
  readonly counts: CaseCounts;
  readonly defects: readonly Defect[];
  readonly creator: string;
  readonly createdAtMs: number;
  readonly endedAtMs: number | null;
}

export const noCounts: CaseCounts = { passed: 0, failed: 0, advice: 0, noted: 0, skipped: 0, undecided: 0 };

/** Checks that are kept; older ones go when another one is made. */
const keptChecks = 200;

/** Adds a check that runs and has no case yet. */
export function insertCheck(writer: Writer, made: Pick<StoredCheck, 'id' | 'subject' | 'total' | 'creator' | 'createdAtMs'>): void {
  writer.run(
    writer.sql.insertInto('checks').values({
      id: made.id,
      status: 'running',
      reason: null,
      subject_json: JSON.stringify(made.subject),
      total: made.total,
      done: 0,
      counts_json: JSON.stringify(noCounts),
      defects_json: '[]',
      creator: made.creator,
      created_at_ms: made.createdAtMs,
      ended_at_ms: null,
    }),
  );
  writer.runRaw(`DELETE FROM checks WHERE status <> 'running' AND seq <= (SELECT seq FROM checks ORDER BY seq DESC LIMIT 1 OFFSET ?)`, [
    keptChecks,
  ]);
}

/** Adds a case that came out, with what the check has come to by it. */
export function insertCase(writer: Writer, id: string, outcome: CaseOutcome, counts: CaseCounts): void {
  writer.runRaw('INSERT INTO check_cases (check_seq, number, outcome_json) SELECT seq, ?, ? FROM checks WHERE id = ?', [
    outcome.number,
    JSON.stringify(outcome),
    id,
  ]);
  writer.run(
    writer.sql
      .updateTable('checks')
      .set({ done: outcome.number, counts_json: JSON.stringify(counts) })
      .where('id', '=', id),
  );
}

/** Ends a check. */
export function endCheck(
  writer: Writer,
  id: string,
  end: { readonly status: CheckStatus; readonly reason: string | null; readonly defects: readonly Defect[]; readonly endedAtMs: number },
): void {
  const row = { status: end.status, reason: end.reason, defects_json: JSON.stringify(end.defects), ended_at_ms: end.endedAtMs };
  writer.run(writer.sql.updateTable('checks').set(row).where('id', '=', id));
}

/** Why a check did not complete that ran when Hookyard ended. */
export const interruptedReason = 'Hookyard ended while it was running: start it again.';

/** Marks checks that the end of the process interrupted. */
export function interruptLeft(writer: Writer, nowMs: number): void {
  const row = { status: 'interrupted', reason: interruptedReason, ended_at_ms: nowMs };
  writer.run(writer.sql.updateTable('checks').set(row).where('status', '=', 'running'));
}

export function deleteCheck(writer: Writer, id: string): void {
  writer.run(writer.sql.deleteFrom('checks').where('id', '=', id));
}

export function findCheck(reader: Reader, id: string): StoredCheck | undefined {
  const row = reader.first(reader.sql.selectFrom('checks').selectAll().where('id', '=', id));
  return row === undefined ? undefined : fromRow(row);
}

/** Checks before `beforeSeq`, newest first. */
export function listChecks(reader: Reader, page: { readonly beforeSeq: number; readonly limit: number }): readonly StoredCheck[] {
  return reader
    .all(reader.sql.selectFrom('checks').selectAll().where('seq', '<', page.beforeSeq).orderBy('seq', 'desc').limit(page.limit))
    .map(fromRow);
}

/** Cases of earlier versions have no findings, or these without deliveries, and do not say which answers were not expected. */
type KeptOutcome = Omit<CaseOutcome, 'findings' | 'unmet'> & {
  readonly findings?: readonly (Omit<CheckFinding, 'deliveryId'> & Partial<Pick<CheckFinding, 'deliveryId'>>)[];
  readonly unmet?: CaseOutcome['unmet'];
};

/** The cases of a check behind a number, in their order. */
export function casesOf(reader: Reader, checkSeq: number, afterNumber: number): readonly CaseOutcome[] {
  return reader
    .all(
      reader.sql
        .selectFrom('check_cases')
        .select(['number', 'outcome_json'])
        .where('check_seq', '=', checkSeq)
        .where('number', '>', afterNumber)
        .orderBy('number'),
    )
    .map((row) => {
      const outcome = readJson<KeptOutcome>(row.outcome_json, { table: 'check_cases', column: 'outcome_json', row: String(row.number) });
      const findings = (outcome.findings ?? []).map((finding) => ({ ...finding, deliveryId: finding.deliveryId ?? null }));
      return { ...outcome, findings, unmet: outcome.unmet ?? [] };
    });
}

function fromRow(row: Omit<CheckRow, 'seq'> & { readonly seq: number }): StoredCheck {
  const json = <T>(column: 'subject_json' | 'counts_json' | 'defects_json') =>
    readJson<T>(row[column], { table: 'checks', column, row: row.id });
  return {
    seq: row.seq,
    id: row.id,
    status: row.status as CheckStatus,
    reason: row.reason,
    subject: json<StoredSubject>('subject_json'),
    total: row.total,
    done: row.done,
    // Those of earlier versions know no undecided ones.
    counts: { ...noCounts, ...json<Partial<CaseCounts>>('counts_json') },
    defects: json<readonly Defect[]>('defects_json'),
    creator: row.creator,
    createdAtMs: row.created_at_ms,
    endedAtMs: row.ended_at_ms,
  };
}
