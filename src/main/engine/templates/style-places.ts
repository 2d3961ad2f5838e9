/**
 * Finds places of a JSON text in the same JSON written in another style: with other spaces and escapes, but the same tokens in the same order.
 * Null where they are not the same tokens. A place between two tokens is that of the second.
 */
export function placesInStyle(text: string, styled: string): ((at: number) => number) | null {
  const [tokens, others] = [tokensOf(text), tokensOf(styled)];
  if (tokens.length !== others.length) return null;
  return (at) => {
    const index = firstEndingAfter(tokens, at);
    const [token, other] = [tokens[index], others[index]];
    if (token === undefined || other === undefined) return styled.length;
    if (at <= token.from) return other.from;
    const units = unitsUpTo(text.slice(token.from, token.to), at - token.from);
    return other.from + lengthOfUnits(styled.slice(other.from, other.to), units);
  };
}

interface Token {
  readonly from: number;
  readonly to: number;
}

function tokensOf(text: string): readonly Token[] {
  return Array.from(text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s"{}[\]:,]+/g), ({ index, 0: found }) => ({
    from: index,
    to: index + found.length,
  }));
}

function firstEndingAfter(tokens: readonly Token[], at: number): number {
  let [low, high] = [0, tokens.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tokens[middle]?.to ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** An escape stands for one UTF-16 unit, and so does every other character. */
const unit = /\\(?:u[0-9a-fA-F]{4}|.)|[^]/g;

/** How many units of a token lie before a place in it, the one that it is within included. */
function unitsUpTo(token: string, at: number): number {
  let count = 0;
  for (const { index } of token.matchAll(unit)) {
    if (index >= at) break;
    count += 1;
  }
  return count;
}

function lengthOfUnits(token: string, count: number): number {
  let left = count;
  for (const { index } of token.matchAll(unit)) {
    if (left === 0) return index;
    left -= 1;
  }
  return token.length;
}
