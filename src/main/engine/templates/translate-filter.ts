/**
 * A filter that puts the word of another system in place of a value: `{{ lastOutcome | translate: "timeout", "http_timeout", "other" }}`.
 * Arguments are pairs of a value and its word, and at the end, where there is one more, the word for any other value. An empty value
 * stays empty.
 */
export function translate(value: unknown, ...pairs: readonly unknown[]): string {
  const text = value === undefined || value === null ? '' : String(value);
  if (text === '') return '';
  for (let index = 0; index + 1 < pairs.length; index += 2) if (String(pairs[index]) === text) return String(pairs[index + 1]);
  return pairs.length % 2 === 1 ? String(pairs.at(-1)) : text;
}
