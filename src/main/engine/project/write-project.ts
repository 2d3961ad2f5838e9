import { isDeepStrictEqual } from 'node:util';
import type { Background } from '../background/background.ts';
import { createPause } from '../base/pause.ts';
import { conflict } from '../base/refusal.ts';
import { isUsualCheck, type KeptDocuments } from './kept-documents.ts';
import type { Kind, World } from './kinds/kind.ts';
import { omit, pick } from './kinds/kind.ts';
import { projectTextTask } from './project-text.ts';
import type { Fields } from './read-project.ts';
import { createReferences, referenceKey, type KeptReferences } from './references.ts';
import { mapEntrySecrets } from './secrets.ts';
import { sameName } from './thing-key.ts';
import { worldOf, type Things } from './workspace-state.ts';

/** The file of a project, and what it refers to. */
export interface WrittenProject {
  readonly text: string;
  readonly secrets: readonly string[];
}

export interface WriteDeps {
  readonly kinds: readonly Kind[];
  readonly background: Pick<Background, 'run'>;
}

/** What a file keeps of what is not in the workspace. */
export interface Kept {
  readonly references: KeptReferences;
  readonly documents: KeptDocuments;
}

/**
 * Writes a workspace as the file of a project: in a fixed order, without what has its default and without event types that its documents
 * bring. Throws a Refusal for a name that two things have.
 */
export async function writeProject(
  { kinds, background }: WriteDeps,
  things: Things,
  { references: known, documents }: Kept,
): Promise<WrittenProject> {
  const pause = createPause();
  const world = worldOf(things, []);
  const references = createReferences(await presentReferences(things, known, pause));
  const whole: Record<string, unknown> = { hookyard: 1 };
  for (const kind of kinds) {
    const sorted = (things.get(kind.kind) ?? []).toSorted((one, other) => (one.name < other.name ? -1 : 1));
    refuseRepeated(kind, sorted);
    if (kind.kind === 'eventTypes' && documents.names.length > 0) whole['eventTypesFrom'] = [...documents.names];
    // A name such as __proto__ is one like any other there.
    const entries = new Map<string, unknown>();
    for (const { name, fields } of sorted) {
      await pause();
      if (kind.kind === 'eventTypes' && isBrought(documents, name, fields)) continue;
      const entry = shortest(kind, name, fields, world);
      const referred = mapEntrySecrets({ kind: kind.kind, fields: entry }, (_secret, path) =>
        references.of(referenceKey(kind.kind, name, path)),
      );
      entries.set(name, referred);
    }
    if (entries.size > 0) whole[kind.kind] = Object.fromEntries(entries);
  }
  return { text: await background.run('imports', projectTextTask, whole), secrets: references.all() };
}

/** Whether the documents bring an event type. */
function isBrought({ brought }: KeptDocuments, name: string, { dataCheck }: Fields): boolean {
  return brought.has(name) && isUsualCheck(dataCheck);
}

/** Of the known references those whose secrets are still there. */
async function presentReferences(things: Things, known: KeptReferences, pause: () => Promise<void>): Promise<KeptReferences> {
  const present: Record<string, string> = {};
  for (const [kind, all] of things)
    for (const { name, fields } of all) {
      await pause();
      mapEntrySecrets({ kind, fields }, (_secret, path) => {
        const key = referenceKey(kind, name, path);
        const reference = known[key];
        if (reference !== undefined) present[key] = reference;
      });
    }
  return present;
}

function refuseRepeated({ kind, noun }: Kind, things: readonly { readonly name: string }[]): void {
  const met = new Set<string>();
  for (const { name } of things) {
    const same = sameName(kind, name);
    if (met.has(same)) {
      const message = `Two things of the kind ${noun} are called ${name}: rename one of them, since names are what a project knows things by.`;
      throw conflict(`${kind}.${name}`, message);
    }
    met.add(same);
  }
}

/** The entry of a thing without what it has by default: whatever can be left out and comes back by completing it. */
function shortest(kind: Kind, name: string, fields: Fields, world: World): Fields {
  const isSame = (entry: Fields) => {
    try {
      return isDeepStrictEqual(kind.complete(name, entry, world, null), fields);
    } catch {
      return false;
    }
  };
  if (!isSame(fields)) return fields;
  const usual = defaultsOf(kind, name, fields, world);
  const different = Object.keys(fields).filter((key) => !kind.required.includes(key) && !isDeepStrictEqual(fields[key], usual[key]));
  let entry = pick(fields, [...kind.required, ...different]);
  if (!isSame(entry)) entry = fields;
  for (const key of Object.keys(entry)) {
    const without = omit(entry, [key]);
    if (!kind.required.includes(key) && isSame(without)) entry = without;
    else if (!kind.content.includes(key)) entry = { ...entry, [key]: shorter(entry[key], (value) => isSame({ ...entry, [key]: value })) };
  }
  return entry;
}

function defaultsOf(kind: Kind, name: string, fields: Fields, world: World): Fields {
  try {
    return kind.complete(name, pick(fields, [...kind.required, ...kind.deciding]), world, null);
  } catch {
    return {};
  }
}

/** A value without those of its fields that come back by themselves. */
function shorter(value: unknown, isSame: (value: unknown) => boolean): unknown {
  if (Array.isArray(value)) {
    let list: readonly unknown[] = value as readonly unknown[];
    for (const [index, item] of list.entries()) {
      const made = list;
      const short = shorter(item, (each) => isSame(made.with(index, each)));
      list = list.with(index, short);
    }
    return list;
  }
  if (typeof value !== 'object' || value === null || '$fingerprint' in value) return value;
  let holder = value as Fields;
  for (const key of Object.keys(holder)) {
    const made = holder;
    const without = omit(made, [key]);
    if (isSame(without)) holder = without;
    else holder = { ...made, [key]: shorter(made[key], (each) => isSame({ ...made, [key]: each })) };
  }
  return holder;
}
