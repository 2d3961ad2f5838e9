import type { HeaderField } from '#shared/contract/common.ts';
import { eventIdIn } from '#shared/recognise/event-id.ts';
import { eventNameIn } from '#shared/recognise/event-name.ts';
import type { EventInHead } from './event-naming.ts';

/** Reads the headers; `scheme` is that of the bin. */
export function eventInHead(headers: readonly HeaderField[], scheme: string | null): EventInHead {
  return { type: eventNameIn(headers, null), id: eventIdIn(headers, scheme) };
}
