import { ORPCError } from '@orpc/server';
import type { ImportResult } from '#shared/contract/event-import.ts';
import { eventTypeInput } from '#shared/contract/events.ts';
import { createPause } from '../base/pause.ts';
import { Refusal } from '../base/refusal.ts';
import type { Calls } from './kinds/kind.ts';
import type { ProjectText } from './read-project.ts';

/** The documents of a file, for a workspace that is written over it. */
export interface KeptDocuments {
  /** Those that stay in `eventTypesFrom`: applying them works. */
  readonly names: readonly string[];
  /** Event types that the documents bring: as the workspace has them, or since they are otherwise there only because a document was edited. */
  readonly brought: ReadonlySet<string>;
  /** What is not as it was, each a sentence. */
  readonly notes: readonly string[];
}

export const noDocuments: KeptDocuments = { names: [], brought: new Set(), notes: [] };

/**
 * Which documents stay where a workspace is written, and what needs no entry beside them: what an import of them would leave as it is, and what
 * they say otherwise since they were edited, of which an entry would be the old text and count before them. A document whose text is not `given`, or that no import takes, does not stay, since the file could not be applied with it.
 */
export async function keptDocuments(
  named: readonly string[],
  given: readonly ProjectText[],
  calls: Pick<Calls, 'eventTypes'>,
): Promise<KeptDocuments> {
  const files = named.flatMap((name) => given.find((each) => each.name === name) ?? []);
  const names = files.map(({ name }) => name);
  const missing = named.filter((name) => !names.includes(name));
  const notes =
    missing.length === 0
      ? []
      : [
          `${listed(missing)} ${missing.length === 1 ? 'is' : 'are'} left out of eventTypesFrom, since the text is missing; event types that came from there stand in the file.`,
        ];
  if (files.length === 0) return { ...noDocuments, notes };
  try {
    const imported = await calls.eventTypes.import({ files, dryRun: true });
    const edited = await editedSince(imported, calls);
    return {
      names,
      brought: new Set([...imported.unchanged, ...edited]),
      notes: [...notes, ...differences(imported, names, new Set(edited))],
    };
  } catch (error) {
    if (!(error instanceof ORPCError) && !(error instanceof Refusal)) throw error;
    const why = `${listed(names)} ${names.length === 1 ? 'is' : 'are'} left out of eventTypesFrom, and all event types stand in the file: ${error.message}`;
    return { ...noDocuments, notes: [...notes, why] };
  }
}

/** Event types that nobody has changed in the workspace since the same documents brought them, and that these say otherwise now. */
async function editedSince({ changed, documents }: ImportResult, calls: Pick<Calls, 'eventTypes'>): Promise<readonly string[]> {
  const sources = new Set(documents.flatMap(({ source }) => source ?? []));
  const pause = createPause();
  const edited: string[] = [];
  for (const { name, isEdited } of changed) {
    await pause();
    if (isEdited) continue;
    const { source, dataCheck } = await calls.eventTypes.get({ name });
    if (source !== null && sources.has(source) && isUsualCheck(dataCheck)) edited.push(name);
  }
  return edited;
}

/** Whether data is checked as usual: documents say nothing of that, so another way needs an entry. */
export function isUsualCheck(dataCheck: unknown): boolean {
  return dataCheck === eventTypeInput.shape.dataCheck.parse(undefined);
}

/** How the documents differ from the workspace, but for what was changed by hand. */
function differences(
  { added, changed, removed, leftOut }: ImportResult,
  names: readonly string[],
  edited: ReadonlySet<string>,
): readonly string[] {
  const documents = listed(names);
  const byImport = (types: ImportResult['removed'] | ImportResult['changed']) =>
    types.flatMap(({ name, isEdited }) => (isEdited || edited.has(name) ? [] : [name]));
  const told = new Set(names.flatMap((name) => [name, name.replace(/^\.\//, '')]));
  const note = (types: readonly string[], text: (list: string) => string) => (types.length === 0 ? [] : [text(listed(types))]);
  return [
    ...leftOut.filter(({ what }) => told.has(what)).map(({ what, why }) => `${what} brings no event type, because ${why}.`),
    ...note(
      [...edited],
      (list) =>
        `These event types are left to ${documents}, which has them otherwise now than when the workspace took them over: ${list}. Applying the file changes them in the workspace.`,
    ),
    ...note(
      byImport(changed),
      (list) =>
        `These event types stand in the file as the workspace has them, which is not as ${documents} has them now: ${list}. What stands there counts before the document: to have them as it says, import it, and export again.`,
    ),
    ...note(
      byImport(removed),
      (list) =>
        `These event types stand in the file, since the workspace has them and ${documents} no longer does: ${list}. To have them removed, import the document, and export again.`,
    ),
    ...note(
      added.map(({ name }) => name),
      (list) => `Applying the file adds these event types of ${documents}, which the workspace does not have: ${list}.`,
    ),
  ];
}

const shownNames = 5;

function listed(names: readonly string[]): string {
  const more = names.length - shownNames;
  return more > 0 ? `${names.slice(0, shownNames).join(', ')} and ${more} more` : names.join(', ');
}
