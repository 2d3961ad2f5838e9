import type { HeaderField } from '../contract/common.ts';
import type { CurlRequest } from '../curl-command.ts';
import { headerPieces, urlPieces } from '../masked-pieces.ts';

/** Code that makes a request again. */
export interface RequestCode {
  readonly text: string;
  /** What the language or tool sends otherwise than the request, a sentence each. */
  readonly notes: readonly string[];
}

/** Whether code needs a function that reads masked values from the environment. */
export function hasSecrets({ url, headers, masked }: Pick<CurlRequest, 'url' | 'headers' | 'masked'>): boolean {
  return [...urlPieces(url), ...headers.flatMap((field) => headerPieces(field, masked))].some(({ kind }) => kind === 'secret');
}

/** A URL in its parts, each as it is written. */
export function urlParts(url: string): { readonly isSecure: boolean; readonly host: string; readonly target: string } {
  const [, scheme = 'http', host = '', rest = ''] = /^([a-z]+):\/\/([^/?#]*)([^#]*)/i.exec(url) ?? [];
  return { isSecure: scheme.toLowerCase() === 'https', host, target: rest.startsWith('/') ? rest : `/${rest}` };
}

/** Headers without those of these names, in any case. */
export function headersWithout(headers: readonly HeaderField[], names: readonly string[]): readonly HeaderField[] {
  return headers.filter(([name]) => !names.includes(name.toLowerCase()));
}
