import type { HeaderField } from './contract/common.ts';

/** A piece of a text for code: the text itself, or a variable in the place of a value that is masked. */
export type CodePiece =
  | { readonly kind: 'text'; readonly text: string }
  /** `value` says which one the variable has to hold, such as `the value with fingerprint c355dce9`. */
  | { readonly kind: 'secret'; readonly variable: string; readonly value: string };

/**
 * What can be masked in the headers of a request: everything that an endpoint writes; fingerprints only where the headers were given, since
 * then no variable of an environment is put into them; nothing in a request that was received. What reads like a mask beyond that is text.
 */
export type MaskedHeaders = 'everything' | 'fingerprints' | 'nothing';

/** What stands in the place of a value: its fingerprint, or the output of a template that names a variable of an environment. */
const mask = /\[secret(?: |%20)(?:([0-9a-f]{8})|([^[\]]*\bvars\b[^[\]]*))\]/g;

/** The value of a header, with variables for what is masked in it. */
export function headerPieces([name, value]: HeaderField, masked: MaskedHeaders = 'everything'): readonly CodePiece[] {
  return pieces(value, () => name, masked);
}

/** A URL, with variables for what is masked in it. */
export function urlPieces(url: string): readonly CodePiece[] {
  return pieces(url, (before) => /([^?&=#/]+)=$/.exec(before)?.[1] ?? 'url', 'everything');
}

function pieces(text: string, nameAfter: (before: string) => string, masked: MaskedHeaders): readonly CodePiece[] {
  const found: CodePiece[] = [];
  let at = 0;
  for (const { index, 0: whole, 1: fingerprint, 2: output } of masked === 'nothing' ? [] : text.matchAll(mask)) {
    if (fingerprint === undefined && masked === 'fingerprints') continue;
    if (index > at) found.push({ kind: 'text', text: text.slice(at, index) });
    found.push(
      fingerprint === undefined
        ? { kind: 'secret', variable: variableOf(output ?? ''), value: `the value of ${(output ?? '').replaceAll('"', "'")}` }
        : { kind: 'secret', variable: variableOf(nameAfter(text.slice(0, index))), value: `the value with fingerprint ${fingerprint}` },
    );
    at = index + whole.length;
  }
  if (at < text.length || found.length === 0) found.push({ kind: 'text', text: text.slice(at) });
  return found;
}

function variableOf(name: string): string {
  return `SECRET_${name
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^_|_$/g, '')}`;
}
