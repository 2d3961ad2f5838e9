import { allPages } from '#shared/all-pages.ts';
import type { VariableInput } from '#shared/contract/environments.ts';
import { eventTypeInput } from '#shared/contract/events.ts';
import { jsonTextOf } from '#shared/contract/json.ts';
import { namedPolicyInput } from '#shared/contract/policies.ts';
import { profileInput } from '#shared/contract/profiles.ts';
import type { EnvironmentBook } from '../../environments/book.ts';
import type { Fields } from '../read-project.ts';
import { kept } from '../secrets.ts';
import { fieldOf, itemsOf, omit, pick, type Kind } from './kind.ts';

const pageSize = 200;

/** Environments with their variables. */
export function environmentKind(book: Pick<EnvironmentBook, 'get'>): Kind {
  const inputOf = (variables: unknown): VariableInput[] =>
    Object.entries((variables ?? {}) as Fields).map(([name, value]) => {
      if (typeof value === 'string') return { name, value, isSecret: false };
      const secret = fieldOf(value, 'secret');
      // Without a value, the one of the workspace stays.
      return { name, isSecret: true, ...(typeof secret === 'string' ? { value: secret } : {}) };
    });
  return {
    kind: 'environments',
    noun: 'environment',
    required: [],
    deciding: [],
    content: [],
    list: async ({ environments }) =>
      (await allPages((from) => environments.list({ limit: pageSize, ...from }))).map(({ id, name }) => {
        const variables = book.get(id).variables.map((each) => [each.name, each.isSecret ? { secret: kept(each.value) } : each.value]);
        return { id, name, fields: { variables: Object.fromEntries(variables) } };
      }),
    complete: (_name, fields) => ({ variables: fields['variables'] ?? {} }),
    create: async ({ environments }, name, fields) => (await environments.create({ name, variables: inputOf(fields['variables']) })).id,
    update: async ({ environments }, { id }, _changed, fields) =>
      void (await environments.update({ id, variables: inputOf(fields['variables']) })),
    remove: async ({ environments }, id) => void (await environments.remove({ id })),
  };
}

const policyEntry = namedPolicyInput.omit({ name: true });

/** Named retry policies. */
export const policyKind: Kind = {
  kind: 'policies',
  noun: 'retry policy',
  required: ['policy'],
  deciding: [],
  content: [],
  list: async ({ policies }) =>
    (await allPages((from) => policies.list({ limit: pageSize, ...from }))).map((policy) => ({
      id: policy.id,
      name: policy.name,
      fields: pick(policy, Object.keys(policyEntry.shape)),
    })),
  complete: (_name, fields) => policyEntry.parse(fields),
  create: async ({ policies }, name, fields) => (await policies.create({ name, ...policyEntry.parse(fields) })).id,
  update: async ({ policies }, { id }, changed) => void (await policies.update({ id, ...policyEntry.partial().parse(changed) })),
  remove: async ({ policies }, id) => void (await policies.remove({ id })),
};

const profileEntry = profileInput.omit({ name: true });

/** Profiles of the workspace's own. */
export const profileKind: Kind = {
  kind: 'profiles',
  noun: 'profile',
  required: [],
  deciding: [],
  content: ['handshakes', 'facts', 'eventTypes', 'plans'],
  list: async ({ profiles }) => {
    const own = (await allPages((from) => profiles.list({ limit: pageSize, ...from }))).filter(({ isBuiltIn }) => !isBuiltIn);
    const whole = await Promise.all(own.map(async ({ id }) => await profiles.get({ id })));
    return whole.map((profile) => ({ id: profile.id, name: profile.name, fields: pick(profile, Object.keys(profileEntry.shape)) }));
  },
  complete: (_name, fields) => profileEntry.parse(fields),
  create: async ({ profiles }, name, fields) => (await profiles.create({ name, ...profileEntry.parse(fields) })).id,
  update: async ({ profiles }, { id }, changed) =>
    void (await profiles.update({ id, ...pick(profileEntry.parse(changed), Object.keys(changed)) })),
  remove: async ({ profiles }, id) => void (await profiles.remove({ id })),
};

const eventTypeFields = Object.keys(eventTypeInput.omit({ name: true, sample: true, sampleText: true }).shape);
const noSamples = [{ name: 'default', dataText: '{}' }];

/** Event types of the catalogue. Their samples are text here, with every digit. */
export const eventTypeKind: Kind = {
  kind: 'eventTypes',
  noun: 'event type',
  required: [],
  deciding: [],
  content: ['samples', 'schema'],
  list: async ({ eventTypes }) =>
    (await allPages((from) => eventTypes.list({ limit: pageSize, ...from }))).map((eventType) => {
      const samples = eventType.samples.map(({ name, data, dataText }) => ({ name, dataText: dataText ?? jsonTextOf(data) }));
      // A large schema comes as text.
      const schema = eventType.schema === null ? null : (JSON.parse(JSON.stringify(eventType.schema)) as Fields);
      return { id: eventType.name, name: eventType.name, fields: { ...pick(eventType, eventTypeFields), samples, schema } };
    }),
  complete: (name, fields) => {
    const { samples, ...others } = fields;
    const texts = itemsOf(samples).map((sample) => ({
      name: String(sample['name']).trim(),
      dataText: typeof sample['dataText'] === 'string' ? sample['dataText'] : jsonTextOf(sample['data'] ?? {}),
    }));
    const whole = omit(eventTypeInput.parse({ name, ...others }), ['name', 'sample', 'sampleText', 'samples']);
    return { ...whole, samples: texts.length === 0 ? noSamples : texts };
  },
  create: async ({ eventTypes }, name, fields) => (await eventTypes.create(eventTypeInput.parse({ name, ...fields }))).name,
  update: async ({ eventTypes }, { name }, changed) => {
    await eventTypes.update({ name, ...pick(eventTypeInput.parse({ name, ...changed }), Object.keys(changed)) });
  },
  remove: async ({ eventTypes }, name) => void (await eventTypes.remove({ name })),
};
