import { Refusal } from '../base/refusal.ts';
import type { NamedUser } from '../endpoints/store.ts';

/** At most this many endpoints are named, followed by how many more there are. */
const namedUsers = 5;

/** Something cannot be deleted while endpoints use it; `kind` is what they need another of, such as `retry policy`. */
export function inUse(name: string, users: readonly NamedUser[], kind: string): Refusal<'CONFLICT'> {
  const names = users
    .slice(0, namedUsers)
    .map((user) => user.name)
    .join(', ');
  const more = users.length > namedUsers ? ` and ${users.length - namedUsers} more` : '';
  const message = `${name} is used by ${names}${more}. Give ${users.length === 1 ? 'that endpoint' : 'those endpoints'} another ${kind} first.`;
  return new Refusal('CONFLICT', message, { issues: [{ path: 'id', message }] });
}
