import { Buffer } from 'node:buffer';
import { maskedValue } from '#shared/masked-value.ts';
import { withFields, withQuery, writeField, type QueryField } from '#shared/text/query-fields.ts';
import { fingerprintOf } from '../signing/secret.ts';
import type { SignedString } from '../signing/scheme.ts';
import type { SecretOutput } from '../templates/url-template.ts';

/** A key that a request carries in the query of its URL. */
export type QueryKey = QueryField;

/** A secret in the URL of a request: a key of its query, or the value of a variable. */
export interface UrlSecret {
  /** As it stands in the URL, with the name of a key. */
  readonly written: string;
  /** What stands in its place wherever the URL is kept or shown. */
  readonly shown: string;
  readonly value: string;
}

/** Keys as secrets of the URL that {@link withQueryKeys} makes. */
export function keySecrets(keys: readonly QueryKey[]): readonly UrlSecret[] {
  return keys.map(({ name, value }) => ({
    written: writeField({ name, value }),
    shown: `${encodeURIComponent(name)}=${maskedValue(fingerprintOf(value))}`,
    value,
  }));
}

/** What variables brought into a URL, in every form in which others may quote it. */
export function variableSecrets(outputs: readonly SecretOutput[]): readonly UrlSecret[] {
  return outputs
    .flatMap(({ text, shown }) =>
      [...new Set([text, encodeURI(text), encodeURIComponent(text)])].map((value) => ({ written: value, shown, value })),
    )
    .toSorted((one, other) => other.value.length - one.value.length);
}

/** A URL with keys at the end of its query; they replace parameters of the same names. The rest stays as it is written. */
export function withQueryKeys(url: string, keys: readonly QueryKey[]): string {
  return keys.length === 0 ? url : withQuery(url, (query) => withFields(query, keys));
}

/** A text with its secrets masked, wherever it quotes them as they stand in the URL. */
export function maskUrlSecrets(text: string, secrets: readonly UrlSecret[]): string {
  return secrets.reduce((masked, { written, shown }) => masked.replaceAll(written, () => shown), text);
}

/** The text with what {@link maskUrlSecrets} hid. */
export function unmaskUrlSecrets(text: string, secrets: readonly UrlSecret[]): string {
  return secrets.reduce((unmasked, { written, shown }) => unmasked.replaceAll(shown, () => written), text);
}

/** The bytes that were signed, with asterisks in place of the secrets where they contain the URL. As many bytes as before, so that the parts fit. */
export function withoutUrlSecrets({ bytes, parts }: SignedString, secrets: readonly UrlSecret[]): SignedString {
  if (secrets.length === 0) return { bytes, parts };
  const shown = Buffer.from(bytes);
  const bodies = parts.filter(({ name }) => name === 'body');
  for (const { value } of secrets)
    for (const text of new Set([value, encodeURIComponent(value)])) {
      const needle = Buffer.from(text, 'utf8');
      for (let at = shown.indexOf(needle); at >= 0; at = shown.indexOf(needle, at + needle.byteLength))
        // A body is stored as it was sent.
        if (!bodies.some(({ start, end }) => at >= start && at < end)) shown.fill('*', at, at + needle.byteLength);
    }
  return { bytes: shown, parts };
}
