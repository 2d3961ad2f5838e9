import { validate } from '@cfworker/json-schema';
import { compactJson, readExact, writeExact, type ExactJson } from '#shared/json/exact.ts';
import { task } from '../../background/background.ts';
import { preparedSchema, whyUnusable, type Prepared } from '../schema-task.ts';
import { withEdges } from './apply-edges.ts';
import type { Edge } from './edge.ts';
import { edgesOf } from './edges-of-schema.ts';
import { inTurns } from './in-turns.ts';
import { madeValue } from './made-value.ts';

/** What variants are made of: a schema and data as JSON. */
export interface VariantOrder {
  readonly schemaJson: string;
  readonly dataJson: string;
  /** How many edges get a variant of their own, at most. */
  readonly singles: number;
}

/** An edge and the data with nothing else changed. */
export interface SingleVariant {
  readonly edge: Edge;
  readonly dataJson: string;
}

/** Data that fits a schema, and ways to change it so that it still does. */
export interface MadeVariants {
  readonly kind: 'made';
  /** The data itself, or what was made by the schema where that does not fit it. */
  readonly baseJson: string;
  readonly singles: readonly SingleVariant[];
  /** Edges without a variant of their own; whether they fit has not been looked at. */
  readonly rest: readonly Edge[];
  /** What else is to be said of all this, each a sentence. */
  readonly notes: readonly string[];
}

export type VariantsResult = MadeVariants | { readonly kind: 'none'; readonly reason: string };

/** Makes variants of data by its schema, each of which the validator takes. */
export const makeVariantsTask = task('makeVariants', makeVariants);

function makeVariants({ schemaJson, dataJson, singles: most }: VariantOrder): VariantsResult {
  const schema = usable(schemaJson);
  if (typeof schema === 'string') return { kind: 'none', reason: schema };
  try {
    const notes: string[] = [];
    const [outside] = schema.elsewhere;
    if (outside !== undefined)
      notes.push(`The schema refers to others, such as ${outside}, which are not fetched: what they say is not kept to.`);
    const base = baseOf(schema, dataJson, notes);
    if (base === null)
      return { kind: 'none', reason: 'The data breaks the schema, and none could be made that fits it: give a sample that does.' };
    const { edges, isWhole } = edgesOf(schema, base);
    if (!isWhole) notes.push(`The schema allows very much: only its first ${edges.length} edges were looked at.`);
    const { singles, rest, unfit } = singlesOf(schema, base, inTurns(edges), most);
    if (unfit > 0)
      notes.push(
        `${unfit === 1 ? 'One edge' : `${unfit} edges`} would break another rule of the schema, and ${unfit === 1 ? 'was' : 'were'} not sent.`,
      );
    return { kind: 'made', baseJson: writeExact(base), singles, rest, notes };
  } catch (error) {
    return { kind: 'none', reason: unusable(error) };
  }
}

function unusable(error: unknown): string {
  return `The schema ${whyUnusable(error)}.`;
}

/** The schema ready for use, or why it is not. */
function usable(schemaJson: string): Prepared | string {
  try {
    const schema = preparedSchema(schemaJson);
    if (!('first' in schema)) return schema;
    const [wrong] = schema.first;
    const place = wrong === undefined || wrong.path.length === 0 ? 'it' : wrong.path.join('.');
    return `The schema of this event type is not valid: ${place} ${wrong?.message ?? 'is wrong'}.`;
  } catch (error) {
    return unusable(error);
  }
}

function fits({ schema, draft, lookup }: Prepared, json: string): boolean {
  return validate(JSON.parse(json), schema, draft, lookup, true).valid;
}

function baseOf(schema: Prepared, dataJson: string, notes: string[]): ExactJson | null {
  if (fits(schema, dataJson)) return readExact(compactJson(dataJson));
  const made = madeValue(schema, schema.schema, '');
  if (made === null) return null;
  notes.push('The data that is sent breaks the schema, so that the variants are of data that was made by it.');
  return made;
}

/** The first edges that fit, as variants of their own. */
function singlesOf(schema: Prepared, base: ExactJson, edges: readonly Edge[], most: number) {
  const singles: SingleVariant[] = [];
  const met = new Set([writeExact(base)]);
  let unfit = 0;
  let at = 0;
  for (; at < edges.length && singles.length < most; at += 1) {
    const edge = edges[at] as Edge;
    const dataJson = writeExact(withEdges(base, [edge]));
    if (met.has(dataJson)) continue;
    met.add(dataJson);
    if (fits(schema, dataJson)) singles.push({ edge, dataJson });
    else unfit += 1;
  }
  return { singles, rest: edges.slice(at), unfit };
}

/** Sets of edges to be put into data, one variant for each. */
export interface CombineOrder {
  readonly schemaJson: string;
  readonly baseJson: string;
  readonly sets: readonly (readonly Edge[])[];
  /** Whether edges that do not fit with those before them are left out; otherwise the whole set is. */
  readonly isPartial: boolean;
}

/** A set of edges, or what fits of it, and the data with it. Null where nothing does. */
export type CombinedVariant = { readonly edges: readonly Edge[]; readonly dataJson: string } | null;

/** Puts sets of edges into data, so that it still fits its schema. */
export const combineVariantsTask = task('combineVariants', combineVariants);

function combineVariants({ schemaJson, baseJson, sets, isPartial }: CombineOrder): readonly CombinedVariant[] {
  const schema = usable(schemaJson);
  if (typeof schema === 'string') return sets.map(() => null);
  const base = readExact(baseJson);
  const whole = (edges: readonly Edge[]): CombinedVariant => {
    const dataJson = writeExact(withEdges(base, edges));
    try {
      return fits(schema, dataJson) ? { edges, dataJson } : null;
    } catch {
      // It leads to a part of the schema that cannot be used.
      return null;
    }
  };
  return sets.map((edges) => {
    const all = whole(edges);
    if (all !== null || !isPartial) return all;
    return edges.reduce<CombinedVariant>((kept, edge) => whole([...(kept?.edges ?? []), edge]) ?? kept, null);
  });
}
