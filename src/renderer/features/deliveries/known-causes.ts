import type { Client } from '../../base/client.ts';

const byClient = new WeakMap<Partial<Client>, Map<string, string>>();

/** How failure groups fail, in words, by their keys: of those that were read since the window was opened. A key by itself tells nothing. */
export function knownCauses(client: Partial<Client>): Map<string, string> {
  const known = byClient.get(client);
  if (known !== undefined) return known;
  const made = new Map<string, string>();
  byClient.set(client, made);
  return made;
}
