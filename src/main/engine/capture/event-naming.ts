import { Buffer } from 'node:buffer';
import { eventIdAt } from '#shared/recognise/event-id-value.ts';
import { eventNameIn, namedCharacters } from '#shared/recognise/event-name.ts';

/** What the headers of a request say of its event. */
export interface EventInHead {
  readonly type: string | null;
  /** The id, or where to look for it in the body. */
  readonly id: string | { readonly path: string } | null;
}

/** The event of a request, as it is stored: an empty type where the request names none. */
export interface NamedEvent {
  readonly type: string;
  readonly id: string | null;
}

/** The event of a request, with what only its body says. Null for a body that is not read for that. */
export function eventOf({ type, id }: EventInHead, body: Uint8Array | null): NamedEvent {
  const isKnown = type !== null && (id === null || typeof id === 'string');
  const json = isKnown || body === null ? null : objectOf(body);
  return {
    type: type ?? eventNameIn([], json) ?? '',
    id: id === null || typeof id === 'string' ? id : eventIdAt(json, id.path),
  };
}

const openingBrace = 0x7b;
const blanks = new Set([0x09, 0x0a, 0x0d, 0x20]);

/** The JSON object that a body is; null for anything else, and for one that is too long to be read for its event. */
function objectOf(body: Uint8Array): unknown {
  if (body.byteLength > namedCharacters || body.find((byte) => !blanks.has(byte)) !== openingBrace) return null;
  try {
    return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'));
  } catch {
    return null;
  }
}
