import type { Signing } from '#shared/contract/signing.ts';

/** A choice of scheme in words, with its options: `Stripe (toleranceSeconds: 300)`. */
export function signingText(signing: Signing | null, schemeTitle: (id: string) => string, none: string): string {
  if (signing === null) return none;
  const { scheme, ...options } = signing;
  const said = Object.entries(options).map(
    ([name, value]) => `${wordsOf(name)}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return said.length === 0 ? schemeTitle(scheme) : `${schemeTitle(scheme)} (${said.join(', ')})`;
}

/** `toleranceSeconds` as `tolerance seconds`. */
function wordsOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
