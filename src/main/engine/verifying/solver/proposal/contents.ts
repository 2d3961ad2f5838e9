/** What a request carries beside its body. */
interface Carried {
  readonly timestamp: boolean;
  readonly id: boolean;
  readonly url: boolean;
  readonly method: boolean;
}

/** How many things may be signed beside the body. */
export const contentSizes = [0, 1, 2, 3, 4] as const;

const bodies = ['{body}', '{body_sha256}', '{body_sha256_base64}', '{body_sha512}', '{body_md5}', '{body_md5_base64}'];

/** What may be signed with so many things beside the body, as signed content of a custom scheme, the likeliest first. */
export function* contentsFor(has: Carried, size: (typeof contentSizes)[number]): Generator<string, void, void> {
  const extras: readonly (readonly string[])[] = [
    ...(has.timestamp ? [['{timestamp}']] : []),
    ...(has.id ? [['{id}']] : []),
    ...(has.method ? [['{method}']] : []),
    ...(has.url ? [['{url}', '{path}', '{path}?{query}', '{query}', '{host}{path}']] : []),
  ];
  const seen = new Set<string>();
  for (const chosen of subsetsOf(extras, size))
    // The unusual digests are too many where much else is signed.
    for (const body of size < 3 ? bodies : bodies.slice(0, 3))
      for (const content of joinsOf(productOf([...chosen, [body]]))) {
        if (!seen.has(content)) yield content;
        seen.add(content);
      }
  if (size === 1 && has.timestamp) for (const version of ['v0', 'v1']) yield `${version}:{timestamp}:{body}`;
}

/** All of each list as one text, in every order and with every separator. */
function* joinsOf(lists: readonly (readonly string[])[]): Generator<string, void, void> {
  for (const parts of lists) for (const order of ordersOf(parts)) for (const separator of separators) yield order.join(separator);
}

const separators = ['.', '', ':', '\n', '|', ',', '-', '&', ' '];

function subsetsOf<T>(items: readonly T[], count: number): readonly (readonly T[])[] {
  if (count === 0) return [[]];
  return items.flatMap((item, index) => subsetsOf(items.slice(index + 1), count - 1).map((rest) => [item, ...rest]));
}

function productOf(choices: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const [first, ...rest] = choices;
  return first === undefined ? [[]] : first.flatMap((choice) => productOf(rest).map((others) => [choice, ...others]));
}

function ordersOf(parts: readonly string[]): readonly (readonly string[])[] {
  if (parts.length < 2) return [parts];
  return parts.flatMap((part, index) => ordersOf(parts.toSpliced(index, 1)).map((rest) => [part, ...rest]));
}
