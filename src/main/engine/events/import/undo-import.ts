import { randomUUID } from 'node:crypto';
import type { Changes } from '../../base/changes.ts';
import { createPause } from '../../base/pause.ts';
import type { Clock } from '../../base/ports.ts';
import { conflict } from '../../base/refusal.ts';
import type { Database } from '../../store/database.ts';
import type { EventNames } from '../name-book.ts';
import { findDataCheck, findEventTypeRow, versionOf, type WholeRow } from '../store.ts';
import { undoImportWrite, type ImportPart, type UndonePart, type UndoneNames } from '../writes.ts';

type WrittenPart = Pick<ImportPart, 'rows' | 'removed'>;

/** Notes what an import finds before it writes a part, and what it wrote. */
export interface PartRecord {
  readonly before: (part: WrittenPart) => Promise<void>;
  readonly after: (part: WrittenPart) => void;
}

/** Keeps what the last import replaced, so that it can be undone. */
export interface ImportUndo {
  /** Runs an import; resolves to the id to undo it by, or null where it replaced more than is kept. */
  readonly during: (write: (record: PartRecord) => Promise<void>) => Promise<string | null>;
  /** Rejects with a Refusal CONFLICT unless it is the last import. */
  readonly undo: (undoId: string) => Promise<UndoneNames>;
}

interface Kept {
  readonly id: string;
  readonly added: { readonly name: string; atVersionMs: number }[];
  readonly changed: { readonly row: WholeRow; atVersionMs: number }[];
  readonly removed: WholeRow[];
  /** Null once it is too much. */
  characters: number | null;
}

/** Characters of schemas and samples that are kept in memory until the next import. */
const keptCharacters = 8_000_000;

/** Rows that are put back in one write. */
const rowsAtOnce = 50;

export interface ImportUndoDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly eventNames: Pick<EventNames, 'put' | 'remove'>;
}

export function createImportUndo({ database, clock, changes, eventNames }: ImportUndoDeps): ImportUndo {
  let last: Kept | null = null;
  const keep = (kept: Kept, row: WholeRow, list: WholeRow[] | Kept['changed']) => {
    if (kept.characters === null) return;
    kept.characters += row.samples_json.length + (row.schema_json?.length ?? 0);
    if (kept.characters > keptCharacters) kept.characters = null;
    else if (list === kept.removed) kept.removed.push(row);
    else kept.changed.push({ row, atVersionMs: 0 });
  };
  const recordOf = (kept: Kept): PartRecord => ({
    before: async ({ rows, removed }) => {
      const pause = createPause();
      for (const { name } of rows) {
        await pause();
        const row = findEventTypeRow(database, name);
        if (row === undefined) kept.added.push({ name, atVersionMs: 0 });
        else keep(kept, row, kept.changed);
      }
      for (const name of removed) {
        await pause();
        const row = findEventTypeRow(database, name);
        if (row !== undefined) keep(kept, row, kept.removed);
      }
    },
    after: ({ rows }) => {
      const written = new Set(rows.map(({ name }) => name));
      for (const each of kept.added) if (written.has(each.name)) each.atVersionMs = versionOf(database, each.name);
      for (const each of kept.changed) if (written.has(each.row.name)) each.atVersionMs = versionOf(database, each.row.name);
    },
  });
  return {
    during: async (write) => {
      const kept: Kept = { id: `imp_${randomUUID()}`, added: [], changed: [], removed: [], characters: 0 };
      last = null;
      await write(recordOf(kept));
      const isEmpty = kept.added.length + kept.changed.length + kept.removed.length === 0;
      if (kept.characters === null || isEmpty) return null;
      last = kept;
      return kept.id;
    },
    undo: async (undoId) => {
      const kept = last;
      if (kept?.id !== undoId) {
        const message =
          'This import can no longer be undone: there was another one since, it was undone already, or Hookyard was started anew.';
        throw conflict('undoId', message);
      }
      last = null;
      const names = { removed: [] as string[], restored: [] as string[], left: [] as string[] };
      for (const part of partsOf(kept)) {
        const done = await database.hot(undoImportWrite, { ...part, nowMs: clock.now() });
        for (const name of done.removed) eventNames.remove(name);
        const rows = [...part.changed.map(({ row }) => row), ...part.removed];
        for (const { name, schema_json: schema } of rows)
          if (done.restored.includes(name)) eventNames.put(name, schema !== null, findDataCheck(database, name) ?? 'warn');
        changes.publish('event-types', [...done.removed, ...done.restored]);
        names.removed.push(...done.removed);
        names.restored.push(...done.restored);
        names.left.push(...done.left);
      }
      return names;
    },
  };
}

/** In parts that do not hold up other writes for long. */
function partsOf({ added, changed, removed }: Kept): readonly Omit<UndonePart, 'nowMs'>[] {
  const parts: Omit<UndonePart, 'nowMs'>[] = [];
  for (let at = 0; at < Math.max(added.length, changed.length, removed.length); at += rowsAtOnce) {
    const here = <T>(list: readonly T[]) => list.slice(at, at + rowsAtOnce);
    parts.push({ added: here(added), changed: here(changed), removed: here(removed) });
  }
  return parts;
}
