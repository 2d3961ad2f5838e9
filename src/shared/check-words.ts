/** What a correct receiver does, as a sentence; `expects` is that of a case. */
export function correctReceiver(expects: string): string {
  return `A correct receiver ${expects.charAt(0).toLowerCase()}${expects.slice(1)}`;
}
