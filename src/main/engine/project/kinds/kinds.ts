import type { AuthBook } from '../../auth/book.ts';
import type { EndpointBook } from '../../endpoints/book.ts';
import type { EnvironmentBook } from '../../environments/book.ts';
import type { ProfileBook } from '../../profiles/book.ts';
import { authKind } from './auth-kind.ts';
import { binKind } from './bin-kind.ts';
import { endpointKind } from './endpoint-kind.ts';
import type { Kind } from './kind.ts';
import { environmentKind, eventTypeKind, policyKind, profileKind } from './plain-kinds.ts';
import { relayKind } from './relay-kind.ts';

/** Where the secrets are that no procedure tells, to see whether they are those of a project; and the profiles. */
export interface KindDeps {
  readonly environments: Pick<EnvironmentBook, 'get'>;
  readonly auths: Pick<AuthBook, 'get'>;
  readonly endpoints: Pick<EndpointBook, 'get'>;
  readonly profiles: Pick<ProfileBook, 'find'>;
}

/** Every kind of thing of a project, in the order in which they are applied. */
export function createKinds({ environments, auths, endpoints, profiles }: KindDeps): readonly Kind[] {
  return [
    environmentKind(environments),
    policyKind,
    authKind(auths),
    profileKind,
    eventTypeKind,
    binKind,
    endpointKind(endpoints, profiles),
    relayKind,
  ];
}
