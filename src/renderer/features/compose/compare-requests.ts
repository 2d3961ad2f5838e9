import type { HeaderField } from '#shared/contract/common.ts';

/** A request to compare with another. */
export interface ComparedRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: readonly HeaderField[];
}

/** How a header of the previewed request differs from the other's; values of one name are joined. */
export interface HeaderChange {
  readonly kind: 'only here' | 'only there' | 'another value' | 'another case';
  readonly name: string;
  readonly here: string | null;
  readonly there: string | null;
}

/** How the heads of two requests differ. */
export interface HeadComparison {
  readonly isSameLine: boolean;
  readonly headers: readonly HeaderChange[];
  /** Whether the names that both have come in another order. */
  readonly isReordered: boolean;
}

/** Compares two heads: the line, and the headers by name. */
export function compareHeads(here: ComparedRequest, there: ComparedRequest): HeadComparison {
  const [ours, theirs] = [byName(here.headers), byName(there.headers)];
  const names = [...new Set([...ours.keys(), ...theirs.keys()])];
  const shared = (map: ReadonlyMap<string, unknown>, other: ReadonlyMap<string, unknown>) =>
    [...map.keys()].filter((name) => other.has(name));
  return {
    isSameLine: here.method === there.method && here.target === there.target,
    headers: names.flatMap((name) => changeOf(ours.get(name), theirs.get(name))),
    isReordered: shared(ours, theirs).join('\n') !== shared(theirs, ours).join('\n'),
  };
}

function byName(headers: readonly HeaderField[]): ReadonlyMap<string, readonly HeaderField[]> {
  return Map.groupBy(headers, ([name]) => name.toLowerCase());
}

function changeOf(here: readonly HeaderField[] | undefined, there: readonly HeaderField[] | undefined): readonly HeaderChange[] {
  const name = (here ?? there)?.[0]?.[0] ?? '';
  const values = { name, here: joined(here), there: joined(there) };
  if (there === undefined) return [{ kind: 'only here', ...values }];
  if (here === undefined) return [{ kind: 'only there', ...values }];
  if (values.here !== values.there) return [{ kind: 'another value', ...values }];
  const isSameCase = here.every((field, index) => field[0] === there[index]?.[0]);
  return isSameCase ? [] : [{ kind: 'another case', ...values, there: there.map((field) => field[0]).join(', ') }];
}

function joined(fields: readonly HeaderField[] | undefined): string | null {
  return fields === undefined ? null : fields.map(([, value]) => value).join(', ');
}
