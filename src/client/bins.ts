import type { Connection } from './connection.ts';
import { HookyardError } from './errors.ts';
import { allItems } from './pages.ts';
import { present } from './conditions.ts';
import type { BinOptions } from './types.ts';

/** A bin as the API tells it, as far as it is of use here. */
export interface BinFacts {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
  readonly url: string;
}

/** The bin of this id, slug or name; undefined where there is none. Rejects where several have the name. */
export async function findBin({ call }: Connection, wanted: string): Promise<BinFacts | undefined> {
  const bins = await allItems<BinFacts>(call, '/bins');
  const exact = bins.find(({ id, slug }) => id === wanted || slug === wanted);
  if (exact !== undefined) return exact;
  const named = bins.filter(({ name }) => name.toLowerCase() === wanted.toLowerCase());
  if (named.length > 1)
    throw new HookyardError(
      `${named.length} bins are called "${wanted}": give one of the slugs ${named.map(({ slug }) => slug).join(', ')}.`,
    );
  return named[0];
}

/** The bin of this name with these options; it is made where there is none. */
export async function ensureBin(connection: Connection, name: string, options: BinOptions): Promise<BinFacts> {
  const fields = fieldsOf(options);
  const found = (await findBin(connection, name)) ?? (await makeBin(connection, name, fields));
  if ('isNew' in found || Object.keys(fields).length === 0) return found;
  return await connection.call<BinFacts>('PATCH', `/bins/${found.id}`, fields);
}

function fieldsOf({ response, scheme, secret }: BinOptions): Record<string, unknown> {
  const used = scheme ?? (secret === undefined ? undefined : 'standard-webhooks');
  return present({
    response,
    signing: used === undefined ? undefined : { scheme: used },
    secrets: secret === undefined ? undefined : [secret],
  });
}

/** Test files that run side by side make one bin: its slug can be taken only once. */
async function makeBin(
  connection: Connection,
  name: string,
  fields: Record<string, unknown>,
): Promise<BinFacts | (BinFacts & { readonly isNew: true })> {
  const slug = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 63);
  try {
    const made = await connection.call<BinFacts>('POST', '/bins', { name, ...(slug === '' ? {} : { slug }), ...fields });
    return { ...made, isNew: true };
  } catch (error) {
    const other = error instanceof HookyardError && error.code === 'CONFLICT' ? await findBin(connection, name) : undefined;
    if (other === undefined) throw error;
    return other;
  }
}
