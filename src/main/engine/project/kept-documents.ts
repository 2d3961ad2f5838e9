import { ORPCError } from '@orpc/server';
import type { ImportResult } from '#shared/contract/event-import.ts';
import { Refusal } from '../base/refusal.ts';
import type { Calls } from './kinds/kind.ts';
import type { ProjectText } from './read-project.ts';

/** The documents of a file, for a workspace that is written over it. */
export interface KeptDocuments {
  /** Those that stay in `eventTypesFrom`: applying them works. */
  readonly names: readonly string[];
  /** Event types that are in the workspace as the documents bring them. */
  readonly brought: ReadonlySet<string>;
  /** What is not as it was, each a sentence. */
  readonly notes: readonly string[];
}

export const noDocuments: KeptDocuments = { names: [], brought: new Set(), notes: [] };

/**
 * Which documents stay where a workspace is written, and what needs no entry beside them: what an import of them would leave as it is. A
 * document whose text is not `given`, or that no import takes, does not stay, since the file could not be applied with it.
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
    return { names, brought: new Set(imported.unchanged), notes: [...notes, ...differences(imported, names)] };
  } catch (error) {
    if (!(error instanceof ORPCError) && !(error instanceof Refusal)) throw error;
    const why = `${listed(names)} ${names.length === 1 ? 'is' : 'are'} left out of eventTypesFrom, and all event types stand in the file: ${error.message}`;
    return { ...noDocuments, notes: [...notes, why] };
  }
}

/** How the documents differ from the workspace, but for what was changed by hand. */
function differences({ added, changed, removed, leftOut }: ImportResult, names: readonly string[]): readonly string[] {
  const documents = listed(names);
  const others = [...changed, ...removed].flatMap(({ name, isEdited }) => (isEdited ? [] : [name]));
  const told = new Set(names.flatMap((name) => [name, name.replace(/^\.\//, '')]));
  return [
    ...leftOut.filter(({ what }) => told.has(what)).map(({ what, why }) => `${what} brings no event type, because ${why}.`),
    ...(others.length === 0
      ? []
      : [
          `These event types stand in the file, since they are not in the workspace as ${documents} has them now: ${listed(others)}. What stands there counts before the document: to have them as it says, remove them from the file and apply it, and apply before you export.`,
        ]),
    ...(added.length === 0
      ? []
      : [
          `Applying the file adds these event types of ${documents}, which the workspace does not have: ${listed(added.map(({ name }) => name))}.`,
        ]),
  ];
}

const shownNames = 5;

function listed(names: readonly string[]): string {
  const more = names.length - shownNames;
  return more > 0 ? `${names.slice(0, shownNames).join(', ')} and ${more} more` : names.join(', ');
}
