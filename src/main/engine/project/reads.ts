import { createHash } from 'node:crypto';
import { isRunUrl } from '#shared/contract/project-runs.ts';
import type { ProjectRead } from '#shared/contract/project.ts';
import { task } from '../background/background.ts';
import { fieldOf, itemsOf } from './kinds/kind.ts';
import { readProject, type Fields, type ProjectText, type ReadEntry, type ReadProject, type ReadRun } from './read-project.ts';
import { entryReferences, referencesIn } from './secrets.ts';
import { sameName } from './thing-key.ts';

/** An endpoint that the workspace has already. */
export interface StandingEndpoint {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  /** The name of its authentication. */
  readonly auth: string | null;
}

/** Whose reads are asked for: those of applying the project, or those of a run. */
export interface ReadsOrder {
  readonly run: string | undefined;
  /** Where all of the run goes. */
  readonly to: string | undefined;
  readonly endpoints: readonly StandingEndpoint[];
}

/** What is read for a project, and where it goes. */
export type Read = Omit<ProjectRead, 'isKnown'>;
type Found = Omit<Read, 'key'>;

/** Reads the files of a project, and says what else has to be read for it. A run that it does not have reads nothing. */
export const projectReadsTask = task<ReadsOrder & { readonly files: readonly ProjectText[] }, { project: ReadProject; reads: Read[] }>(
  'projectReads',
  ({ files, run, to, endpoints }) => {
    const project = readProject(files);
    const asked = project.runs.find(({ name }) => name === run);
    const found =
      run === undefined
        ? readsOfProject(project.entries, endpoints)
        : asked === undefined
          ? []
          : readsOfRun(project.entries, asked, to, endpoints);
    return { project, reads: merged(found).map((each) => ({ ...each, key: keyOf(each) })) };
  },
);

/** The secrets that entries refer to, with the hosts that get them. */
function readsOfProject(entries: readonly ReadEntry[], standing: readonly StandingEndpoint[]): readonly Found[] {
  const hostsOf = createHostFinder(entries);
  const ofKind = (kind: ReadEntry['kind']) => entries.filter((each) => each.kind === kind);
  const endpoints = ofKind('endpoints');
  const relays = ofKind('relays');
  const texts = new Map(endpoints.map(({ fields }) => [fields, JSON.stringify(fields)]));
  const urlsOfEndpoints = (isMeant: (fields: Fields) => boolean) =>
    endpoints.flatMap(({ fields }) => (isMeant(fields) ? [fields['url']] : []));
  const isAuth = (name: string, given: unknown) => typeof given === 'string' && sameName('auths', given) === sameName('auths', name);
  /** URLs that get a secret of an entry. */
  const urlsOf = ({ kind, name, fields }: ReadEntry, path: string): readonly unknown[] => {
    if (kind === 'endpoints') return [fields['url']];
    const [list = '', index = ''] = path.split('.');
    if (kind === 'relays') return [itemsOf(fields[list])[Number(index)]?.['url']];
    if (kind === 'auths')
      return [
        itemsOf(fields[list])[Number(index)]?.['tokenUrl'],
        ...urlsOfEndpoints(({ auth }) => isAuth(name, auth)),
        ...standing.flatMap(({ url, auth }) => (isAuth(name, auth) ? [url] : [])),
      ];
    // A target of a relay signs with the secret of the bin where it has none of its own.
    if (kind === 'bins')
      return relays.flatMap((relay) => (relay.fields['bin'] === name ? itemsOf(relay.fields['targets']).map(({ url }) => url) : []));
    if (kind !== 'environments') return [];
    const isNamed = (text = '') => text.includes('vars') && text.includes(index);
    return urlsOfEndpoints((endpoint) => isNamed(texts.get(endpoint)));
  };
  return entries.flatMap((entry) =>
    entryReferences(entry).map(({ reference, path }) => ({
      what: reference,
      thing: `${entry.kind}.${entry.name}`,
      hosts: urlsOf(entry, path).flatMap(hostsOf),
    })),
  );
}

/** The secrets of a run, and its files with bodies. */
function readsOfRun(
  entries: readonly ReadEntry[],
  { name, run }: ReadRun,
  to: string | undefined,
  standing: readonly StandingEndpoint[],
): readonly Found[] {
  const hostsOf = createHostFinder(entries);
  const hostsOfTarget = (target: string | undefined) => {
    if (target === undefined || isRunUrl(target)) return hostsOf(target);
    return hostsOf(standing.find((each) => each.id === target || each.name.toLowerCase() === target.toLowerCase())?.url);
  };
  const read = (what: string, targets: readonly (string | undefined)[]) => ({
    what,
    thing: `runs.${name}`,
    hosts: (to === undefined ? targets : [to]).flatMap(hostsOfTarget),
  });
  const secretsIn = (value: unknown, targets: readonly (string | undefined)[]) =>
    referencesIn({ secret: value }).map(({ reference }) => read(reference, targets));
  return [
    ...secretsIn(run.secret, [run.to, ...run.steps.map((step) => step.to)]),
    ...run.steps.flatMap((step) => {
      const targets = [step.to ?? run.to];
      return [...secretsIn(step.secret, targets), ...(step.bodyFile === undefined ? [] : [read(`file:${step.bodyFile}`, targets)])];
    }),
  ];
}

/** Identifies a read by what is read, for what, and where it goes: another host makes it another. */
function keyOf({ what, thing, hosts }: Found): string {
  return createHash('sha256')
    .update(JSON.stringify([what, thing, hosts]))
    .digest('hex')
    .slice(0, 16);
}

/** One read for each thing that reads it. */
function merged(reads: readonly Found[]): readonly Found[] {
  const all = new Map<string, Found>();
  for (const { what, thing, hosts } of reads) {
    const key = JSON.stringify([what, thing]);
    all.set(key, { what, thing, hosts: [...new Set([...(all.get(key)?.hosts ?? []), ...hosts])].toSorted() });
  }
  return [...all.values()];
}

/** Characters of a URL with templates that are shown. */
const shownCharacters = 200;

/** The hosts of a URL: of one with variables, what the environments of the project make of it, beside the text where that leaves it open. */
function createHostFinder(entries: readonly ReadEntry[]): (url: unknown) => readonly string[] {
  const environments = entries.flatMap(({ kind, fields }) => (kind === 'environments' ? [fields['variables']] : []));
  return (url) => {
    if (typeof url !== 'string') return [];
    if (!isTemplate(url)) return [hostOf(url)];
    // The environment that counts may be one of the workspace.
    const filled = environments.map((variables) =>
      url.replaceAll(/\{\{-?\s*vars\.(\w+)\s*-?\}\}/g, (text, name: string) => {
        const value = fieldOf(variables, name);
        return typeof value === 'string' ? value : text;
      }),
    );
    return [url.slice(0, shownCharacters), ...filled.filter((each) => !isTemplate(each)).map(hostOf)];
  };
}

function isTemplate(text: string): boolean {
  return /\{\{|\{%/.test(text);
}

/** Host and port of a URL; of what is none, its text. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url.slice(0, shownCharacters);
}
