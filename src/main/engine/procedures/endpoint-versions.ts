import type { Json } from '#shared/contract/json.ts';
import type { Procedures } from '../base/procedures.ts';
import { invalid } from '../base/refusal.ts';
import { changedInProfile } from '../profiles/newer.ts';
import type { InTurn } from '../store/in-turn.ts';
import { sourceOf, type EndpointEditor, type EndpointEditorDeps } from './endpoint-editor.ts';
import { answerVersions, wholeVersion, type Versioned } from './answer-versions.ts';

/** Earlier templates of endpoints, and what a newer version of their profile would change in them. */
export function createEndpointVersionHandlers(
  os: Procedures,
  { database, endpoints: book, profiles }: Pick<EndpointEditorDeps, 'database' | 'endpoints' | 'profiles'>,
  { update, asGiven, view }: EndpointEditor,
  inTurn: InTurn,
) {
  const versioned = (id: string): Versioned => {
    const config = book.get(id);
    return { id, template: sourceOf(config), updatedAtMs: config.updatedAtMs };
  };
  const newer = (id: string) => {
    const config = book.get(id);
    const profile = config.profile === null ? undefined : profiles.find(config.profile);
    const told = view(config).changedInProfile;
    const items = changedInProfile(profile, config.profileBase, asGiven(config)).filter(({ field }) => told.includes(field));
    return { config, items };
  };
  return {
    templateVersions: os.endpoints.templateVersions.handler(({ input: { id } }) => ({ items: answerVersions(database, versioned(id)) })),
    templateVersion: os.endpoints.templateVersion.handler(({ input: { id, number } }) => wholeVersion(database, versioned(id), number)),
    restoreTemplate: os.endpoints.restoreTemplate.handler(({ input: { id, number, ifUpdatedAtMs }, context: { actor } }) =>
      inTurn(id, () => {
        const { template } = wholeVersion(database, versioned(id), number);
        return update(id, { template, ifUpdatedAtMs }, { actor, cause: 'restored', restoredFrom: number });
      }),
    ),
    profileChanges: os.endpoints.profileChanges.handler(({ input: { id } }) => {
      const { config, items } = newer(id);
      return {
        profile: config.profile,
        items: items.map(({ field, was, now, own }) => ({ field, was: answerValue(was), now: answerValue(now), own: answerValue(own) })),
      };
    }),
    settleProfileChanges: os.endpoints.settleProfileChanges.handler(({ input: { id, take, keep, ifUpdatedAtMs }, context: { actor } }) =>
      inTurn(id, () => {
        const { items } = newer(id);
        const settled = [...take, ...keep];
        for (const [index, field] of settled.entries()) {
          const path = index < take.length ? `take.${index}` : `keep.${index - take.length}`;
          if (settled.indexOf(field) !== index) throw invalid(path, `${field} is named twice: either take it or keep it.`);
          if (items.some((item) => item.field === field)) continue;
          const open = items.map((item) => item.field).join(', ');
          const known = open === '' ? 'it says nothing new' : `name one of ${open}`;
          throw invalid(path, `The profile of this endpoint says nothing new about ${field}: ${known}.`);
        }
        const taken = items.filter(({ field }) => take.includes(field)).map(({ field, now }) => [field, now] as const);
        return update(id, { ...Object.fromEntries(taken), ifUpdatedAtMs }, { actor, cause: 'profile', settled });
      }),
    ),
  };
}

/** A value of a field as an answer has it. */
function answerValue(value: unknown): Json {
  return value === undefined ? null : (JSON.parse(JSON.stringify(value)) as Json);
}
