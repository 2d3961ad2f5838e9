import { createHash } from 'node:crypto';
import type { ProjectRead } from '#shared/contract/project.ts';
import { task } from '../background/background.ts';
import { readsOfKept } from './kept-reads.ts';
import { createDestinations, environmentsAfter } from './read-hosts.ts';
import { readProject, type ProjectText, type ReadProject } from './read-project.ts';
import type { AskedRun, Found, ReadsOrder } from './reads-order.ts';
import { readsOfRun } from './run-reads.ts';
import { entryReferences } from './secrets.ts';
import { standingEndpoints, standingEnvironments, standingProfiles } from './standing.ts';
import { createTargetFinder } from './target-finder.ts';
import { findFields } from './thing-key.ts';
import { keepUnset } from './unset-secrets.ts';

/** What is read for a project, and where it goes. */
export type Read = Omit<ProjectRead, 'isKnown'>;

/** Reads the files of a project, and says what else has to be read for it. A run that it does not have reads nothing. */
export const projectReadsTask = task<ReadsOrder & { readonly files: readonly ProjectText[] }, { project: ReadProject; reads: Read[] }>(
  'projectReads',
  ({ files, ...order }) => {
    const project = readProject(files);
    const found = order.runs === undefined ? readsOfProject(project, order) : readsOfNamed(project, order.runs, order);
    return { project, reads: merged(found).map(toRead) };
  },
);

function readsOfNamed({ runs }: ReadProject, asked: readonly AskedRun[], { standing, environment }: ReadsOrder): readonly Found[] {
  const environments = standingEnvironments(standing);
  const workspace = { environment, environments, endpoints: standingEndpoints(standing), profiles: standingProfiles(standing) };
  const destinationsOf = createDestinations(environments);
  const known = new Map(runs.map((run) => [run.name, run]));
  return asked.flatMap(({ name, to }) => {
    const run = known.get(name);
    return run === undefined ? [] : readsOfRun(run, { ...workspace, to }, destinationsOf);
  });
}

/** The secrets that entries refer to, with the hosts that get them, and those that stay in the workspace and get other hosts. */
function readsOfProject({ entries: given, runs }: ReadProject, { standing, unset }: ReadsOrder): readonly Found[] {
  const { entries } = keepUnset(given, {
    standing: findFields(standing.map((thing) => [thing.kind, thing])),
    unset: new Set(unset),
    // The values are not here, and what may stay is to be asked for.
    isSame: () => true,
  });
  const environments = standingEnvironments(standing);
  const before = createDestinations(environments);
  const after = createDestinations(environmentsAfter(entries, environments));
  const targetsOf = createTargetFinder({ entries, runs }, standing);
  const read = entries.flatMap((entry) =>
    entryReferences(entry).map(({ reference, path }) => ({
      what: reference,
      thing: `${entry.kind}.${entry.name}`,
      destinations: [...new Set(targetsOf(entry, path).flatMap(after))],
    })),
  );
  return [...read, ...readsOfKept({ entries, standing, before, after })];
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
  const same = Map.groupBy(reads, ({ what, thing }) => JSON.stringify([what, thing]));
  return [...same.values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [{ ...first, destinations: [first, ...others].flatMap(({ destinations }) => destinations) }],
  );
}
