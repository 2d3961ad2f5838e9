import type { EnvironmentBook } from '../environments/book.ts';
import type { Things } from './workspace-state.ts';
import { fieldOf } from './kinds/kind.ts';
import type { Problem } from './places.ts';
import type { ReadProject } from './read-project.ts';
import { referencesIn } from './secrets.ts';

/** Values of the secrets that a project refers to. Never told, and never kept beyond a call. */
export type SecretValues = ReadonlyMap<string, string>;

export interface SecretSources {
  /** Those that the caller brings along, by their reference. */
  readonly given: Readonly<Record<string, string>>;
  readonly things: Things;
  readonly environments: Pick<EnvironmentBook, 'get'>;
}

/** Finds the secrets that a project refers to; each that is missing is a problem at its place. */
export function resolveSecrets(
  { secrets, entries }: Pick<ReadProject, 'secrets' | 'entries'>,
  sources: SecretSources,
): { readonly values: SecretValues; readonly problems: readonly Problem[] } {
  const values = new Map<string, string>();
  const problems: Problem[] = [];
  for (const { reference, place } of secrets) {
    if (values.has(reference)) continue;
    const value = valueOf(reference, entries, sources);
    if (value === undefined || value === '') problems.push({ place, path: '', message: missingText(reference) });
    else values.set(reference, value);
  }
  return { values, problems };
}

function valueOf(reference: string, entries: ReadProject['entries'], sources: SecretSources): string | undefined {
  if (!reference.startsWith('vault:')) return Object.hasOwn(sources.given, reference) ? sources.given[reference] : undefined;
  const [environment = '', variable = ''] = reference.slice('vault:'.length).split('/');
  const named = ({ name }: { readonly name: string }) => name.toLowerCase() === environment.toLowerCase();
  // A variable that the project sets counts as it is going to be.
  const entry = entries.find((each) => each.kind === 'environments' && named(each));
  const [own] = referencesIn(fieldOf(fieldOf(entry?.fields, 'variables'), variable));
  if (own !== undefined) return own.reference.startsWith('vault:') ? undefined : valueOf(own.reference, entries, sources);
  const thing = sources.things.get('environments')?.find(named);
  if (thing === undefined) return undefined;
  return sources.environments.get(thing.id).variables.find(({ name, isSecret }) => isSecret && name === variable)?.value;
}

function missingText(reference: string): string {
  if (reference.startsWith('env:'))
    return `${reference} has no value: set the environment variable ${reference.slice(4)} where this command runs; over REST, give it in "secrets".`;
  if (reference.startsWith('file:'))
    return `${reference} has no value: write the secret into that file, beside the project; over REST, give it in "secrets".`;
  return `${reference} is not there: the workspace has no secret variable of this name in that environment.`;
}
