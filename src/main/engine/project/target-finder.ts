import { itemsOf } from './kinds/kind.ts';
import { targetOf, type Target } from './read-hosts.ts';
import type { ReadEntry, ReadProject } from './read-project.ts';
import type { StandingThing } from './reads-order.ts';
import { targetsOfRun } from './run-reads.ts';
import { entryReferences } from './secrets.ts';
import { standingEndpoints, standingProfiles } from './standing.ts';
import { createTakers, templatesIn } from './taken-by-text.ts';
import { sameName, thingKey } from './thing-key.ts';

/** Finds where a secret of an entry goes, which stands at a dotted path there. */
export function createTargetFinder({ entries, runs }: Pick<ReadProject, 'entries' | 'runs'>, standing: readonly StandingThing[]) {
  const ofKind = (kind: ReadEntry['kind']) => entries.filter((each) => each.kind === kind);
  const own = ofKind('endpoints');
  const relays = ofKind('relays');
  const isSame = (kind: ReadEntry['kind'], name: string, given: unknown) =>
    typeof given === 'string' && sameName(kind, given) === sameName(kind, name);
  // What the project has too is going to be as it says there.
  const ownNames = new Set(entries.map(({ kind, name }) => thingKey(kind, name)));
  const others = standingEndpoints(standing).filter(({ name }) => !ownNames.has(thingKey('endpoints', name)));
  const otherProfiles = standingProfiles(standing).filter(({ name }) => !ownNames.has(thingKey('profiles', name)));
  const ofRuns = runs.map(({ run }) => ({ profile: run.profile, targets: targetsOfRun(run) }));
  const uses = Map.groupBy(
    entries.flatMap((entry) => entryReferences(entry).map((use) => ({ entry, ...use }))),
    ({ reference }) => variableKey(reference),
  );
  const targetsOfOne = (target: Readonly<Record<string, unknown>> | undefined): readonly Target[] => {
    const endpoint = target?.['endpoint'];
    if (endpoint === undefined) return [targetOf(target)];
    return [
      ...own.flatMap(({ name, fields }) => (isSame('endpoints', name, endpoint) ? [targetOf(fields)] : [])),
      ...others.filter(({ name }) => isSame('endpoints', name, endpoint)),
    ];
  };
  /** Where what is in a template of a profile goes, which is known by these. */
  const targetsOfProfile = (known: readonly string[]): readonly Target[] => {
    const isIt = (given: unknown) => known.some((each) => isSame('profiles', each, given));
    return [
      ...own.flatMap(({ fields }) => (isIt(fields['profile']) ? [targetOf(fields)] : [])),
      ...ofRuns.flatMap(({ profile, targets }) => (isIt(profile) ? targets : [])),
    ];
  };
  /** Where what is in a template of an entry goes. */
  const targetsOfAll = ({ kind, name, fields }: ReadEntry): readonly Target[] => {
    if (kind === 'endpoints') return [targetOf(fields)];
    if (kind === 'relays') return itemsOf(fields['targets']).flatMap(targetsOfOne);
    if (kind === 'profiles') return targetsOfProfile([name]);
    if (kind !== 'auths') return [];
    return [
      ...itemsOf(fields['parts']).map(tokenTarget),
      ...own.flatMap((each) => (isSame(kind, name, each.fields['auth']) ? [targetOf(each.fields)] : [])),
      ...others.filter(({ auth }) => isSame(kind, name, auth)),
    ];
  };
  const takers = createTakers<() => readonly Target[]>();
  for (const each of others) takers.add(templatesIn([each.url, ...each.headers]), () => [each]);
  for (const { id, name, headers } of otherProfiles) takers.add(templatesIn(headers), () => targetsOfProfile([id, name]));
  for (const { targets } of ofRuns) for (const target of targets) takers.add(templatesIn(target.url), () => [target]);
  for (const each of entries) takers.add(templatesIn(each.fields), () => targetsOfAll(each));
  const targetsOf = (entry: ReadEntry, path: string, seen: ReadonlySet<string> = new Set()): readonly Target[] => {
    const { kind, name, fields } = entry;
    const [list = '', index = ''] = path.split('.');
    if (kind === 'relays') return targetsOfOne(itemsOf(fields[list])[Number(index)]);
    // A target of a relay signs with the secret of the bin where it has none of its own.
    if (kind === 'bins')
      return relays.flatMap((relay) => (isSame(kind, name, relay.fields['bin']) ? itemsOf(relay.fields['targets']).map(targetOf) : []));
    if (kind !== 'environments') return targetsOfAll(entry);
    const at = variableKey(`vault:${name}/${index}`) ?? '';
    if (seen.has(at)) return [];
    const before = new Set([...seen, at]);
    return [
      ...takers.of(index).flatMap((targets) => targets()),
      ...(uses.get(at) ?? []).flatMap((use) => targetsOf(use.entry, use.path, before)),
    ];
  };
  return (entry: ReadEntry, path: string) => targetsOf(entry, path);
}

/** What a reference to a variable of an environment is found by; undefined for another one. */
function variableKey(reference: string): string | undefined {
  if (!reference.startsWith('vault:')) return undefined;
  const [environment = '', variable = ''] = reference.slice('vault:'.length).split('/');
  return `${sameName('environments', environment)}/${variable}`;
}

/** The token server of a part, whose certificate is always checked. */
export function tokenTarget({ tokenUrl }: Readonly<Record<string, unknown>>): Target {
  return { url: tokenUrl, verifyTls: true };
}
