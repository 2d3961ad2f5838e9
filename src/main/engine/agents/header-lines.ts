import type { HeaderField } from '#shared/contract/common.ts';
import type { HeaderChange } from '#shared/contract/comparing.ts';
import { isCredentialName } from '#shared/text/private-names.ts';
import { cutText } from './answer.ts';

const mostHeaders = 60;

/** Header fields as lines; of one that usually lets its bearer in, whosever it is, the value is left out. */
export function headerLines(headers: readonly HeaderField[]): readonly string[] {
  const lines = headers.slice(0, mostHeaders).map(([name, value]) => `${cutText(name, 100)}: ${shownValue(name, value)}`);
  return headers.length > mostHeaders ? [...lines, `… ${headers.length - mostHeaders} more headers`] : lines;
}

/** A change of a header, likewise. */
export function shownChange({ before, after, ...change }: HeaderChange): HeaderChange {
  const shown = (value: string | null) => (value === null ? null : shownValue(change.name, value));
  return { ...change, before: shown(before), after: shown(after) };
}

function shownValue(name: string, value: string): string {
  return isCredentialName(name) ? `[hidden: ${value.length} characters]` : value;
}
