import type { HeaderField } from '#shared/contract/common.ts';
import { givenMethods } from '#shared/contract/given-head.ts';
import { withoutBlanks } from '#shared/text/headers.ts';
import type { DraftHead } from './draft.ts';

/** Headers as they are typed: a line each, as in a request. */
function headerLines(headers: readonly HeaderField[]): string {
  return headers.map(([name, value]) => `${name}: ${value}`).join('\n');
}

/** A method and headers as they are edited; a method that is not sent becomes POST. */
export function toDraftHead(method: string, headers: readonly HeaderField[], isSigned: boolean): DraftHead {
  return { method: givenMethods.find((name) => name === method.toUpperCase()) ?? 'POST', headers: headerLines(headers), isSigned };
}

export type HeaderLines =
  | { readonly ok: true; readonly headers: readonly HeaderField[] }
  | { readonly ok: false; readonly line: number; readonly message: string };

/** Reads such lines; empty ones are passed over. */
export function readHeaderLines(text: string): HeaderLines {
  const headers: HeaderField[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (withoutBlanks(line) === '') continue;
    const colon = line.indexOf(':');
    if (colon < 1) return { ok: false, line: index + 1, message: `Write line ${index + 1} as Name: value.` };
    headers.push([line.slice(0, colon), withoutBlanks(line.slice(colon + 1))]);
  }
  return { ok: true, headers };
}
