import type { ProjectRead } from '#shared/contract/project.ts';
import type { Problem } from '../../base/problem.ts';
import { base64OfBytes } from '../../ui/body-format.ts';
import type { AskedRun } from './followed-run.ts';

/** Finds a file that a project names among those that were chosen. */
export type FileNamed = (name: string) => File | null;

/** What somebody gave for the runs of a project. It is in memory only. */
export interface Given {
  /** Values of secrets by {@link needKey}. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Keys of secrets of the workspace that may go where they go. */
  readonly agreed: ReadonlySet<string>;
}

/** How something comes that a run reads: from the chosen files, or by being typed in or agreed to; or it is not there. */
export type NeedKind = 'chosen' | 'typed' | 'agreed' | 'missing';

/** Something outside of its text that a run reads, and where it goes. */
export interface Need {
  /** Such as `env:SHOP_SECRET`. */
  readonly what: string;
  readonly hosts: readonly string[];
  readonly key: string;
  readonly kind: NeedKind;
}

/** What runs read, each once, with all hosts that get it. `secretNames` are those of them that are secrets and no bodies. */
export function needsOf(reads: readonly ProjectRead[], secretNames: readonly string[], fileNamed: FileNamed): readonly Need[] {
  return [...Map.groupBy(reads, ({ what }) => what)].map(([what, same]) => {
    const hosts = [...new Set(same.flatMap((each) => each.hosts))];
    return { what, hosts, key: needKey(what, hosts), kind: kindOf(what, secretNames.includes(what), fileNamed) };
  });
}

/**
 * Under what a value or an agreement is kept: another project, or one that was changed, may name the same variable and send it elsewhere; it is asked
 * for again then.
 */
export function needKey(what: string, hosts: readonly string[]): string {
  return JSON.stringify([what, ...hosts]);
}

function kindOf(what: string, isSecret: boolean, fileNamed: FileNamed): NeedKind {
  if (secretFile(fileNamed, what) !== null) return 'chosen';
  if (isSecret && !what.startsWith('vault:')) return 'typed';
  return what.startsWith('file:') ? 'missing' : 'agreed';
}

/** The chosen file that a reference such as `file:secrets/shop.txt` names; null where it is none, or was not chosen. */
function secretFile(fileNamed: FileNamed, reference: string): File | null {
  return reference.startsWith('file:') ? fileNamed(reference.slice('file:'.length)) : null;
}

/** Whether somebody has to do something for it. */
export function isAskedFor({ kind }: Need): boolean {
  return kind !== 'chosen';
}

/** Where it goes, such as `goes to 127.0.0.1:3000`. */
export function goesTo({ hosts }: Need): string {
  return hosts.length === 0 ? 'goes to no URL of the project' : `goes to ${hosts.join(', ')}`;
}

/** Why a run cannot begin yet, at the first of its needs that is not met; null where all are. */
export function lackOf(needs: readonly Need[], { secrets, agreed }: Given): Problem | null {
  for (const need of needs) {
    const { what, key, kind } = need;
    const why = {
      chosen: () => null,
      typed: () => ((secrets[key] ?? '') === '' ? `${what} has no value: type it in above, and run the test again.` : null),
      agreed: () => (agreed.has(key) ? null : `${what} of this workspace ${goesTo(need)}: agree to that above, and run the test again.`),
      missing: () => `${what} is not among the chosen files: choose the whole folder of the project.`,
    }[kind]();
    if (why !== null) return { code: 'INPUT_INVALID', message: why, issues: [{ path: what, message: why }] };
  }
  return null;
}

/** Values of secrets by their reference; those of the workspace are there already. */
export async function secretsOf(needs: readonly Need[], names: readonly string[], fileNamed: FileNamed, { secrets }: Given) {
  const values = needs
    .filter(({ what, kind }) => names.includes(what) && kind !== 'agreed')
    .map(async ({ what, key }) => {
      const file = secretFile(fileNamed, what);
      const value = file === null ? (secrets[key] ?? '') : await readFile(what, () => file.text());
      return [what, file === null ? value : value.replace(/\r?\n$/, '')] as const;
    });
  return Object.fromEntries(await Promise.all(values));
}

/** Bodies by their path, as far as they were chosen. */
export async function bodiesOf(paths: readonly string[], fileNamed: FileNamed): Promise<AskedRun['bodies']> {
  const chosen = paths.flatMap((name) => {
    const file = fileNamed(name);
    return file === null ? [] : [{ name, file }];
  });
  return await Promise.all(
    chosen.map(async ({ name, file }) => ({
      name,
      contentBase64: base64OfBytes(new Uint8Array(await readFile(name, () => file.arrayBuffer()))),
    })),
  );
}

/** Reads a file. Rejects with an Error that names it where that cannot be done: browsers hand over no file that was changed since. */
export async function readFile<T>(name: string, reading: () => Promise<T>): Promise<T> {
  try {
    return await reading();
  } catch (error) {
    throw new Error(`${name} could not be read, perhaps since it was changed: choose it again.`, { cause: error });
  }
}
