import type { Schema } from '@cfworker/json-schema';
import { elementsOf, isRecord } from '../import/document-value.ts';
import { mergeSchemas, type Flat } from '../import/merge-schemas.ts';

/** One form that a value of a part of a schema may have, with its references and combinations resolved. */
export interface Form {
  readonly flat: Flat;
  /** The definitions that it leads through. */
  readonly through: readonly string[];
}

/** Where references of a schema lead. */
type Lookup = Readonly<Record<string, Schema | boolean>>;

/** Forms of one part that are looked at; what has more of them is tried in these. */
const mostForms = 12;
const mostDepth = 60;
/** Parts that are looked at for one part: alternatives that lead to each other are many. */
const mostSteps = 2000;

/** The forms that a part allows: one for each alternative of its `anyOf` and `oneOf`. Empty where nothing fits. */
export function formsOf(lookup: Lookup, part: unknown, depth = 0, steps = { left: mostSteps }): readonly Form[] {
  steps.left -= 1;
  if (part === false || depth > mostDepth || steps.left < 0) return [];
  if (!isRecord(part)) return [{ flat: {}, through: [] }];
  const { $ref: reference, allOf, anyOf, oneOf, ...own } = part;
  let forms: readonly Form[] = [{ flat: own, through: [] }];
  const cross = (others: readonly Form[]) => {
    forms = forms.flatMap((form) => others.flatMap((other) => bothOf(form, other))).slice(0, mostForms);
  };
  if (typeof reference === 'string') {
    const uri = (part as Schema)['__absolute_ref__'] ?? reference;
    cross(formsOf(lookup, lookup[uri], depth + 1, steps).map(({ flat, through }) => ({ flat, through: [uri, ...through] })));
  }
  for (const each of elementsOf(allOf)) cross(formsOf(lookup, each, depth + 1, steps));
  for (const choices of [elementsOf(anyOf), elementsOf(oneOf)])
    if (choices.length > 0) cross(choices.flatMap((choice) => formsOf(lookup, choice, depth + 1, steps)));
  return forms;
}

function bothOf(one: Form, other: Form): readonly Form[] {
  const flat = mergeSchemas(one.flat, other.flat);
  return flat === null ? [] : [{ flat, through: [...one.through, ...other.through] }];
}
