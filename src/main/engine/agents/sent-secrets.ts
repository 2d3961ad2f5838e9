import type { HeaderField } from '#shared/contract/common.ts';
import { headerValues } from '#shared/text/headers.ts';
import { arrivedCapture } from '../capture/arrived.ts';
import { maskedRequestsOf } from '../log/deliveries.ts';
import type { Database } from '../store/database.ts';

/** What stands in the log in place of a secret that was sent. */
const mask = /\[secret(?: |%20)[^[\]]*\]/;

/** Attempts of a delivery that are looked at, the newest first. */
const mostAttempts = 50;

/**
 * What this workspace sent as a secret in the captures that a text names, also where nobody has it any more: the log of a delivery says in
 * which places of its request one stood. Null for a capture without any, at which other work may get its turn.
 */
export function* sentSecretsIn(database: Database, text: string): Generator<string | null> {
  const ids = new Set(Array.from(text.matchAll(/\bcap_[0-9a-z]{26}\b/g), ([id]) => id));
  for (const id of ids) {
    yield null;
    const capture = arrivedCapture(database, id);
    if (capture === undefined || capture.deliveryId === null) continue;
    const headers = JSON.parse(capture.headersJson) as HeaderField[];
    for (const [url, headersJson] of maskedRequestsOf(database, capture.deliveryId, mostAttempts)) {
      yield* hiddenParts(afterOrigin(url), capture.target);
      yield* hiddenInHeaders(JSON.parse(headersJson) as HeaderField[], headers);
    }
  }
}

/** Path and query of a URL whose parts may be masked, so that it is read as text. */
function afterOrigin(url: string): string {
  return url.replace(/^[a-z]+:\/\/[^/?#]*/i, '').replace(/#.*$/, '');
}

/** What arrived in headers where those that were logged are masked. */
function hiddenInHeaders(logged: readonly HeaderField[], arrived: readonly HeaderField[]): readonly string[] {
  return logged
    .filter(([, value]) => mask.test(value))
    .flatMap(([name, value]) => headerValues(arrived, name).flatMap((plain) => hiddenParts(value, plain)));
}

/** What stands in a text where the other one is masked; nothing where the rest of them is not the same. */
export function hiddenParts(masked: string, plain: string): readonly string[] {
  const [first = '', ...rest] = masked.split(new RegExp(mask, 'g'));
  if (!plain.startsWith(first)) return [];
  const hidden: string[] = [];
  let at = first.length;
  for (const [index, piece] of rest.entries()) {
    const isLast = index === rest.length - 1;
    const end = isLast ? plain.length - piece.length : plain.indexOf(piece, at);
    if (end < at || !plain.startsWith(piece, end)) return [];
    hidden.push(plain.slice(at, end));
    at = end + piece.length;
  }
  // In a URL it is written as URLs are.
  return hidden.flatMap((part) => [part, decoded(part)]).filter((part) => part !== '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return '';
  }
}
