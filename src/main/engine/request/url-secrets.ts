import { Buffer } from 'node:buffer';
import { maskedValue } from '#shared/masked-value.ts';
import { withFields, withQuery, writeField, type QueryField } from '#shared/text/query-fields.ts';
import { remembered } from '../base/remembered.ts';
import { fingerprintOf } from '../signing/secret.ts';
import type { SignedString } from '../signing/scheme.ts';
import type { SecretOutput } from '../templates/secret-outputs.ts';

/** A key that a request carries in the query of its URL. */
export type QueryKey = QueryField;

/** A secret in the URL of a request: a key of its query, or the value of a variable, in one of the forms in which others may quote it. */
export interface UrlSecret {
  /** As it stands in the URL, with the name of a key. */
  readonly written: string;
  /** What stands in its place wherever the URL is kept or shown. */
  readonly shown: string;
  readonly value: string;
  /** Whether this form is the one in the URL that the request was built with. */
  readonly isBuilt: boolean;
}

/** Keys as secrets of the URL that {@link withQueryKeys} makes. */
export function keySecrets(keys: readonly QueryKey[]): readonly UrlSecret[] {
  return keys.flatMap(({ name, value }) => {
    const shown = `${encodeURIComponent(name)}=${maskedValue(fingerprintOf(value))}`;
    const built = writeField({ name, value });
    return [...new Set([built, inQuery(built)])].map((written) => ({ written, shown, value, isBuilt: written === built }));
  });
}

/** What variables brought into a URL, or into headers when there is none, in every form in which others may quote it. */
export function variableSecrets(outputs: readonly SecretOutput[], url = ''): readonly UrlSecret[] {
  const known = new Set<string>();
  return outputs.flatMap(({ text, shown }) => {
    // The first text of an output is what it put there.
    const isFirst = !known.has(shown);
    known.add(shown);
    return formsOf(text, url).map((value) => ({ written: value, shown, value, isBuilt: isFirst && value === text }));
  });
}

/** A form that is shorter would be found by chance. */
const shortestForm = 4;

/** The text as it is, percent-encoded, and as the parser of URLs writes it in each place. */
function formsOf(text: string, url: string): readonly string[] {
  const forms = new Set([text]);
  for (const piece of new Set([text, text.trim(), ...piecesOf(text, url)]))
    for (const form of [...encodedForms(piece), ...hostForms(piece, url)]) if (form.length >= shortestForm) forms.add(form);
  return [...forms];
}

function encodedForms(text: string): readonly string[] {
  // A lone surrogate is sent as U+FFFD.
  const whole = text.toWellFormed();
  const component = encodeURIComponent(whole);
  const inPath = new URL(`http://h/x${whole}x`).href;
  return [
    whole,
    encodeURI(whole),
    component,
    component.replaceAll("'", '%27'),
    // Dot segments may take away what stands before them.
    inPath.slice(inPath.startsWith('http://h/x') ? 'http://h/x'.length : 'http://h/'.length, -1),
    new URL(`http://h/${whole}`).href.slice('http://h/'.length),
    inQuery(whole),
    new URL(`http://h/#x${whole}x`).href.slice('http://h/#x'.length, -1),
  ];
}

function inQuery(text: string): string {
  return new URL(`http://h/?x${text}x`).href.slice('http://h/?x'.length, -1);
}

/** The parts of a text that is split over places of the URL which are also quoted alone: host, path and query. */
function piecesOf(text: string, url: string): readonly string[] {
  if (/^https?:/i.test(text) && URL.canParse(text)) {
    const { origin, host, hostname, pathname, search, hash } = new URL(text);
    return [origin, host, hostname, pathname.slice(1), search.slice(1), hash.slice(1)];
  }
  const [head = '', rest = ''] = /^([^/\\?#]*)[/\\?#]*(.*)$/s.exec(text)?.slice(1) ?? [];
  const pieces = head !== '' && authorityOf(url).endsWith(head) ? [head, rest] : [text];
  return pieces.flatMap((piece) => piece.split(/[?#]/));
}

/** A host is written in lower case, and its names and numbers may be written otherwise altogether. */
function hostForms(text: string, url: string): readonly string[] {
  const authority = authorityOf(url);
  if (text === '' || authority === '' || !URL.canParse(url) || !(authority.includes(text) || text.includes(authority))) return [];
  const { host, hostname } = new URL(url);
  const lower = text.toLowerCase();
  return host.includes(lower) ? [lower] : [host, hostname];
}

function authorityOf(url: string): string {
  return /^[a-z][a-z0-9+.-]*:[/\\]*([^/\\?#]*)/i.exec(url)?.[1] ?? '';
}

/** A URL with keys at the end of its query; they replace parameters of the same names. The rest stays as it is written. */
export function withQueryKeys(url: string, keys: readonly QueryKey[]): string {
  return keys.length === 0 ? url : withQuery(url, (query) => withFields(query, keys));
}

/** A text with its secrets masked, wherever it quotes them in a form that they may have in the URL, whatever its letter case. */
export function maskUrlSecrets(text: string, secrets: readonly UrlSecret[]): string {
  if (secrets.length === 0) return text;
  const { pattern, shownOf } = maskOf(secrets);
  return text.replaceAll(pattern, shownOf);
}

/** All at once, since a placeholder may contain what another secret looks like. */
const maskOf = remembered((secrets: readonly UrlSecret[]) => {
  const shown = new Map<string, string>();
  for (const secret of secrets) {
    const key = secret.written.toLowerCase();
    if (!shown.has(key)) shown.set(key, secret.shown);
  }
  const shownOf = (found: string) => shown.get(found.toLowerCase()) ?? '[secret]';
  return { pattern: patternOf(secrets.map(({ written }) => written)), shownOf };
});

/** Any of the texts, the longest first. */
function patternOf(texts: readonly string[]): RegExp {
  const escaped = [...new Set(texts)]
    .toSorted((one, other) => other.length - one.length)
    .map((text) => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, (mark) => `\\${mark}`));
  return new RegExp(escaped.join('|'), 'gi');
}

/** Texts that hold a secret, for removing them elsewhere. */
export function textsOf(secrets: readonly UrlSecret[]): readonly string[] {
  return [...new Set(secrets.map(({ value }) => value))];
}

/**
 * The URL that {@link maskUrlSecrets} hid parts of, as it was sent; `target` is what the request was built from, as far as it is still known.
 * Null where it cannot be told.
 */
export function unmaskedUrl(
  kept: string,
  target: { readonly url: string; readonly urlSecrets: readonly UrlSecret[] } | undefined,
): string | null {
  if (target !== undefined && maskUrlSecrets(target.url, target.urlSecrets) === kept) return target.url;
  const built = target?.urlSecrets.filter(({ isBuilt }) => isBuilt) ?? [];
  const unmasked = built.reduce((url, { written, shown }) => url.replaceAll(shown, () => written), kept);
  return unmasked.includes('[secret ') ? null : unmasked;
}

/** The bytes that were signed, with asterisks in place of the secrets where they contain the URL. As many bytes as before, so that the parts fit. */
export function withoutUrlSecrets({ bytes, parts }: SignedString, secrets: readonly UrlSecret[]): SignedString {
  if (secrets.length === 0) return { bytes, parts };
  const shown = Buffer.from(bytes);
  const bodies = parts.filter(({ name }) => name === 'body');
  const pattern = bytePatternOf(secrets);
  // Each byte is one character of Latin-1.
  const text = shown.toString('latin1');
  for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
    const { index: at } = found;
    // A body is stored as it was sent.
    if (!bodies.some(({ start, end }) => at >= start && at < end)) shown.fill('*', at, at + found[0].length);
  }
  return { bytes: shown, parts };
}

const bytePatternOf = remembered((secrets: readonly UrlSecret[]) =>
  patternOf(
    secrets
      .flatMap(({ value }) => [value, encodeURIComponent(value.toWellFormed())])
      .map((text) => Buffer.from(text, 'utf8').toString('latin1')),
  ),
);
