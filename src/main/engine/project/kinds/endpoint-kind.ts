import { allPages } from '#shared/all-pages.ts';
import { endpointInput, endpointPatch, newEndpoint } from '#shared/contract/endpoints.ts';
import type { EndpointBook } from '../../endpoints/book.ts';
import type { ProfileBook } from '../../profiles/book.ts';
import { filledEndpoint } from '../../profiles/fill.ts';
import type { Fields } from '../read-project.ts';
import { kept, keptBy } from '../secrets.ts';
import { fieldOf, omit, pick, policyById, policyByName, type Kind, type Names, type World } from './kind.ts';

const plainFields = Object.keys(endpointInput.omit({ name: true, secret: true, secretHeaders: true }).shape);
const secretFields = ['secret', 'secretHeaders'];

/** Endpoints. What an entry leaves out comes from its profile, where it has one, and otherwise from the defaults. */
export function endpointKind(book: Pick<EndpointBook, 'get'>, profiles: Pick<ProfileBook, 'find'>): Kind {
  return {
    kind: 'endpoints',
    noun: 'endpoint',
    required: ['url'],
    deciding: ['profile'],
    content: [],
    list: async ({ endpoints }, names) =>
      (await allPages((from) => endpoints.list({ limit: 200, ...from }))).map((endpoint) => {
        const secret = keptBy(endpoint.secretFingerprints[0]);
        const headers = Object.entries(book.get(endpoint.id).secretHeaders).map(([name, value]) => [name, kept(value)]);
        const fields = {
          ...byName(pick(endpoint, plainFields), names, profiles),
          ...(secret === undefined ? {} : { secret }),
          secretHeaders: Object.fromEntries(headers),
        };
        return { id: endpoint.id, name: endpoint.name, fields };
      }),
    complete: (name, fields, world, current) => {
      const whole = completed(name, fields, world);
      const secret = whole['signing'] === null ? undefined : (fields['secret'] ?? current?.['secret']);
      const secretHeaders = fields['secretHeaders'] ?? current?.['secretHeaders'] ?? {};
      return { ...whole, ...(secret === undefined ? {} : { secret }), secretHeaders };
    },
    create: async ({ endpoints }, name, fields, names) => (await endpoints.create(newEndpoint.parse({ name, ...byId(fields, names) }))).id,
    update: async ({ endpoints }, thing, changed, fields, { names, kept: keptPaths }) => {
      // A profile that is chosen fills all that is not given.
      const given = 'profile' in changed ? fields : pick(fields, Object.keys(changed));
      const secretHeaders = 'secretHeaders' in changed ? { secretHeaders: changedHeaders(thing.fields, fields, keptPaths) } : {};
      const patch = endpointPatch.parse({ ...omit(byId(given, names), ['secretHeaders']), ...secretHeaders });
      await endpoints.update({ id: thing.id, ...patch });
    },
    remove: async ({ endpoints }, id) => void (await endpoints.remove({ id })),
  };
}

function completed(name: string, fields: Fields, world: World): Fields {
  const { auth = null, retryPolicy, profile = null, ...given } = omit(fields, secretFields);
  const filled = filledEndpoint(
    { find: world.profile },
    newEndpoint.parse({
      name,
      ...given,
      profile,
      ...(retryPolicy === undefined ? {} : { retryPolicy: policyById(retryPolicy, (policy) => policy) }),
    }),
  );
  const isSignedByAuth = typeof auth === 'string' && world.signs(auth) && given['signing'] === undefined && fields['secret'] === undefined;
  const plain = pick(isSignedByAuth ? { ...filled, signing: null } : filled, plainFields);
  const { authId: _, ...others } = plain;
  return { ...others, auth, retryPolicy: policyByName(plain['retryPolicy'], (policy) => policy) };
}

function byName({ authId, retryPolicy, profile, ...others }: Fields, names: Names, profiles: Pick<ProfileBook, 'find'>): Fields {
  return {
    ...others,
    // One that was deleted says nothing any more.
    profile: typeof profile === 'string' && profiles.find(profile) !== undefined ? names.nameOf('profiles', profile) : null,
    auth: typeof authId === 'string' ? names.nameOf('auths', authId) : null,
    retryPolicy: policyByName(retryPolicy, (id) => names.nameOf('policies', id)),
  };
}

function byId({ auth, retryPolicy, profile, ...others }: Fields, names: Names): Fields {
  return {
    ...others,
    ...(profile === undefined ? {} : { profile: typeof profile === 'string' ? names.idOf('profiles', profile) : null }),
    ...(auth === undefined ? {} : { authId: typeof auth === 'string' ? names.idOf('auths', auth) : null }),
    ...(retryPolicy === undefined ? {} : { retryPolicy: policyById(retryPolicy, (name) => names.idOf('policies', name)) }),
  };
}

/** Secret headers as a change: null for those that go, and nothing for those that stay, some by `keptPaths`. */
function changedHeaders(before: Fields, after: Fields, keptPaths: ReadonlySet<string>): Fields {
  const now = (after['secretHeaders'] ?? {}) as Fields;
  const stays = (name: string) => fieldOf(now, name) !== undefined || keptPaths.has(`secretHeaders.${name}`);
  const gone = Object.keys((before['secretHeaders'] ?? {}) as Fields).filter((name) => !stays(name));
  return { ...Object.fromEntries(gone.map((name) => [name, null])), ...now };
}
