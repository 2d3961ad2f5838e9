import { ORPCError } from '@orpc/server';

/** How deep objects and lists of an input may be nested; code that walks them would run out of stack at a few thousand levels. */
export const inputDepthLimit = 500;

/** The refusal of an input that is nested deeper, at every door. */
export const tooDeepSentence = `The JSON is nested more than ${inputDepthLimit} levels deep: send it flatter, or as a body in base64.`;

/** Refuses an input that is nested too deep to be read, before anything walks through it. */
export function refuseTooDeep(input: unknown): void {
  if (isDeeper(input, inputDepthLimit)) throw new ORPCError('JSON_INVALID', { status: 400, message: tooDeepSentence });
}

/** Whether plain data is nested deeper than a limit. It goes level by level, so it copes with any depth. */
export function isDeeper(value: unknown, limit: number): boolean {
  let level = [value].filter(isPlain);
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > limit) return true;
    const next: object[] = [];
    for (const each of level) for (const child of Array.isArray(each) ? each : Object.values(each)) if (isPlain(child)) next.push(child);
    level = next;
  }
  return false;
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
