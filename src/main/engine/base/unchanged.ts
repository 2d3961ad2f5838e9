import { jsonTextOf } from '#shared/contract/json.ts';
import { Refusal } from './refusal.ts';

/** Values longer than this are not quoted. */
const quotedCharacters = 80;

/**
 * Refuses a change that was made for an older version than the saved one, by the `updatedAtMs` that the caller read. The refusal
 * names the fields of the change whose saved values are different now. `saved` holds no secrets. Throws a Refusal CONFLICT.
 */
export function assertUnchanged<Saved extends { readonly updatedAtMs: number }>(
  what: string,
  saved: Saved,
  ifUpdatedAtMs: number | undefined,
  change: object,
): void {
  if (ifUpdatedAtMs === undefined || ifUpdatedAtMs === saved.updatedAtMs) return;
  const now = saved as Readonly<Record<string, unknown>>;
  const others = Object.entries(change).filter(
    ([name, value]) => value !== undefined && name in now && jsonTextOf(now[name]) !== jsonTextOf(value),
  );
  const issues = others.map(([path]) => ({ path, message: `It is ${quoted(now[path])} now.` }));
  const message = `${what} was changed after the version that this change was made for: its updatedAtMs is ${saved.updatedAtMs}. Read it again, then change it.`;
  throw new Refusal('CONFLICT', message, { issues: [{ path: 'ifUpdatedAtMs', message }, ...issues] });
}

/** The time of a change, in epoch milliseconds: always later than the one before it, even within one millisecond or when the clock was set back. */
export function changedAtMs(before: { readonly updatedAtMs: number }, nowMs: number): number {
  return Math.max(nowMs, before.updatedAtMs + 1);
}

function quoted(value: unknown): string {
  const text = jsonTextOf(value);
  return text.length > quotedCharacters ? 'something else' : text;
}
