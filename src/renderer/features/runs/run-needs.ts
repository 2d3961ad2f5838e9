import { readPlaces } from '#shared/read-places.ts';
import { secretCharacters, type ProjectRead } from '#shared/contract/project.ts';
import { runBodyBytes } from '#shared/contract/project-runs.ts';
import type { Problem } from '../../base/problem.ts';
import { base64OfBytes } from '../../ui/body-format.ts';
import { textOfFile, type NamedFiles } from './chosen-files.ts';
import type { AskedRun } from './followed-run.ts';

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
export async function needsOf(
  reads: readonly ProjectRead[],
  secretNames: readonly string[],
  named: Pick<NamedFiles, 'size'>,
): Promise<readonly Need[]> {
  const byWhat = [...Map.groupBy(reads, ({ what }) => what)];
  return await Promise.all(
    byWhat.map(async ([what, same]) => {
      const hosts = [...new Set(same.flatMap((each) => each.hosts))];
      return { what, hosts, key: needKey(what, hosts), kind: await kindOf(what, secretNames.includes(what), named) };
    }),
  );
}

/**
 * Under what a value or an agreement is kept: another project, or one that was changed, may name the same variable and send it elsewhere; it is asked
 * for again then.
 */
function needKey(what: string, hosts: readonly string[]): string {
  return JSON.stringify([what, ...hosts]);
}

async function kindOf(what: string, isSecret: boolean, named: Pick<NamedFiles, 'size'>): Promise<NeedKind> {
  const file = fileIn(what);
  if (file !== null && (await named.size(file)) !== null) return 'chosen';
  if (isSecret && !what.startsWith('vault:')) return 'typed';
  return file === null ? 'agreed' : 'missing';
}

/** The file that a reference such as `file:secrets/shop.txt` names; null where it is none. */
function fileIn(reference: string): string | null {
  return reference.startsWith('file:') ? reference.slice('file:'.length) : null;
}

/** Whether somebody has to do something for it. */
export function isAskedFor({ kind }: Need): boolean {
  return kind !== 'chosen';
}

/** Where it goes, such as `goes to 127.0.0.1:3000`. */
export function goesTo({ hosts }: Need): string {
  return hosts.length === 0 ? 'goes to no URL of the project' : `goes to ${readPlaces(hosts).join(', ')}`;
}

/** Why a run cannot begin yet, at the first of its needs that is not met; null where all are. */
export function lackOf(needs: readonly Need[], { secrets, agreed }: Given, named: Pick<NamedFiles, 'isFolder'>): Problem | null {
  for (const need of needs) {
    const { what, key, kind } = need;
    const why = {
      chosen: () => null,
      typed: () => ((secrets[key] ?? '') === '' ? `${what} has no value: type it in above, and run the test again.` : null),
      agreed: () => (agreed.has(key) ? null : `${what} of this workspace ${goesTo(need)}: agree to that above, and run the test again.`),
      missing: () => `${what} is ${missingText(named)}.`,
    }[kind]();
    if (why !== null) return { code: 'INPUT_INVALID', message: why, issues: [{ path: what, message: why }] };
  }
  return null;
}

/** What is said of a file that is not there. */
export function missingText({ isFolder }: Pick<NamedFiles, 'isFolder'>): string {
  return isFolder
    ? 'not in the chosen folder: put it there, or choose the whole project'
    : 'not among the chosen files: choose the whole folder';
}

/** Values of secrets by their reference; those of the workspace are there already. */
export async function secretsOf(needs: readonly Need[], names: readonly string[], named: NamedFiles, { secrets }: Given) {
  const values = needs
    .filter(({ what, kind }) => names.includes(what) && kind !== 'agreed')
    .map(async ({ what, key, kind }) => [what, kind === 'chosen' ? await fileText(what, named) : (secrets[key] ?? '')] as const);
  return Object.fromEntries(await Promise.all(values));
}

async function fileText(what: string, named: NamedFiles): Promise<string> {
  const text = await textOfFile(named, fileIn(what) ?? '', secretCharacters);
  if (text === null) throw new Error(`${what} is ${missingText(named)}.`);
  return text.replace(/\r?\n$/, '');
}

/** Bodies by their path, as far as they are there. */
export async function bodiesOf(paths: readonly string[], named: NamedFiles): Promise<AskedRun['bodies']> {
  const bodies = paths.map(async (name) => {
    const bytes = await named.bytes(name, runBodyBytes);
    return bytes === null ? [] : [{ name, contentBase64: base64OfBytes(bytes) }];
  });
  return (await Promise.all(bodies)).flat();
}
