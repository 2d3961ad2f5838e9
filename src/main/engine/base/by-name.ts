/** Finds an entry of a list by its name, since only names can cross threads. Throws when it is missing, naming the file with the list. */
export function byName<Named extends { readonly name: string }>(list: readonly Named[], file: string): (name: string) => Named {
  const known = new Map(list.map((each) => [each.name, each]));
  return (name) => {
    const found = known.get(name);
    if (found === undefined) throw new Error(`This thread knows no ${name}: add it to ${file}.`);
    return found;
  };
}

/** Things by name, each behind the reading of its module: threads read what they are asked for, since all of it takes long. */
export type ByName<Named extends { readonly name: string }> = Readonly<Record<string, () => Promise<Named>>>;

/** Reads the module of the thing with this name, since only names can cross threads. Rejects when it is missing, naming the file with the list. */
export async function readNamed<Named extends { readonly name: string }>(known: ByName<Named>, name: string, file: string): Promise<Named> {
  const read = Object.hasOwn(known, name) ? known[name] : undefined;
  if (read === undefined) throw new Error(`This thread knows no ${name}: add it to ${file}.`);
  return await read();
}
