import { conflict, type Refusal } from '../base/refusal.ts';
import type { NamedUser } from '../endpoints/store.ts';

/** At most this many endpoints are named, followed by how many more there are. */
const namedUsers = 5;

/** A bin or an endpoint cannot be deleted while relays use it. Throws a Refusal CONFLICT that names them. */
export function assertNoRelay(relays: readonly { readonly name: string }[], what: string): void {
  if (relays.length === 0) return;
  const names = relays.slice(0, namedUsers).map(({ name }) => name);
  const more = relays.length > namedUsers ? ` and ${relays.length - namedUsers} more` : '';
  const [relay, use, it] = relays.length === 1 ? ['The relay', 'uses', 'it'] : ['The relays', 'use', 'them'];
  const message = `${relay} ${names.join(', ')}${more} ${use} ${what}. Delete or change ${it} first.`;
  throw conflict('id', message);
}

/** Something cannot be deleted while endpoints use it; `kind` is what they need another of, such as `retry policy`. */
export function inUse(name: string, users: readonly NamedUser[], kind: string): Refusal<'CONFLICT'> {
  const names = users
    .slice(0, namedUsers)
    .map((user) => user.name)
    .join(', ');
  const more = users.length > namedUsers ? ` and ${users.length - namedUsers} more` : '';
  const message = `${name} is used by ${names}${more}. Give ${users.length === 1 ? 'that endpoint' : 'those endpoints'} another ${kind} first.`;
  return conflict('id', message);
}
