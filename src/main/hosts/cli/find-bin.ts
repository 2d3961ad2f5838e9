import { allPages } from '#shared/all-pages.ts';
import { nearestName } from '#shared/names/nearest-name.ts';
import { usageError } from '#hosts/shared/exit-error.ts';
import type { EngineClient } from './engine-client.ts';

/** The id of a bin named by its id, its slug or its name. Throws a usage error when there is none, or more than one. */
export async function findBin(client: EngineClient, wanted: string): Promise<string> {
  const bins = await allPages((from) => client.bins.list({ limit: 200, ...from }));
  const exact = bins.find(({ id, slug }) => id === wanted || slug === wanted);
  if (exact !== undefined) return exact.id;
  const [first, ...others] = bins.filter(({ name }) => name.toLowerCase() === wanted.toLowerCase());
  if (first !== undefined && others.length === 0) return first.id;
  if (first !== undefined)
    throw usageError(
      `${others.length + 1} bins are called "${wanted}": give one of the slugs ${[first, ...others].map(({ slug }) => slug).join(', ')}.`,
    );
  const nearest = nearestName(
    wanted,
    bins.flatMap(({ slug, name }) => [slug, name]),
  );
  throw usageError(
    `There is no bin "${wanted}". ${nearest === null ? slugsText(bins.map(({ slug }) => slug)) : `Did you mean ${nearest}?`}`,
  );
}

/** At most this many slugs are listed. */
const shownSlugs = 10;

function slugsText(slugs: readonly string[]): string {
  if (slugs.length === 0) return 'There are no bins yet.';
  const more = slugs.length > shownSlugs ? ` and ${slugs.length - shownSlugs} more` : '';
  return `Give one of ${slugs.slice(0, shownSlugs).join(', ')}${more}.`;
}
