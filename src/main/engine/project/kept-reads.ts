import { literalUrl } from '../endpoints/literal-url.ts';
import { headerTexts } from '../templates/header-texts.ts';
import { partId } from './auth-part-id.ts';
import { fieldOf, itemsOf } from './kinds/kind.ts';
import { targetOf, type DestinationsOf, type Target } from './read-hosts.ts';
import type { Fields, ReadEntry } from './read-project.ts';
import type { Found, StandingThing } from './reads-order.ts';
import { isSecret } from './secrets.ts';
import { createTakers, templatesIn, type Takers } from './taken-by-text.ts';
import { sameName, thingKey } from './thing-key.ts';
import { tokenTarget } from './target-finder.ts';

/** An entry of a project, or a thing of the workspace in the form of one. */
type Thing = Pick<ReadEntry, 'kind' | 'name' | 'fields'>;

interface KeptOrder {
  readonly entries: readonly Thing[];
  readonly standing: readonly StandingThing[];
  /** Where URLs lead now, and once the project is applied. */
  readonly before: DestinationsOf;
  readonly after: DestinationsOf;
}

/**
 * Secrets that the workspace has and the project leaves as they are, each with the places that get it, or what it signs, only once the project
 * is applied: by another URL, by another authentication of an endpoint, by a relay, or by a template that takes a variable.
 */
export function readsOfKept({ entries, standing, before, after }: KeptOrder): readonly Found[] {
  const own = new Map(entries.map((entry) => [thingKey(entry.kind, entry.name), entry]));
  const entryOf = ({ kind, name }: Thing) => own.get(thingKey(kind, name));
  const now = worldOf(standing);
  const others = standing.filter((thing) => entryOf(thing) === undefined);
  const filled = filledRelays(filledEndpoints(entries, others), standing);
  // Relays that only the workspace has stay as they are, with the secrets that they have.
  const then = worldOf([...filled, ...others.filter(({ kind }) => kind !== 'relays')]);
  return standing.flatMap((thing) =>
    keptSecrets(thing, entryOf(thing)).flatMap(({ what, targetsIn }) => {
      const known = new Set(
        targetsIn(now)
          .flatMap(before)
          .map(({ whole }) => whole),
      );
      const fresh = targetsIn(then)
        .flatMap(after)
        .filter(({ whole }) => !known.has(whole));
      return fresh.length === 0 ? [] : [{ what, thing: `${thing.kind}.${thing.name}`, destinations: [...new Set(fresh)] }];
    }),
  );
}

/** What sends secrets somewhere, as far as it does: no more than that, so that nothing new is taken for known. */
interface World {
  readonly things: ReadonlyMap<string, Thing>;
  /** Endpoints by the key of their authentication. */
  readonly endpointsOf: ReadonlyMap<string, readonly Target[]>;
  /** Targets of relays that sign with the secret of a bin, by the key of the bin. */
  readonly signedOf: ReadonlyMap<string, readonly Target[]>;
  /** What takes variables. */
  readonly takers: Takers<Target>;
}

function worldOf(all: readonly Thing[]): World {
  const things = new Map(all.map((thing) => [thingKey(thing.kind, thing.name), thing]));
  const endpointsOf = new Map<string, Target[]>();
  const signedOf = new Map<string, Target[]>();
  const takers = createTakers<Target>();
  const put = (map: Map<string, Target[]>, key: string, target: Target) => void map.set(key, [...(map.get(key) ?? []), target]);
  for (const { kind, fields } of all) {
    if (kind === 'endpoints') {
      const target = targetOf(fields);
      if (typeof fields['auth'] === 'string') put(endpointsOf, thingKey('auths', fields['auth']), target);
      takers.add(templatesIn([fields['url'], ...headerTexts(fields)]), target);
    }
    if (kind !== 'relays') continue;
    for (const each of itemsOf(fields['targets'])) {
      const { endpoint } = each;
      const target = typeof endpoint === 'string' ? targetOf(things.get(thingKey('endpoints', endpoint))?.fields) : targetOf(each);
      takers.add(templatesIn(each['headers']), target);
      if (signsItself(each) && each['secret'] === undefined) put(signedOf, thingKey('bins', String(fields['bin'])), target);
    }
  }
  return { things, endpointsOf, signedOf, takers };
}

/** Whether a target of a relay is a URL that is signed for. */
function signsItself({ as, url }: Fields): boolean {
  return as === 'resigned' && url !== undefined;
}

/** Entries with what their endpoints get from profiles, where they say nothing of it. */
function filledEndpoints(entries: readonly Thing[], others: readonly Thing[]): readonly Thing[] {
  const profiles = new Map<unknown, Fields>();
  for (const { kind, name, fields, ...rest } of [...others, ...entries]) {
    if (kind !== 'profiles') continue;
    profiles.set(sameName(kind, name), fields);
    if ('id' in rest) profiles.set(rest.id, fields);
  }
  return entries.map((entry) => {
    const { kind, fields } = entry;
    const profile = typeof fields['profile'] === 'string' ? profiles.get(sameName('profiles', fields['profile'])) : undefined;
    if (kind !== 'endpoints' || profile === undefined) return entry;
    const { headers, retryHeaders } = (profile['fields'] ?? {}) as Fields;
    const unsignedHeaders = fields['headers'] === undefined ? profile['unsignedHeaders'] : undefined;
    return { ...entry, fields: { headers, retryHeaders, ...fields, unsignedHeaders } };
  });
}

/** Entries with the secrets that targets of relays keep, by their URL and scheme. */
function filledRelays(entries: readonly Thing[], standing: readonly Thing[]): readonly Thing[] {
  const relays = new Map(standing.flatMap(({ kind, name, fields }) => (kind === 'relays' ? [[thingKey(kind, name), fields]] : [])));
  return entries.map((entry) => {
    const known = itemsOf(relays.get(thingKey(entry.kind, entry.name))?.['targets']).filter(({ secret }) => isSecret(secret));
    if (entry.kind !== 'relays' || known.length === 0) return entry;
    const targets = itemsOf(entry.fields['targets']).map((target) => {
      const before = known.find((each) => isSameTarget(each, target));
      return before === undefined ? target : { secret: before['secret'], ...target };
    });
    return { ...entry, fields: { ...entry.fields, targets } };
  });
}

/** Whether a target of a relay keeps the secret of one that it has: by its URL and scheme. */
export function isSameTarget(before: Fields, { url, signing }: Fields): boolean {
  const scheme = fieldOf(signing, 'scheme');
  return (
    typeof url === 'string' &&
    literalUrl(url) === before['url'] &&
    (scheme === undefined || scheme === fieldOf(before['signing'], 'scheme'))
  );
}

/** A secret that stays, by the name that it is told by. */
interface KeptSecret {
  readonly what: string;
  readonly targetsIn: (world: World) => readonly Target[];
}

/** The secrets of a thing that its entry leaves as they are; without an entry, all of them. */
function keptSecrets(thing: Thing, entry: Thing | undefined): readonly KeptSecret[] {
  const { kind, name, fields } = thing;
  const key = thingKey(kind, name);
  const what = (field: string) => `kept:${kind}.${name}.${field}`;
  switch (kind) {
    case 'environments':
      // An entry has all variables of its environment; of these, some may stay as they are.
      return secretNames(fields['variables'])
        .filter((variable) => entry === undefined || isKept(fieldOf(fieldOf(entry.fields['variables'], variable), 'secret')))
        .map((variable) => ({ what: `vault:${name}/${variable}`, targetsIn: ({ takers }) => takers.of(variable) }));
    case 'auths':
      return itemsOf(fields['parts']).flatMap((part) => keptOfPart(part, entry, key).map((each) => ({ ...each, what: what(each.what) })));
    case 'bins':
      if (itemsOf(fields['secrets']).length === 0) return [];
      if (entry?.fields['secrets'] !== undefined && !itemsOf(entry.fields['secrets']).some(isKept)) return [];
      return [{ what: what('secrets'), targetsIn: ({ signedOf }) => signedOf.get(key) ?? [] }];
    case 'endpoints': {
      const given = entry?.fields ?? {};
      const isLeft = (value: unknown) => value === undefined || isKept(value);
      const signs = isSecret(fields['secret']) && isLeft(given['secret']) && given['signing'] !== null;
      const headers = Object.keys((fields['secretHeaders'] ?? {}) as Fields).filter(
        (header) => given['secretHeaders'] === undefined || isKept(fieldOf(given['secretHeaders'], header)),
      );
      return [...(signs ? ['secret'] : []), ...headers.map((header) => `secretHeaders.${header}`)].map((field) => ({
        what: what(field),
        targetsIn: ({ things }) => [targetOf(things.get(key)?.fields)],
      }));
    }
    case 'relays':
      return itemsOf(fields['targets']).flatMap((target, index) => {
        if (!isSecret(target['secret'])) return [];
        // The same object: a target with a reference has another one.
        const isIt = (each: Fields) => signsItself(each) && each['secret'] === target['secret'];
        return [
          {
            what: what(`targets.${index}.secret`),
            targetsIn: ({ things }: World) => itemsOf(things.get(key)?.fields['targets']).filter(isIt).map(targetOf),
          },
        ];
      });
    default:
      return [];
  }
}

/** The secrets of a part of an authentication that its entry leaves as they are. */
function keptOfPart(part: Fields, entry: Thing | undefined, key: string): readonly KeptSecret[] {
  const id = partId(part);
  const find = (parts: unknown) => itemsOf(parts).find((each) => partId(each) === id);
  const given = entry === undefined ? part : find(entry.fields['parts']);
  if (given === undefined) return [];
  const isGiven = (field: string) => '$secret' in Object(given[field]);
  // The key of a certificate is given with it, in one of two forms.
  const isWhole = part['kind'] === 'mutual-tls';
  if (isWhole && Object.keys(given).some(isGiven)) return [];
  const fields = secretNames(part).filter((field) => !isGiven(field) && field !== 'certificate');
  return fields.map((field) => ({
    what: field,
    targetsIn: ({ things, endpointsOf }) => [
      ...(part['kind'] === 'oauth2'
        ? itemsOf(things.get(key)?.fields['parts'])
            .filter((each) => partId(each) === id)
            .map(tokenTarget)
        : []),
      ...(endpointsOf.get(key) ?? []),
    ],
  }));
}

/** Whether a value of an entry is the secret that the workspace has. */
function isKept(value: unknown): boolean {
  return isSecret(value) && '$fingerprint' in value;
}

/** Names of the values that are secret, by themselves or as that of a variable. */
function secretNames(values: unknown): readonly string[] {
  return Object.entries((values ?? {}) as Fields).flatMap(([name, value]) =>
    isSecret(value) || isSecret((value as Fields | null)?.['secret']) ? [name] : [],
  );
}
