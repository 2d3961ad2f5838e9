import { validate } from '@cfworker/json-schema';
import { readExact, writeExact, type ExactJson } from '#shared/json/exact.ts';
import { elementsOf, isRecord, membersOf } from '../import/document-value.ts';
import { typesOf, type Flat } from '../import/merge-schemas.ts';
import type { Prepared } from '../schema-task.ts';
import { putAt, valueAt } from './apply-edges.ts';
import { valueIs, valueWords, type Edge, type EdgeGroup, type EdgeKind, type EdgePath, type EdgeValue } from './edge.ts';
import { formsOf, type Form } from './forms.ts';
import { madeValue } from './made-value.ts';
import { numberEdges } from './number-edges.ts';
import { textEdges, type EdgeDraft } from './text-edges.ts';

const mostDepth = 8;
const mostEdges = 1500;
const mostChoices = 10;
/** Objects further down get no field that is not in the schema. */
const addedDepth = 3;
const severalItems = 3;
const mostItems = 200;
const nestedLevels = 5;

const groups: Readonly<Record<EdgeKind, EdgeGroup>> = {
  missing: 'optional',
  present: 'optional',
  'empty-object': 'optional',
  null: 'null',
  choice: 'choice',
  form: 'choice',
  empty: 'text',
  shortest: 'text',
  longest: 'text',
  unusual: 'text',
  format: 'format',
  minimum: 'number',
  maximum: 'number',
  zero: 'number',
  negative: 'number',
  fraction: 'number',
  large: 'number',
  'empty-list': 'list',
  'one-item': 'list',
  several: 'list',
  added: 'extra',
  nested: 'extra',
};

/** A place in data, and the part of the schema that is about it. */
interface Place {
  readonly part: unknown;
  readonly path: EdgePath;
  readonly isRequired: boolean;
  /** What stands there; made where the base has nothing. */
  readonly value: ExactJson;
  readonly isInBase: boolean;
  /** What the base has there, in words; null for nothing. */
  readonly usual: string | null;
  readonly parents: Edge['parents'];
  /** What it lies within, by the definition of each. */
  readonly within: ReadonlyMap<string, { readonly path: EdgePath; readonly value: ExactJson }>;
}

/** The edges of data that fits a schema, in the order of the schema, and whether these are all. None of them was validated. */
export function edgesOf(prepared: Prepared, base: ExactJson): { readonly edges: readonly Edge[]; readonly isWhole: boolean } {
  const { schema, draft, lookup } = prepared;
  const edges: Edge[] = [];
  let isWhole = true;
  const fits = (value: unknown, form: Form) => validate(value, form.flat, draft, lookup, true).valid;

  const put = (place: Place, drafts: readonly EdgeDraft[]) => {
    const source = writeExact(place.value);
    for (const { kind, value, smaller = [], isStated } of drafts) {
      if (value.source === source) continue;
      const { path, parents, usual } = place;
      edges.push({ group: groups[kind], kind, path, value, smaller, isStated, parents, usual });
    }
  };

  const walk = (place: Place): void => {
    if (edges.length >= mostEdges) {
      isWhole = false;
      return;
    }
    const forms = formsOf(lookup, place.part);
    const value = JSON.parse(writeExact(place.value)) as unknown;
    const form = forms.find((each) => fits(value, each)) ?? forms[0];
    if (form === undefined) return;
    put(place, presenceEdges(place, forms));
    put(place, formEdges(forms, form, value));
    const inner = place.isInBase ? place : { ...place, parents: [...place.parents, { path: place.path, source: writeExact(place.value) }] };
    const outer = form.through.map((definition) => place.within.get(definition)).find((each) => each !== undefined);
    if (outer !== undefined) return put(place, nestedEdge(outer, place.path));
    if (place.path.length >= mostDepth) return;
    const within = new Map([...place.within, ...form.through.map((each) => [each, { path: place.path, value: place.value }] as const)]);
    if (value === null) walkInstead({ ...inner, within }, forms);
    else walkInside({ ...inner, within }, form.flat, value);
  };

  /** Where the base has null, goes into what could stand there instead. */
  const walkInstead = (place: Place, forms: readonly Form[]) => {
    const other = forms.find(({ flat }) => !isNullOnly(flat))?.flat;
    if (other === undefined) return;
    const flat = { ...other, ...(other['type'] === undefined ? {} : { type: typesOf(other['type']).filter((type) => type !== 'null') }) };
    const made = sampleOf(flat, String(place.path.at(-1) ?? ''));
    if (made === null) return;
    const source = writeExact(made);
    const parents = [...place.parents, { path: place.path, source }];
    walkInside({ ...place, value: made, isInBase: false, parents }, flat, JSON.parse(source));
  };

  const walkInside = (place: Place, flat: Flat, value: unknown) => {
    if (flat['const'] !== undefined || Array.isArray(flat['enum'])) return;
    if (typeof value === 'string') put(place, textEdges(flat, value));
    else if (typeof value === 'number') put(place, numberEdges(flat, isIntegerType(flat)));
    else if (typeof value === 'boolean') {
      if (typesOf(flat['type']).includes('boolean')) put(place, [{ kind: 'choice', value: valueIs(String(!value)), isStated: true }]);
    } else if (Array.isArray(value)) walkList(place, flat, value);
    else if (value !== null) walkObject(place, flat);
  };

  const walkObject = (place: Place, flat: Flat) => {
    const required = new Set(elementsOf(flat['required']));
    for (const [name, part] of membersOf(flat['properties'])) {
      const there = valueAt(place.value, [name]);
      const isRequired = required.has(name);
      const value = there ?? sampleOf(part, name);
      if (value === null) continue;
      const isInBase = place.isInBase && there !== null;
      walk({ ...place, part, path: [...place.path, name], isRequired, value, isInBase, usual: usualOf(value, isInBase) });
    }
    if (required.size === 0 && place.isInBase) put(place, [{ kind: 'empty-object', value: valueIs('{}'), isStated: true }]);
    put({ ...place, path: [...place.path, addedName], usual: null }, addedEdge(place, flat));
  };

  const walkList = (place: Place, flat: Flat, items: readonly unknown[]) => {
    const tuple = [flat['prefixItems'], flat['items']].find((each) => Array.isArray(each));
    const part = tuple === undefined ? flat['items'] : elementsOf(tuple)[0];
    const made = part === undefined || part === false ? null : sampleOf(part, String(place.path.at(-1) ?? ''));
    put(place, listEdges(flat, place.value, made));
    const first = valueAt(place.value, [0]) ?? made;
    if (first === null || part === undefined) return;
    const parents = items.length > 0 ? place.parents : [...place.parents, { path: place.path, source: `[${writeExact(first)}]` }];
    const isInBase = place.isInBase && items.length > 0;
    walk({ ...place, part, path: [...place.path, 0], isRequired: true, value: first, isInBase, usual: usualOf(first, isInBase), parents });
  };

  const sampleOf = (part: unknown, name: string): ExactJson | null => madeValue(prepared, part, name);

  const formEdges = (forms: readonly Form[], matched: Form, value: unknown): readonly EdgeDraft[] =>
    forms.flatMap(({ flat }): readonly EdgeDraft[] => {
      if (flat !== matched.flat && !isNullOnly(flat) && !Array.isArray(flat['enum']) && flat['const'] === undefined)
        return madeForm(sampleOf(flat, ''));
      return [
        ...choicesOf(flat).map((choice) => ({ kind: 'choice', value: valueIs(JSON.stringify(choice)), isStated: true }) as const),
        ...typesOf(flat['type'])
          .filter((type) => type !== 'null' && flat === matched.flat && !fits(value, { flat: { type }, through: [] }))
          .flatMap((type) => madeForm(sampleOf({ ...flat, type }, ''))),
      ];
    });

  const addedEdge = (place: Place, flat: Flat): readonly EdgeDraft[] => {
    const { additionalProperties: more, unevaluatedProperties: rest } = flat;
    if (more === false || rest === false || place.path.length > addedDepth) return [];
    const value = isRecord(more) ? sampleOf(more, addedName) : readExact('{"a":[1,2]}');
    if (value === null) return [];
    const words = 'is there, which the schema does not name';
    return [{ kind: 'added', value: { source: writeExact(value), words }, isStated: more === true || isRecord(more) }];
  };

  walk({
    part: schema,
    path: [],
    isRequired: true,
    value: base,
    isInBase: true,
    usual: valueWords(writeExact(base)),
    parents: [],
    within: new Map(),
  });
  return { edges: edges.slice(0, mostEdges), isWhole };
}

function usualOf(value: ExactJson, isInBase: boolean): string | null {
  return isInBase ? valueWords(writeExact(value)) : null;
}

const addedName = 'added_by_a_later_version';

function presenceEdges({ isRequired, isInBase, value }: Place, forms: readonly Form[]): readonly EdgeDraft[] {
  const isNullable = forms.some(({ flat }) => allowsNull(flat));
  return [
    ...(isRequired || !isInBase ? [] : [{ kind: 'missing', value: { source: null, words: 'is missing' }, isStated: true } as const]),
    ...(isInBase ? [] : [{ kind: 'present', value: { source: writeExact(value), words: 'is there' }, isStated: true } as const]),
    ...(isNullable ? [{ kind: 'null', value: { source: 'null', words: 'is null' }, isStated: true } as const] : []),
  ];
}

function madeForm(value: ExactJson | null): readonly EdgeDraft[] {
  return value === null ? [] : [{ kind: 'form', value: valueIs(writeExact(value)), isStated: true }];
}

function allowsNull({ type, enum: choices, const: only }: Flat): boolean {
  if (only !== undefined) return only === null;
  if (Array.isArray(choices)) return choices.includes(null);
  return typesOf(type).includes('null');
}

function isNullOnly(flat: Flat): boolean {
  const types = typesOf(flat['type']);
  return flat['const'] === null || (types.length > 0 && types.every((type) => type === 'null'));
}

function choicesOf({ enum: choices, const: only }: Flat): readonly unknown[] {
  if (only !== undefined) return only === null ? [] : [only];
  return elementsOf(choices)
    .filter((choice) => choice !== null)
    .slice(0, mostChoices);
}

function isIntegerType(flat: Flat): boolean {
  const types = typesOf(flat['type']);
  return types.includes('integer') && !types.includes('number');
}

function listEdges(flat: Flat, value: ExactJson, made: ExactJson | null): readonly EdgeDraft[] {
  const items = typeof value !== 'string' && value.kind === 'list' ? value.items : [];
  const [least, most] = [Number(flat['minItems'] ?? 0), Number(flat['maxItems'] ?? Number.POSITIVE_INFINITY)];
  const from = [...items, ...(made === null ? [] : [made])];
  const of = (count: number): EdgeValue => ({
    source: writeExact({ kind: 'list', items: Array.from({ length: count }, (_, index) => from[index % from.length] ?? 'null') }),
    words: `has ${count} items`,
  });
  const wanted = Number.isFinite(most) ? Math.min(most, mostItems) : Math.max(severalItems, items.length + 1);
  return [
    ...(least === 0 ? [{ kind: 'empty-list', value: { source: '[]', words: 'is empty' }, isStated: true } as const] : []),
    ...(least <= 1 && from.length > 0 && items.length !== 1
      ? [{ kind: 'one-item', value: { ...of(1), words: 'has one item' }, isStated: true } as const]
      : []),
    ...(wanted > Math.max(1, items.length) && from.length > 0
      ? [{ kind: 'several', value: of(wanted), smaller: wanted > 2 && items.length < 2 ? [of(2)] : [], isStated: true } as const]
      : []),
  ];
}

/** A thing within another one of its kind, several levels deep. */
function nestedEdge(outer: { readonly path: EdgePath; readonly value: ExactJson }, path: EdgePath): readonly EdgeDraft[] {
  const isItem = path.at(-1) === 0;
  const place = path.slice(outer.path.length, isItem ? -1 : undefined);
  const nested = (levels: number): EdgeValue => {
    let value = outer.value;
    for (let level = 1; level < levels; level += 1) value = putAt(outer.value, place, isItem ? { kind: 'list', items: [value] } : value);
    return { source: writeExact(value), words: levels === 1 ? 'is there' : `is nested ${levels} levels deep` };
  };
  return [{ kind: 'nested', value: nested(nestedLevels), smaller: [nested(1), nested(2)], isStated: true }];
}
