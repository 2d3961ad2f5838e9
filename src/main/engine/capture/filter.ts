import type { CaptureSelection } from '#shared/contract/capture-filter.ts';
import { matchesEvent } from '#shared/event-pattern.ts';
import type { Reader } from '../store/database.ts';
import { ofLiveBinSql } from './bin-store.ts';
import { matchesPattern } from './matching/text-pattern.ts';
import { pathBehindBin } from './request-target.ts';
import { arrivedBy } from './stored-arrival.ts';

/** A filter of captures, with the captures between which it looks as their row numbers. */
export interface CaptureAsked extends Omit<CaptureSelection, 'afterId' | 'untilId'> {
  readonly afterSeq?: number | undefined;
  readonly untilSeq?: number | undefined;
}

/** The filter with row numbers; `unknown` names a capture that is not kept any more. */
export function askedOf(
  reader: Pick<Reader, 'values'>,
  { afterId, untilId, ...filter }: CaptureSelection,
): { readonly asked: CaptureAsked } | { readonly unknown: string } {
  const seqOf = (id: string | undefined) =>
    id === undefined ? undefined : reader.values<[number]>('SELECT seq FROM captures WHERE id = ?', [id])[0]?.[0];
  const [afterSeq, untilSeq] = [seqOf(afterId), seqOf(untilId)];
  if (afterId !== undefined && afterSeq === undefined) return { unknown: afterId };
  if (untilId !== undefined && untilSeq === undefined) return { unknown: untilId };
  return { asked: { ...filter, afterSeq, untilSeq } };
}

/** Whether a filter asks for more than a bin, so that rows have to be looked through. */
export function isNarrow({ binId: _, ...filter }: CaptureAsked): boolean {
  return Object.values(filter).some((value) => value !== undefined && value !== '');
}

type Condition = readonly [sql: string, ...parameters: unknown[]];

/** What SQL can say of a filter, on `captures AS c`; {@link passes} says the rest, and a search its text. */
export function conditionsOf(asked: CaptureAsked): { readonly sql: string; readonly parameters: readonly unknown[] } {
  const conditions: readonly Condition[] = [
    [`c.removed_at_ms IS NULL AND ${ofLiveBinSql('c.bin_id')}`],
    ...given(asked.binId, (id) => ['c.bin_id = ?', id]),
    ...given(asked.ids, (ids) => ['c.id IN (SELECT value FROM json_each(?))', JSON.stringify(ids)]),
    ...given(asked.afterSeq, (seq) => ['c.seq > ?', seq]),
    ...given(asked.untilSeq, (seq) => ['c.seq <= ?', seq]),
    ...given(asked.fromMs, (ms) => ['c.received_at_ms >= ?', ms]),
    ...given(asked.toMs, (ms) => ['c.received_at_ms < ?', ms]),
    ...given(asked.method, (method) => ['c.method = ?', method]),
    ...given(asked.status, ofStatus),
    ...given(asked.verdict, (verdict) => ['c.verdict IS ?', verdict === 'none' ? null : verdict]),
    ...given(asked.messageId, (id) => ['c.message_id = ?', id]),
    ...given(asked.isPinned, (isPinned) => ['c.is_pinned = ?', Number(isPinned)]),
    ...given(asked.tag, (tag) => [`c.tags_json <> '[]' AND EXISTS (SELECT 1 FROM json_each(c.tags_json) WHERE value = ?)`, tag]),
    ...given(asked.sourceId, (id) => [`c.source_json ->> '$.sourceId' = ?`, id]),
    ...given(asked.answeredBy, ofAnswer),
    ...given(asked.eventType, ofEvent),
    ...(asked.path ?? '')
      .split('*')
      // What came without a path has the path `/`.
      .filter((part) => part !== '' && part !== '/')
      .map((part): Condition => ['instr(c.target, ?) > 0', part]),
  ];
  return {
    sql: conditions.map(([sql]) => `(${sql})`).join(' AND '),
    parameters: conditions.flatMap(([, ...parameters]) => parameters),
  };
}

function given<T>(value: T | undefined, condition: (value: T) => Condition): readonly Condition[] {
  return value === undefined ? [] : [condition(value)];
}

function ofStatus(status: string): Condition {
  const from = Number(status.replace('xx', '00'));
  return ['c.status >= ? AND c.status <= ?', from, status.endsWith('xx') ? from + 99 : from];
}

function ofAnswer(answeredBy: string): Condition {
  if (answeredBy === 'own') return [`c.answered_json IS NULL OR c.answered_json ->> '$.kind' = 'own'`];
  const is = (field: string) => `c.answered_json ->> '$.${field}' = ? COLLATE NOCASE`;
  return [`${is('ruleId')} OR ${is('label')} OR ${is('kind')}`, answeredBy, answeredBy, answeredBy];
}

/** Captures that were stored without their event are left to {@link passes}. */
function ofEvent(pattern: string): Condition {
  if (pattern === '*') return [`c.event_type IS NULL OR c.event_type <> ''`];
  if (!pattern.endsWith('.*')) return ['c.event_type IS NULL OR c.event_type = ?', pattern];
  const prefix = pattern.slice(0, -1);
  return ['c.event_type IS NULL OR substr(c.event_type, 1, ?) = ?', prefix.length, prefix];
}

/** What of a capture SQL does not compare. */
export interface FilteredRow {
  readonly seq: number;
  readonly target: string;
  readonly arrivalJson: string | null;
  /** Null for one that was stored without its event. */
  readonly eventType: string | null;
}

/** Whether a row that meets the conditions has the path and the event that are asked for; `readEventType` reads one that was not stored. */
export function passes({ path, eventType }: CaptureAsked, row: FilteredRow, readEventType: (seq: number) => string): boolean {
  if (path !== undefined && !matchesPattern(path, pathBehindBin(row.target, arrivedBy(row.arrivalJson)).path)) return false;
  if (eventType === undefined || row.eventType !== null) return true;
  const read = readEventType(row.seq);
  return read !== '' && matchesEvent([eventType], read);
}
