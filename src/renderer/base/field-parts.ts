/** Fields by name; those of a part are called `part.field`. */
export type FlatFields = Readonly<Record<string, unknown>>;

/**
 * A form's fields with those of its parts beside them, so that a change to one field of a part does not count as a change to the others.
 */
export function flatFields(fields: object, parts: readonly string[]): FlatFields {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]: [string, unknown]) =>
      parts.includes(name) && typeof value === 'object' && value !== null
        ? Object.entries(value).map(([inner, each]: [string, unknown]) => [`${name}.${inner}`, each])
        : [[name, value]],
    ),
  );
}

/** The fields put together again: what {@link flatFields} took apart. */
export function nestedFields(flat: FlatFields): Readonly<Record<string, unknown>> {
  const fields: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(flat)) {
    const [part = '', inner] = splitName(name);
    if (inner === undefined) fields[part] = value;
    else fields[part] = { ...(fields[part] as object | undefined), [inner]: value };
  }
  return fields;
}

/** The field of the form that a flat name belongs to. */
export function fieldOf(name: string): string {
  return splitName(name)[0] ?? name;
}

function splitName(name: string): readonly string[] {
  const at = name.indexOf('.');
  return at === -1 ? [name] : [name.slice(0, at), name.slice(at + 1)];
}
