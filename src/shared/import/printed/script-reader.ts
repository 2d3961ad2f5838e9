import { codeEnd } from './script-code.ts';
import { spaceEnd } from './script-scanner.ts';
import { readScriptString } from './script-strings.ts';

export type ScriptReader = ReturnType<typeof createReader>;

/** Reads JavaScript piece by piece from a place on. */
export function createReader(binary: string, start: number) {
  let at = start;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(binary);
    if (found !== null) at = pattern.lastIndex;
    return found;
  };
  const moveTo = (end: number | null): boolean => {
    if (end !== null) at = end;
    return end !== null;
  };
  return {
    at: () => at,
    /** How much of the code was read so far. */
    size: () => at - start,
    peek: () => binary[at] ?? '',
    match,
    /** Takes one sign, if it stands here. */
    take: (sign: string): boolean => {
      const isHere = binary[at] === sign;
      if (isHere) at += 1;
      return isHere;
    },
    /** Skips spaces, line breaks and comments. */
    space: () => void (at = spaceEnd(binary, at)),
    string: () => {
      const read = readScriptString(binary, at);
      return moveTo(read?.end ?? null) ? read : null;
    },
    /** Skips the rest of an expression, of which a value may have been read; whether it has an end. */
    skipCode: (endsAtComma: boolean, isBehindValue = false) => moveTo(codeEnd(binary, at, endsAtComma, isBehindValue)),
    textFrom: (from: number) => binary.slice(from, Math.min(at, from + 200)).trim(),
  };
}
