import { usageError } from '#hosts/shared/exit-error.ts';
import { allPages } from '#shared/all-pages.ts';
import { nearestName } from '#shared/names/nearest-name.ts';
import type { EngineClient } from './engine-client.ts';

/**
 * The id of an endpoint named by its id or its name. Throws a usage error when there is none, with the sentence `whenNone` where something
 * else could have been meant, or more than one.
 */
export async function findEndpoint(client: EngineClient, idOrName: string, whenNone?: string): Promise<string> {
  const endpoints = await allPages((from) => client.endpoints.list({ limit: 200, ...from }));
  const found = endpoints.filter(({ id, name }) => id === idOrName || name.toLowerCase() === idOrName.toLowerCase());
  const [first, ...others] = found;
  if (first === undefined)
    throw usageError(
      whenNone ??
        `There is no endpoint "${idOrName}"${meant(
          idOrName,
          endpoints.map(({ name }) => name),
        )}: "hookyard endpoints list" shows them; a URL starts with http:// or https://.`,
    );
  if (others.length > 0)
    throw usageError(`${found.length} endpoints are called "${idOrName}": give one of the ids ${found.map(({ id }) => id).join(', ')}.`);
  return first.id;
}

function meant(wanted: string, names: readonly string[]): string {
  const nearest = nearestName(wanted, names);
  return nearest === null ? '' : ` (did you mean ${nearest}?)`;
}
