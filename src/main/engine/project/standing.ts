import { headerTexts } from '../templates/header-texts.ts';
import { environmentOf, targetOf, type UrlEnvironment } from './read-hosts.ts';
import type { Fields, ReadEntry } from './read-project.ts';
import type { StandingEndpoint, StandingProfile, StandingThing } from './reads-order.ts';

type Things = readonly StandingThing[];

function ofKind(things: Things, kind: ReadEntry['kind']): Things {
  return things.filter((each) => each.kind === kind);
}

/** The environments of the workspace. */
export function standingEnvironments(things: Things): readonly UrlEnvironment[] {
  return ofKind(things, 'environments').map(({ name, fields }) => environmentOf(name, fields['variables']));
}

/** The endpoints of the workspace. */
export function standingEndpoints(things: Things): readonly StandingEndpoint[] {
  return ofKind(things, 'endpoints').map(({ id, name, fields }) => ({
    ...targetOf(fields),
    id,
    name,
    auth: fields['auth'],
    headers: headerTexts(fields),
  }));
}

/** The profiles that somebody saved in the workspace. */
export function standingProfiles(things: Things): readonly StandingProfile[] {
  return ofKind(things, 'profiles').map(({ id, name, fields }) => ({ id, name, headers: profileHeaders(fields) }));
}

/** Headers that a profile gives endpoints, by its entry. */
function profileHeaders(fields: Fields): readonly string[] {
  const { headers, retryHeaders } = (fields['fields'] ?? {}) as Fields;
  return headerTexts({ headers, retryHeaders, unsignedHeaders: fields['unsignedHeaders'] } as Parameters<typeof headerTexts>[0]);
}
