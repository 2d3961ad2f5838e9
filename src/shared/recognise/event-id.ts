import type { HeaderField } from '../contract/common.ts';
import { providerSchemeIds, schemeFacts } from '../contract/scheme-facts.ts';
import type { ReplayKey, SchemeFacts } from '../providers/shapes/provider.ts';
import { isEventId } from './event-id-value.ts';

/** Where requests of a scheme carry the id of their event. */
type Place = { readonly header: string } | { readonly path: string };

/** By the scheme of a bin. */
const placeOfScheme = new Map<string, Place>();
/** Headers that hold such an id whoever sends them, in lower case. */
const idHeaders = new Set<string>();
/** By a header that only one scheme signs with, in lower case. */
const placeBySigning = new Map<string, Place | null>();

for (const id of providerSchemeIds) {
  const facts: SchemeFacts = schemeFacts[id];
  const key = keyOf(facts);
  const place = key === null ? null : placeOf(key);
  if (facts.kind === 'mac') for (const { idHeader } of facts.layouts) if (idHeader !== null) idHeaders.add(idHeader.toLowerCase());
  if (place !== null) placeOfScheme.set(id, place);
  if (place !== null && 'header' in place && key?.isCommonName !== true) idHeaders.add(place.header);
  for (const mark of facts.marks) {
    const name = mark.header.toLowerCase();
    const isAlone = mark.tells === undefined && mark.isCommonName !== true && mark.isShared !== true && !placeBySigning.has(name);
    placeBySigning.set(name, isAlone ? place : null);
  }
}

function keyOf(facts: SchemeFacts): ReplayKey | null {
  return facts.kind === 'mac' || facts.kind === 'token' ? facts.replayKey : null;
}

function placeOf({ name, path }: ReplayKey): Place | null {
  if (path === undefined) return { header: name.toLowerCase() };
  return path === null ? null : { path };
}

/**
 * The id that the sender of a request gave its event, by which receivers tell one that was delivered before: from its headers, or where to
 * look in the JSON of its body; null where no provider is known to give one like this. `scheme` is that of the bin.
 */
export function eventIdIn(headers: readonly HeaderField[], scheme: string | null): string | { readonly path: string } | null {
  let place = scheme === null ? null : (placeOfScheme.get(scheme) ?? null);
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    if (idHeaders.has(key) && isEventId(value)) return value;
    place ??= placeBySigning.get(key) ?? null;
  }
  if (place === null || 'path' in place) return place;
  const { header } = place;
  return headers.find(([name, value]) => name.toLowerCase() === header && isEventId(value))?.[1] ?? null;
}
