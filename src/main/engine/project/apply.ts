import { isDeepStrictEqual } from 'node:util';
import { ORPCError } from '@orpc/server';
import { z } from 'zod';
import type { ProjectKind } from '#shared/contract/project-file.ts';
import type { ApplyResult, ProjectChange } from '#shared/contract/project.ts';
import type { ImportResult } from '#shared/contract/event-import.ts';
import type { Background } from '../background/background.ts';
import { invalid, Refusal } from '../base/refusal.ts';
import type { SettingsBook } from '../settings/settings.ts';
import type { Database } from '../store/database.ts';
import { createInTurn } from '../store/in-turn.ts';
import type { Calls } from './kinds/kind.ts';
import { createKinds, type KindDeps } from './kinds/kinds.ts';
import type { FileText } from './file-sections.ts';
import { keptDocuments, noDocuments, type KeptDocuments } from './kept-documents.ts';
import { documentNames, keepParts } from './kept-parts.ts';
import { keptReferences, type KeptReferences } from './references.ts';
import { writeProject, type WrittenProject } from './write-project.ts';
import { planIdOf, planProject, type PlannedChange } from './plan.ts';
import { readGivenProject, refuseProblems, type GivenProject } from './given-project.ts';
import type { Problem } from './places.ts';
import { secretsOfEntries, type ProjectText, type ReadProject } from './read-project.ts';
import { resolveSecrets } from './resolve-secrets.ts';
import { kept as fingerprint } from './secrets.ts';
import { findFields, thingKey } from './thing-key.ts';
import { keepUnset, keptText, type KeptInPlace } from './unset-secrets.ts';
import { namesOf, readThings, type Things } from './workspace-state.ts';

export interface ProjectDeps extends KindDeps {
  readonly background: Pick<Background, 'run'>;
  readonly database: Pick<Database, 'write'>;
  readonly settings: Pick<SettingsBook, 'recall' | 'remember'>;
}

/** Under which the references of applied projects are kept, so that an export has the same ones. */
export const referencesSetting = 'internal.projectReferences';

export interface ApplyOrder extends GivenProject {
  readonly dryRun: boolean;
  readonly prune: boolean;
  readonly planId?: string | undefined;
  readonly secrets: Readonly<Record<string, string>>;
  /** References without a value: what the workspace has in their place stays. */
  readonly unset: readonly string[];
  readonly documents: readonly ProjectText[];
}

/** Reads projects and applies them, one at a time. All reject with Refusals. */
export interface Projects {
  /** What the files refer to. */
  readonly read: (given: GivenProject) => Promise<ReadProject>;
  readonly apply: (order: ApplyOrder, calls: Calls) => Promise<ApplyResult>;
  /** The workspace as the file of a project. */
  readonly write: (calls: Calls) => Promise<WrittenProject>;
  /** The same with what a file has that is of no workspace: its runs, and the documents that bring event types. */
  readonly writeOver: (order: WriteOverOrder, calls: Calls) => Promise<WrittenOver>;
}

export interface WriteOverOrder {
  readonly current: FileText;
  /** Texts of its documents, by the names that it gives them. */
  readonly documents: readonly ProjectText[];
}

export interface WrittenOver extends WrittenProject {
  /** Documents that the file names. */
  readonly documents: readonly string[];
  /** What is not as it was in the file, each a sentence. */
  readonly notes: readonly string[];
}

export function createProjects(deps: ProjectDeps): Projects {
  const kinds = createKinds(deps);
  const inTurn = createInTurn();
  const nouns = new Map(kinds.map(({ kind, noun }) => [kind, noun]));

  const read = async (given: GivenProject) => await readGivenProject(deps.background, given);
  const apply = async (order: ApplyOrder, calls: Calls): Promise<ApplyResult> => {
    const project = await read(order);
    const things = await readThings(kinds, calls);
    const { entries, kept, values, problems: missing } = resolved(project, things, order);
    const plan = await planProject(kinds, entries, things, values);
    refuseProblems([...missing, ...plan.problems]);
    const inline = new Set(project.entries.flatMap(({ kind, name }) => (kind === 'eventTypes' ? [name] : [])));
    const documents = documentsOf(project, order.documents);
    const imported = documents.length === 0 ? null : await calls.eventTypes.import({ files: documents, dryRun: true });
    const fromDocuments = new Set(
      imported === null ? [] : [...imported.unchanged, ...[...imported.added, ...imported.changed].map(({ name }) => name)],
    );
    const others = plan.others.filter(({ kind, thing }) => kind.kind !== 'eventTypes' || !fromDocuments.has(thing.name));
    const imports = imported === null ? [] : importedChanges(imported, inline);
    const removals: PlannedChange[] = order.prune
      ? others
          .toReversed()
          .map(({ kind, thing }) => ({ kind, name: thing.name, action: 'remove', thing, fields: {}, changed: {}, told: [] }))
      : [];
    const steps: readonly Step[] = [
      ...importSteps(imports, documents, calls),
      ...stepsOf([...plan.changes, ...removals], kept, things, calls),
    ];
    const planId = planIdOf(steps.map(({ told }) => told));
    if (!order.dryRun && order.prune && order.planId !== planId)
      throw invalid(
        'planId',
        order.planId === undefined
          ? 'Give the planId of a dry run with prune, so that nothing is removed that nobody has seen.'
          : 'The workspace or the project has changed since that dry run: look at a new one first.',
      );
    const changes = order.dryRun ? steps.map(({ told }) => told) : await perform(steps);
    if (!order.dryRun) await keepReferences(project.entries);
    const isComplete = changes.every(({ state }) => state === 'planned' || state === 'done');
    return {
      dryRun: order.dryRun,
      isComplete,
      changes,
      unchanged: plan.unchanged,
      kept: kept.map((each) => ({ ...each, message: keptText(each, nouns.get(each.kind) ?? each.kind) })),
      others: order.prune ? [] : others.map(({ kind, thing }) => ({ kind: kind.kind, name: thing.name })),
      planId,
      message: sentence(changes, order.dryRun),
    };
  };
  /** The entries with the values of their secrets, and the secrets that stay as the workspace has them. */
  const resolved = ({ entries, secrets }: ReadProject, things: Things, order: ApplyOrder) => {
    const sources = { given: order.secrets, things, environments: deps.environments };
    const given = resolveSecrets({ secrets, entries }, sources);
    const after = keepUnset(entries, {
      standing: findFields([...things].flatMap(([kind, all]) => all.map((thing) => [kind, thing] as const))),
      unset: new Set(order.unset.filter((reference) => !given.values.has(reference))),
      isSame: (reference, standing) => isDeepStrictEqual(fingerprint(given.values.get(reference) ?? ''), standing),
    });
    if (after.kept.length === 0) return { entries, kept: [], ...given };
    // A variable that stays has a value for what refers to it.
    return { ...after, ...resolveSecrets({ secrets: secretsOfEntries(after.entries), entries: after.entries }, sources) };
  };
  const references = () => deps.settings.recall<KeptReferences>(referencesSetting) ?? {};
  const keepReferences = async (entries: ReadProject['entries']) => {
    const known = references();
    const now = keptReferences(known, entries);
    if (isDeepStrictEqual(now, known)) return;
    await deps.database.write((writer) => deps.settings.remember(writer, referencesSetting, now));
  };
  const write = async (calls: Calls, documents: KeptDocuments = noDocuments) =>
    await writeProject({ kinds, background: deps.background }, await readThings(kinds, calls), { references: references(), documents });
  return {
    read,
    apply: async (order, calls) => await inTurn('project', () => apply(order, calls)),
    write: async (calls) => await write(calls),
    writeOver: async ({ current, documents: given }, calls) => {
      const documents = await documentNames(deps.background, current);
      const kept = await keptDocuments(documents, given, calls);
      const { text, secrets } = await write(calls, kept);
      return { text: await keepParts(deps.background, { text, current }), secrets, documents, notes: kept.notes };
    },
  };
}

/** One thing to do, with what is told of it. */
interface Step {
  readonly told: ProjectChange;
  readonly act: () => Promise<void>;
}

/** So many event types are imported at once, since each import reads all of the documents; it takes no more names than this. */
const importedAtOnce = 10_000;

/** The first step of each lot imports all of it. */
function importSteps(imports: readonly ProjectChange[], documents: readonly ProjectText[], calls: Calls): readonly Step[] {
  const names = imports.map(({ name }) => name);
  return imports.map((told, index) => ({
    told,
    act: async () => {
      if (index % importedAtOnce !== 0) return;
      await calls.eventTypes.import({ files: [...documents], only: names.slice(index, index + importedAtOnce) });
    },
  }));
}

function stepsOf(changes: readonly PlannedChange[], kept: readonly KeptInPlace[], things: Things, calls: Calls): readonly Step[] {
  const keptPaths = Map.groupBy(kept, ({ kind, name }) => thingKey(kind, name));
  const keptOf = (kind: ProjectKind, name: string) => new Set((keptPaths.get(thingKey(kind, name)) ?? []).map(({ path }) => path));
  const made = new Map<string, string>();
  const names = namesOf(things, made);
  return changes.map(({ kind, name, action, thing, fields, changed, told }) => ({
    told: { kind: kind.kind, name, action, fields: [...told], state: 'planned', message: null },
    act: async () => {
      if (action === 'remove') await kind.remove(calls, thing?.id ?? '');
      else if (thing === null) made.set(thingKey(kind.kind, name), await kind.create(calls, name, fields, names));
      else await kind.update(calls, thing, changed, fields, { names, kept: keptOf(kind.kind, name) });
    },
  }));
}

/** Does one step after the other; the first that is refused ends it. */
async function perform(steps: readonly Step[]): Promise<ProjectChange[]> {
  const changes: ProjectChange[] = [];
  let hasFailed = false;
  for (const { told, act } of steps) {
    if (hasFailed) {
      changes.push({ ...told, state: 'not-done' });
      continue;
    }
    try {
      await act();
      changes.push({ ...told, state: 'done' });
    } catch (error) {
      if (!(error instanceof ORPCError) && !(error instanceof Refusal) && !(error instanceof z.ZodError)) throw error;
      hasFailed = true;
      changes.push({ ...told, state: 'failed', message: error instanceof z.ZodError ? (error.issues[0]?.message ?? '') : error.message });
    }
  }
  return changes;
}

function sentence(changes: readonly ProjectChange[], dryRun: boolean): string {
  if (changes.length === 0) return 'There is nothing to change.';
  const counted = (state: ProjectChange['state']) => changes.filter((each) => each.state === state).length;
  const things = (count: number) => `${count} ${count === 1 ? 'thing' : 'things'}`;
  if (dryRun) return `${things(changes.length)} would change.`;
  const failed = changes.find(({ state }) => state === 'failed');
  if (failed === undefined) return `${things(changes.length)} changed.`;
  const after = counted('not-done') === 0 ? '' : `, and ${counted('not-done')} after it did not`;
  const done = counted('done') === 0 ? 'Nothing changed' : `${things(counted('done'))} before it changed${after}`;
  return `${failed.kind}.${failed.name} was refused: ${failed.message ?? ''} ${done}; correct it and apply the project again.`;
}

function importedChanges({ added, changed }: ImportResult, inline: ReadonlySet<string>): readonly ProjectChange[] {
  const told = (action: 'create' | 'change', name: string, parts: readonly string[]): ProjectChange => ({
    kind: 'eventTypes',
    name,
    action,
    fields: parts.map((path) => ({ path, before: null, after: null })),
    state: 'planned',
    message: null,
  });
  return [
    ...added.map(({ name }) => told('create', name, [])),
    // What somebody wrote by hand stays.
    ...changed.filter(({ isChosen }) => isChosen).map(({ name, changes }) => told('change', name, changes)),
  ].filter(({ name }) => !inline.has(name));
}

function missingDocument(name: string): string {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(name))
    return `${name} is a URL, and none is fetched: download the document into the folder of the project, and name the file.`;
  return `There is no document ${name}: put the file there, in the folder of the project; over REST, give its text in "documents".`;
}

function documentsOf({ documents }: ReadProject, given: readonly ProjectText[]): ProjectText[] {
  const problems = documents.flatMap(({ name, place }): readonly Problem[] =>
    given.some((each) => each.name === name) ? [] : [{ place, path: 'eventTypesFrom', message: missingDocument(name) }],
  );
  refuseProblems(problems);
  return documents.flatMap(({ name }) => given.find((each) => each.name === name) ?? []);
}
