/** Finds an entry of a list by its name, since only names can cross threads. Throws when it is missing, naming the file with the list. */
export function byName<Named extends { readonly name: string }>(list: readonly Named[], file: string): (name: string) => Named {
  const known = new Map(list.map((each) => [each.name, each]));
  return (name) => {
    const found = known.get(name);
    if (found === undefined) throw new Error(`This thread knows no ${name}: add it to ${file}.`);
    return found;
  };
}
