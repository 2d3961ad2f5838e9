import { isPrivateName } from './private-names.ts';
import { fieldsOf, withoutField } from './query-fields.ts';

/** A path or URL without the parameters that let their bearer in, and the names of these. */
export function withoutCredentials(target: string): { readonly target: string; readonly withheld: readonly string[] } {
  const [path = '', query] = target.split(/\?(.*)/s);
  if (query === undefined) return { target: path, withheld: [] };
  const names = fieldsOf(query).map(({ name }) => name);
  const withheld = [...new Set(names.filter((name) => isPrivateName(name)))];
  const rest = withheld.reduce(withoutField, query);
  return { target: rest === '' ? path : `${path}?${rest}`, withheld };
}
