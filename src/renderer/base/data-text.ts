import { prettyExact } from '#shared/json/exact.ts';

/** JSON for an editor, over several lines: of a text where the engine told one, since the value beside it does not say all of it. */
export function dataTextOf(value: unknown, text: string | undefined): string {
  return text === undefined ? JSON.stringify(value, null, 2) : prettyExact(text);
}
