/** The fields of an object that have a value. */
export type Defined<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

/** An object without its fields that are undefined, so that spreading it replaces only what was given. */
export function withoutUndefined<T extends object>(given: T): Defined<T> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Defined<T>;
}
