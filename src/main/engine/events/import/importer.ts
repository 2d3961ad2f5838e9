import {
  importCharacters,
  type ImportEvent,
  type ImportInput,
  type ImportProgress,
  type ImportResult,
} from '#shared/contract/event-import.ts';
import { importLimitMs, TaskEnded, type Background } from '../../background/background.ts';
import { followed } from '../../base/followed.ts';
import { createPause } from '../../base/pause.ts';
import { invalid } from '../../base/refusal.ts';
import type { Database } from '../../store/database.ts';
import { findDataCheck, findEventTypeRow, namesFrom } from '../store.ts';
import { changesBetween, isByHand, rowOf } from './compare.ts';
import { readDocumentsTask } from './import-task.ts';
import { importWrite, type ImportedRow, type ImportPart, type UndoneNames } from '../writes.ts';
import { createImportUndo, type ImportUndoDeps, type PartRecord } from './undo-import.ts';
import { placeOf, type GivenFile, type ReadDocuments, type ReadProgress } from './read-documents.ts';

export interface ImporterDeps extends ImportUndoDeps {
  readonly background: Pick<Background, 'run'>;
}

/** Imports event types. */
export interface Importer {
  /** Yields progress, then one result. Throws a Refusal. Until it writes, it ends when the signal aborts. */
  readonly run: (input: ImportInput, signal?: AbortSignal) => AsyncGenerator<ImportEvent, void, void>;
  /** Undoes the last import. Rejects with a Refusal CONFLICT for any other. */
  readonly undo: (undoId: string) => Promise<UndoneNames>;
}

/** Characters of rows that are written at once. */
const partCharacters = 500_000;

export function createImporter(deps: ImporterDeps): Importer {
  const undoing = createImportUndo(deps);
  return {
    run: async function* (input, signal) {
      const given = givenFiles(input);
      let at = placeOf(given[0]?.name ?? '');
      const read = yield* followed((tell: (event: ImportEvent) => void) => {
        const onProgress = ({ at: place, ...progress }: ReadProgress) => {
          at = place;
          tell(toEvent(progress));
        };
        return deps.background
          .run('imports', readDocumentsTask, given, [], { onProgress, signal })
          .catch((error: unknown) => rejectRefused(error, at));
      });
      signal?.throwIfAborted();
      const plan = await compare(deps.database, read, input);
      // Once it is begun, it goes on to its end, whether anybody listens or not.
      const undoId = input.dryRun
        ? null
        : yield* followed((tell: (event: ImportEvent) => void) =>
            undoing.during((record) => write(deps, plan, (progress) => tell(toEvent(progress)), record)),
          );
      yield { kind: 'result', result: { dryRun: input.dryRun, ...plan.told, undoId } };
    },
    undo: undoing.undo,
  };
}

type Progress = Omit<ImportProgress, 'kind'>;

const toEvent = (progress: Progress): ImportEvent => ({ kind: 'progress', ...progress });

function givenFiles({ text, files }: ImportInput): readonly GivenFile[] {
  if ((text === undefined) === (files === undefined))
    throw invalid('text', 'Give the document as text, or one or several of them as files with name and text; one of the two.');
  const given = files ?? [{ name: '', text: text ?? '' }];
  if (given.reduce((sum, file) => sum + file.text.length, 0) > importCharacters)
    throw invalid('files', `The files are over the limit of ${importCharacters / 1_000_000} million characters: import them in parts.`);
  return given;
}

/** `at` is what it was looking at. */
function rejectRefused(error: unknown, at: string): never {
  if (!(error instanceof TaskEnded)) throw error;
  const why = error.why === 'late' ? `takes more than ${importLimitMs / 1000} seconds to read` : 'needs too much memory to be read';
  throw invalid('', `The document ${why}: import it in parts. It came as far as ${at}: look there first.`);
}

/** What an import is going to write, and what it tells. */
interface Plan {
  readonly told: Omit<ImportResult, 'dryRun' | 'undoId'>;
  readonly rows: readonly ImportedRow[];
  readonly removed: readonly string[];
}

async function compare(database: Database, read: ReadDocuments, { only, text }: ImportInput): Promise<Plan> {
  if (read.types.length === 0) throw nothingFound(read, text === undefined);
  const asked = only === undefined ? null : new Set(only);
  const told: Plan['told'] = {
    documents: read.documents.map((document) => ({ ...document, file: document.file === '' ? null : document.file })),
    added: [],
    changed: [],
    removed: [],
    unchanged: [],
    leftOut: [...read.leftOut],
  };
  const rows: ImportedRow[] = [];
  const pause = createPause();
  for (const type of read.types) {
    await pause();
    const row = rowOf(type);
    const kept = findEventTypeRow(database, type.name);
    const changes = kept === undefined ? [] : changesBetween(row, kept);
    if (kept !== undefined && changes.length === 0) {
      told.unchanged.push(type.name);
      continue;
    }
    const isEdited = kept !== undefined && isByHand(kept);
    const isChosen = asked === null ? !isEdited : asked.has(type.name);
    const shown = {
      name: type.name,
      title: type.title,
      group: type.group,
      hasSchema: type.schemaJson !== null,
      samples: type.samples.length,
      notes: [...type.notes],
      isChosen,
    };
    if (kept === undefined) told.added.push(shown);
    else told.changed.push({ ...shown, changes, isEdited });
    if (isChosen) rows.push(row);
  }
  const here = new Set(read.types.map(({ name }) => name));
  for (const source of new Set(read.documents.flatMap((document) => document.source ?? [])))
    for (const name of namesFrom(database, source)) {
      if (here.has(name)) continue;
      await pause();
      const kept = findEventTypeRow(database, name);
      if (kept === undefined) continue;
      const isEdited = kept.is_edited === 1;
      told.removed.push({ name, title: kept.title, isEdited, isChosen: asked === null ? !isEdited : asked.has(name) });
    }
  refuseUnknown(told, asked);
  return { told, rows, removed: told.removed.filter(({ isChosen }) => isChosen).map(({ name }) => name) };
}

function nothingFound({ leftOut }: ReadDocuments, isFiles: boolean) {
  const reasons = leftOut.slice(0, 3).map(({ what, why }) => `${what} cannot be imported, because ${why}.`);
  const more = leftOut.length > reasons.length ? [`And ${leftOut.length - reasons.length} more.`] : [];
  return invalid(
    isFiles ? 'files' : 'text',
    ['There is no event type to import.', ...reasons, ...more, 'A sample of the data of an event, as JSON, can be imported too.'].join(' '),
  );
}

function refuseUnknown({ added, changed, removed, unchanged }: Plan['told'], asked: ReadonlySet<string> | null): void {
  if (asked === null) return;
  const known = new Set([...[...added, ...changed, ...removed].map(({ name }) => name), ...unchanged]);
  const unknown = [...asked].filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  throw invalid('only', `The documents have no event type ${unknown.slice(0, 5).join(', ')}; take names that a dry run lists.`);
}

async function write(
  deps: ImporterDeps,
  { rows, removed }: Plan,
  onProgress: (progress: Progress) => void,
  { before, after }: PartRecord,
): Promise<void> {
  const { database, clock, changes, eventNames } = deps;
  const total = rows.length + removed.length;
  let done = 0;
  for (const part of partsOf(rows, removed)) {
    onProgress({ phase: 'writing', done, total });
    await before(part);
    await database.hot(importWrite, { ...part, nowMs: clock.now() });
    after(part);
    for (const { name, schema_json } of part.rows) eventNames.put(name, schema_json !== null, findDataCheck(database, name) ?? 'warn');
    for (const name of part.removed) eventNames.remove(name);
    changes.publish('event-types', [...part.rows.map(({ name }) => name), ...part.removed]);
    done += part.rows.length + part.removed.length;
  }
}

/** Rows in parts that do not hold up other writes for long; what is removed goes with the last. */
function partsOf(rows: readonly ImportedRow[], removed: readonly string[]): readonly Pick<ImportPart, 'rows' | 'removed'>[] {
  const parts: ImportedRow[][] = [[]];
  let characters = 0;
  for (const row of rows) {
    characters += row.samples_json.length + (row.schema_json?.length ?? 0);
    if (characters > partCharacters && parts.at(-1)?.length !== 0) {
      parts.push([]);
      characters = 0;
    }
    parts.at(-1)?.push(row);
  }
  return parts.map((each, index) => ({ rows: each, removed: index === parts.length - 1 ? removed : [] }));
}
