import { firstDifference } from '#shared/text/bytes.ts';

/** A signature cut where it begins to differ from the one beside it. */
export interface MarkedText {
  readonly same: string;
  readonly different: string;
}

/** Two signatures side by side. */
export interface SignaturePair {
  readonly expected: MarkedText;
  readonly received: MarkedText;
  readonly isEqual: boolean;
}

/** Cuts two texts at the first character in which they differ. */
export function markDifference(expected: string, received: string): SignaturePair {
  const at = firstDifference(expected, received) ?? expected.length;
  const cut = (text: string): MarkedText => ({ same: text.slice(0, at), different: text.slice(at) });
  return { expected: cut(expected), received: cut(received), isEqual: expected === received };
}

/**
 * Puts each received signature beside the expected one it shares the longest beginning with. Without an expected
 * signature nothing can be paired, and without a received one only what was expected is shown.
 */
export function pairSignatures(expected: readonly string[], received: readonly string[]): readonly SignaturePair[] {
  if (expected.length === 0) return received.map((text) => ({ ...markDifference(text, text), isEqual: false }));
  if (received.length === 0) return expected.map((text) => ({ ...markDifference(text, ''), isEqual: false }));
  return received.map((text) => {
    const pairs = expected.map((candidate) => markDifference(candidate, text));
    return pairs.reduce((best, pair) => (pair.expected.same.length > best.expected.same.length || pair.isEqual ? pair : best));
  });
}
