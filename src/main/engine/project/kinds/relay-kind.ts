import { isDeepStrictEqual } from 'node:util';
import { allPages } from '#shared/all-pages.ts';
import { endpointInput } from '#shared/contract/endpoints.ts';
import { relayInput, type Relay } from '#shared/contract/relays.ts';
import { targetUrlFields, type RelayTarget } from '#shared/contract/relay-targets.ts';
import { literalUrl } from '../../endpoints/literal-url.ts';
import type { Fields } from '../read-project.ts';
import { keptBy } from '../secrets.ts';
import { itemsOf, omit, pick, policyById, policyByName, withSecretsAside, type Kind, type Names, type World } from './kind.ts';

const sharedFields = ['name', 'match', 'path', 'query', 'headers', 'as'];
const urlFields = targetUrlFields.filter((field) => field !== 'signing' && field !== 'secret');
const urlDefaults = pick(endpointInput.parse({ name: 'unused', url: 'http://unused' }), urlFields);

/** Relays. A target is a URL, or the name of an endpoint. */
export const relayKind: Kind = {
  kind: 'relays',
  noun: 'relay',
  required: ['bin', 'targets'],
  deciding: [],
  content: [],
  list: async ({ relays, bins }, names) => {
    const secrets = new Map(
      (await allPages((from) => bins.list({ limit: 200, ...from }))).map((bin) => [bin.id, bin.secretFingerprints[0]]),
    );
    return (await allPages((from) => relays.list({ limit: 200, ...from }))).map((relay) => ({
      id: relay.id,
      name: relay.name,
      fields: fieldsOf(relay, names, secrets.get(relay.binId)),
    }));
  },
  complete: (_name, fields, world, current) => {
    const whole = withSecretsAside(fields, (plain) => {
      const { bin, targets, ...others } = plain;
      const parsed = relayInput
        .omit({ name: true })
        .parse({ ...others, binId: bin, targets: itemsOf(targets).map((each) => targetById(each, sameNames)) });
      const { binId: _, ...rest } = parsed;
      return { ...rest, bin, targets: parsed.targets.map((each) => completeTarget(targetByName(each, sameNames), String(bin), world)) };
    });
    const left = [...itemsOf(current?.['targets'])];
    const targets = itemsOf(whole['targets']).map((target) => {
      const at = left.findIndex((each) => isSameTarget(each, target));
      const [before] = at === -1 ? [] : left.splice(at, 1);
      return target['secret'] === undefined && before?.['secret'] !== undefined && target['as'] === 'resigned'
        ? { ...target, secret: before['secret'] }
        : target;
    });
    return { ...whole, targets };
  },
  create: async ({ relays }, name, fields, names) => (await relays.create(relayInput.parse({ name, ...byId(fields, names) }))).id,
  update: async ({ relays }, { id }, changed, fields, { names }) => {
    const parsed = relayInput.omit({ name: true }).parse(byId(fields, names));
    const given = pick(parsed, Object.keys('bin' in changed ? { ...changed, binId: true } : changed));
    const known = [...(await relays.get({ id })).targets];
    const targets = parsed.targets.map((target) => {
      const at = known.findIndex((each) => (target.url === undefined ? each.endpointId === target.endpointId : each.url === target.url));
      const [before] = at === -1 ? [] : known.splice(at, 1);
      return before === undefined ? target : { ...target, id: before.id };
    });
    await relays.update({ id, ...given, ...('targets' in changed ? { targets } : {}) });
  },
  remove: async ({ relays }, id) => void (await relays.remove({ id })),
};

const sameNames: Names = { idOf: (_kind, name) => name, nameOf: (_kind, id) => id };

function fieldsOf(relay: Relay, names: Names, binSecret: string | undefined): Fields {
  return {
    ...pick(relay, ['match', 'answer', 'shadow', 'isActive']),
    bin: names.nameOf('bins', relay.binId),
    targets: relay.targets.map((target) => targetFields(target, names, binSecret)),
  };
}

function targetFields(target: RelayTarget, names: Names, binSecret: string | undefined): Fields {
  const shared = pick(target, sharedFields);
  if (target.endpointId !== null) {
    const endpoint = names.nameOf('endpoints', target.endpointId);
    return { ...shared, endpoint, withAuth: target.withAuth };
  }
  const [fingerprint] = target.secretFingerprints;
  // The secret of the bin is what a target signs with that names none.
  const secret = fingerprint === binSecret ? undefined : keptBy(fingerprint);
  return {
    ...shared,
    url: target.url,
    ...(target.signing === null ? {} : { signing: target.signing }),
    ...(secret === undefined ? {} : { secret }),
    ...pick(target, urlFields),
    retryPolicy: policyByName(target.retryPolicy, (id) => names.nameOf('policies', id)),
  };
}

/** A target with all of its fields, as the engine fills them. */
function completeTarget(target: Fields, bin: string, world: World): Fields {
  const { endpoint, url } = target;
  const path = target['path'] ?? (url === undefined ? 'drop' : 'append');
  const shared = { ...target, path, query: target['query'] ?? { keep: path !== 'drop', set: {}, remove: [] } };
  if (typeof endpoint === 'string')
    return {
      ...shared,
      name: target['name'] === '' ? endpoint : target['name'],
      withAuth: target['withAuth'] ?? world.hasAuth(endpoint),
    };
  const signing = target['as'] === 'resigned' ? (target['signing'] ?? world.bin(bin)?.signing ?? undefined) : target['signing'];
  const own = omit(shared, ['withAuth']);
  return { ...own, ...(signing === undefined ? {} : { signing }), ...urlDefaults, ...pick(own, urlFields) };
}

function isSameTarget(one: Fields, other: Fields): boolean {
  return isDeepStrictEqual([one['endpoint'], one['url']], [other['endpoint'], other['url']]);
}

function byId({ bin, targets, ...others }: Fields, names: Names): Fields {
  return { ...others, binId: names.idOf('bins', String(bin)), targets: itemsOf(targets).map((target) => targetById(target, names)) };
}

function targetById({ endpoint, retryPolicy, url, ...others }: Fields, names: Names): Fields {
  return {
    ...others,
    // As the workspace keeps it.
    ...(url === undefined ? {} : { url: typeof url === 'string' ? literalUrl(url) : url }),
    ...(typeof endpoint === 'string' ? { endpointId: names.idOf('endpoints', endpoint) } : {}),
    ...(retryPolicy === undefined ? {} : { retryPolicy: policyById(retryPolicy, (name) => names.idOf('policies', name)) }),
  };
}

function targetByName(target: object, names: Names): Fields {
  const { endpointId, retryPolicy, ...others } = target as Fields;
  return {
    ...omit(others, ['id']),
    ...(typeof endpointId === 'string' ? { endpoint: names.nameOf('endpoints', endpointId) } : {}),
    ...(retryPolicy === undefined ? {} : { retryPolicy: policyByName(retryPolicy, (id) => names.nameOf('policies', id)) }),
  };
}
