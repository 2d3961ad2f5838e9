import { Buffer } from 'node:buffer';
import { maskedValue } from '#shared/masked-value.ts';
import { fingerprintOf } from '../signing/secret.ts';
import type { SignedString } from '../signing/scheme.ts';

/** A key that a request carries in the query of its URL. */
export interface QueryKey {
  readonly name: string;
  readonly value: string;
}

/** A URL with keys at the end of its query; they replace parameters of the same names. The rest stays as it is written. */
export function withQueryKeys(url: string, keys: readonly QueryKey[]): string {
  if (keys.length === 0) return url;
  const [, address = '', query = '', fragment = ''] = /^([^?#]*)(?:\?([^#]*))?(#.*)?$/s.exec(url) ?? [];
  const names = new Set(keys.map(({ name }) => name));
  const kept = query.split('&').filter((pair) => pair !== '' && !names.has(decodedName(pair)));
  return `${address}?${[...kept, ...keys.map(pairOf)].join('&')}${fragment}`;
}

/** A text with the values of keys masked, wherever it quotes them as they stand in the URL. */
export function maskQueryKeys(text: string, keys: readonly QueryKey[]): string {
  return keys.reduce((masked, key) => masked.replaceAll(pairOf(key), maskedPair(key)), text);
}

/** The text with what {@link maskQueryKeys} hid. */
export function unmaskQueryKeys(text: string, keys: readonly QueryKey[]): string {
  return keys.reduce((shown, key) => shown.replaceAll(maskedPair(key), pairOf(key)), text);
}

/** The bytes that were signed, with asterisks in place of the keys where they contain the URL. As many bytes as before, so that the parts fit. */
export function withoutQueryKeys({ bytes, parts }: SignedString, keys: readonly QueryKey[]): SignedString {
  if (keys.length === 0) return { bytes, parts };
  const shown = Buffer.from(bytes);
  const bodies = parts.filter(({ name }) => name === 'body');
  for (const { value } of keys)
    for (const text of new Set([value, encodeURIComponent(value)])) {
      const needle = Buffer.from(text, 'utf8');
      for (let at = shown.indexOf(needle); at >= 0; at = shown.indexOf(needle, at + needle.byteLength))
        // A body is stored as it was sent.
        if (!bodies.some(({ start, end }) => at >= start && at < end)) shown.fill('*', at, at + needle.byteLength);
    }
  return { bytes: shown, parts };
}

function pairOf({ name, value }: QueryKey): string {
  return `${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
}

function maskedPair({ name, value }: QueryKey): string {
  return `${encodeURIComponent(name)}=${maskedValue(fingerprintOf(value))}`;
}

function decodedName(pair: string): string {
  const name = pair.split('=', 1)[0] ?? '';
  try {
    return decodeURIComponent(name.replaceAll('+', ' '));
  } catch {
    return name;
  }
}
