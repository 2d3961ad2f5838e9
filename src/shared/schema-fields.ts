import { z } from 'zod';

/** A place in a value that a schema describes. */
export interface SchemaPlace {
  readonly schema: unknown;
  readonly path: readonly PropertyKey[];
  /** The value as it was given, whose fields say which form of several it has. */
  readonly input: unknown;
}

/** The names that an object at a place may have; none where that is not known. */
export function fieldsAt(place: SchemaPlace): readonly string[] {
  const schema = schemaAt(place);
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

/** The forms that a value at a place may have, in the order in which the schema lists them. */
export function formsAt({ schema, path, input }: SchemaPlace): readonly unknown[] {
  const found = unwrapped(stepDown(schema, path, input));
  return found instanceof z.ZodUnion ? found.options : [];
}

/** The value at a path; undefined where there is none. */
export function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (holder, key) =>
      typeof holder === 'object' && holder !== null && Object.hasOwn(holder, key)
        ? (holder as Readonly<Record<PropertyKey, unknown>>)[key]
        : undefined,
    input,
  );
}

function schemaAt({ schema, path, input }: SchemaPlace): unknown {
  return formOf(stepDown(schema, path, input), valueAt(input, path));
}

function stepDown(schema: unknown, path: readonly PropertyKey[], input: unknown): unknown {
  return path.reduce<unknown>((at, key, index) => {
    const holder = formOf(at, valueAt(input, path.slice(0, index)));
    if (holder instanceof z.ZodObject) return (holder.shape as Readonly<Record<PropertyKey, unknown>>)[key];
    if (holder instanceof z.ZodArray) return holder.element;
    if (holder instanceof z.ZodRecord) return holder.valueType;
    return undefined;
  }, schema);
}

/** The schema without what surrounds it, such as a default; of forms that a field tells apart, the one that the value names. */
function formOf(schema: unknown, value: unknown): unknown {
  const inner = unwrapped(schema);
  if (!(inner instanceof z.ZodDiscriminatedUnion)) return inner instanceof z.ZodUnion ? onlyObject(inner.options, value) : inner;
  const { discriminator } = inner.def;
  const named = valueAt(value, [discriminator]);
  const form = inner.options.find((option) => {
    const field: unknown = option instanceof z.ZodObject ? option.shape[discriminator] : undefined;
    return field instanceof z.ZodType && field.safeParse(named).success;
  });
  return form === undefined ? undefined : formOf(form, value);
}

/** The one form of several that is an object; undefined where more of them are. */
function onlyObject(options: readonly unknown[], value: unknown): unknown {
  const objects = options.map((option) => formOf(option, value)).filter((form) => form instanceof z.ZodObject);
  return objects.length === 1 ? objects[0] : undefined;
}

function unwrapped(schema: unknown): unknown {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodReadonly
  )
    return unwrapped(schema.unwrap());
  return schema instanceof z.ZodPipe ? unwrapped(schema.in) : schema;
}
