import { createHash } from 'node:crypto';
import type { ProjectRead } from '#shared/contract/project.ts';
import { task } from '../background/background.ts';
import { itemsOf } from './kinds/kind.ts';
import { createDestinations, environmentsAfter, type Destination, type DestinationsOf, type UrlEnvironment } from './read-hosts.ts';
import { readProject, type ProjectText, type ReadEntry, type ReadProject } from './read-project.ts';
import { readsOfRun, urlsOfRun } from './run-reads.ts';
import { entryReferences } from './secrets.ts';
import { createTaking, templatesIn } from './taken-by-text.ts';
import { sameName, thingKey } from './thing-key.ts';

/** An endpoint that the workspace has already. */
export interface StandingEndpoint {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  /** The name of its authentication. */
  readonly auth: string | null;
  /** Headers that may name variables; a body takes no secret ones. */
  readonly headers: readonly string[];
}

/** A profile that the workspace has already, or that is built in. */
export interface StandingProfile {
  readonly id: string;
  readonly name: string;
  /** Headers that it gives endpoints, which may name variables. */
  readonly headers: readonly string[];
}

/** Whose reads are asked for: those of applying the project, or those of a run. */
export interface ReadsOrder {
  readonly run: string | undefined;
  /** Where all of the run goes. */
  readonly to: string | undefined;
  readonly endpoints: readonly StandingEndpoint[];
  readonly profiles: readonly StandingProfile[];
  /** Those that the workspace has already. */
  readonly environments: readonly UrlEnvironment[];
  /** The name of the one in use, whose variables a run takes. */
  readonly environment: string | null;
}

/** What is read for a project, and where it goes. */
export type Read = Omit<ProjectRead, 'isKnown'>;

/** Something that is read for a thing, with the places that get it. */
export interface Found {
  readonly what: string;
  readonly thing: string;
  readonly destinations: readonly Destination[];
}

/** Reads the files of a project, and says what else has to be read for it. A run that it does not have reads nothing. */
export const projectReadsTask = task<ReadsOrder & { readonly files: readonly ProjectText[] }, { project: ReadProject; reads: Read[] }>(
  'projectReads',
  ({ files, ...order }) => {
    const { run, endpoints, profiles, environments } = order;
    const project = readProject(files);
    const asked = project.runs.find(({ name }) => name === run);
    const found =
      run === undefined
        ? readsOfProject(project, { endpoints, profiles }, createDestinations(environmentsAfter(project.entries, environments)))
        : asked === undefined
          ? []
          : readsOfRun(asked, order, createDestinations(environments));
    return { project, reads: merged(found).map(toRead) };
  },
);

type Standing = Pick<ReadsOrder, 'endpoints' | 'profiles'>;

/** The secrets that entries refer to, with the hosts that get them. */
function readsOfProject(
  project: Pick<ReadProject, 'entries' | 'runs'>,
  standing: Standing,
  destinationsOf: DestinationsOf,
): readonly Found[] {
  const urlsOf = createUrlFinder(project, standing);
  return project.entries.flatMap((entry) =>
    entryReferences(entry).map(({ reference, path }) => ({
      what: reference,
      thing: `${entry.kind}.${entry.name}`,
      destinations: [...new Set(urlsOf(entry, path))].flatMap(destinationsOf),
    })),
  );
}

/** Finds the URLs that get a secret of an entry, which stands at a dotted path there. */
function createUrlFinder({ entries, runs }: Pick<ReadProject, 'entries' | 'runs'>, standing: Standing) {
  const ofKind = (kind: ReadEntry['kind']) => entries.filter((each) => each.kind === kind);
  const own = ofKind('endpoints');
  const relays = ofKind('relays');
  const isSame = (kind: ReadEntry['kind'], name: string, given: unknown) =>
    typeof given === 'string' && sameName(kind, given) === sameName(kind, name);
  // What the project has too is going to be as it says there.
  const ownNames = new Set(entries.map(({ kind, name }) => thingKey(kind, name)));
  const others = standing.endpoints.filter(({ name }) => !ownNames.has(thingKey('endpoints', name)));
  const otherProfiles = standing.profiles.filter(({ name }) => !ownNames.has(thingKey('profiles', name)));
  const ofRuns = runs.map(({ run }) => ({ profile: run.profile, urls: urlsOfRun(run) }));
  const takes = createTaking();
  const texts = new Map(entries.map((entry) => [entry, templatesIn(entry.fields)]));
  const uses = entries.flatMap((entry) => entryReferences(entry).map((use) => ({ entry, ...use })));
  const urlOfTarget = (target: Readonly<Record<string, unknown>> | undefined): readonly unknown[] => {
    const endpoint = target?.['endpoint'];
    if (endpoint === undefined) return [target?.['url']];
    const urls = own.flatMap(({ name, fields }) => (isSame('endpoints', name, endpoint) ? [fields['url']] : []));
    return [...urls, ...others.flatMap(({ name, url }) => (isSame('endpoints', name, endpoint) ? [url] : []))];
  };
  /** URLs that get what is in a template of a profile, which is known by these. */
  const urlsOfProfile = (known: readonly string[]): readonly unknown[] => {
    const isIt = (given: unknown) => known.some((each) => isSame('profiles', each, given));
    return [
      ...own.flatMap(({ fields }) => (isIt(fields['profile']) ? [fields['url']] : [])),
      ...ofRuns.flatMap(({ profile, urls }) => (isIt(profile) ? urls : [])),
    ];
  };
  /** URLs that get what is in a template of an entry. */
  const urlsOfAll = ({ kind, name, fields }: ReadEntry): readonly unknown[] => {
    if (kind === 'endpoints') return [fields['url']];
    if (kind === 'relays') return itemsOf(fields['targets']).flatMap(urlOfTarget);
    if (kind === 'profiles') return urlsOfProfile([name]);
    if (kind !== 'auths') return [];
    return [
      ...itemsOf(fields['parts']).map(({ tokenUrl }) => tokenUrl),
      ...own.flatMap((each) => (isSame(kind, name, each.fields['auth']) ? [each.fields['url']] : [])),
      ...others.flatMap(({ url, auth }) => (isSame(kind, name, auth) ? [url] : [])),
    ];
  };
  const urlsOf = (entry: ReadEntry, path: string, seen: ReadonlySet<string> = new Set()): readonly unknown[] => {
    const { kind, name, fields } = entry;
    const [list = '', index = ''] = path.split('.');
    if (kind === 'relays') return urlOfTarget(itemsOf(fields[list])[Number(index)]);
    // A target of a relay signs with the secret of the bin where it has none of its own.
    if (kind === 'bins')
      return relays.flatMap((relay) =>
        isSame(kind, name, relay.fields['bin']) ? itemsOf(relay.fields['targets']).map(({ url }) => url) : [],
      );
    if (kind !== 'environments') return urlsOfAll(entry);
    const at = `${sameName(kind, name)}/${index}`;
    if (seen.has(at)) return [];
    const before = new Set([...seen, at]);
    const isNamed = (text: string) => takes(text, index);
    return [
      ...others.flatMap(({ url, headers }) => (templatesIn([url, ...headers]).some(isNamed) ? [url] : [])),
      ...otherProfiles.flatMap((each) => (templatesIn(each.headers).some(isNamed) ? urlsOfProfile([each.id, each.name]) : [])),
      ...ofRuns.flatMap(({ urls }) => templatesIn(urls).filter(isNamed)),
      ...entries.flatMap((each) => (texts.get(each)?.some(isNamed) === true ? urlsOfAll(each) : [])),
      ...uses.flatMap((use) => (isVariable(use.reference, name, index) ? urlsOf(use.entry, use.path, before) : [])),
    ];
  };
  return (entry: ReadEntry, path: string) => urlsOf(entry, path);
}

/** Whether a reference is to a variable of an environment. */
function isVariable(reference: string, environment: string, variable: string): boolean {
  if (!reference.startsWith('vault:')) return false;
  const [given = '', name] = reference.slice('vault:'.length).split('/');
  return sameName('environments', given) === sameName('environments', environment) && name === variable;
}

/**
 * With a key of what is read, for what, and all that decides where it goes: another host makes it another. Where a file of the project decides
 * that, there is no key: its content is not known here.
 */
function toRead({ what, thing, destinations }: Found): Read {
  const hosts = [...new Set(destinations.map(({ shown }) => shown))].toSorted();
  const wholes = [...new Set(destinations.map(({ whole }) => whole))].toSorted();
  const hash = createHash('sha256').update(JSON.stringify([what, thing, wholes]));
  return { what, thing, hosts, key: destinations.some(({ isLoose }) => isLoose) ? '' : hash.digest('hex').slice(0, 32) };
}

/** One read for each thing that reads it. */
function merged(reads: readonly Found[]): readonly Found[] {
  const all = new Map<string, Found>();
  for (const { what, thing, destinations } of reads) {
    const id = JSON.stringify([what, thing]);
    all.set(id, { what, thing, destinations: [...(all.get(id)?.destinations ?? []), ...destinations] });
  }
  return [...all.values()];
}
