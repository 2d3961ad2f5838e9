/** Finds in a list by name what only a name can cross threads for; throws where the list lacks it, with the file that holds the list. */
export function byName<Named extends { readonly name: string }>(list: readonly Named[], file: string): (name: string) => Named {
  const known = new Map(list.map((each) => [each.name, each]));
  return (name) => {
    const found = known.get(name);
    if (found === undefined) throw new Error(`This thread knows no ${name}: add it to ${file}.`);
    return found;
  };
}
