import { formatHeaderText, parseHeaderText } from '#shared/header-text.ts';
import { absentBodyOf } from '#shared/import/body-gap.ts';
import { parsePasted } from '#shared/import/parse-pasted.ts';
import type { Pasted, PastedKind, PasteInput } from '#shared/import/pasted.ts';
import { fieldLimit } from '../../base/field-limit.ts';
import { utf8OrNull } from '../../ui/body-format.ts';
import { splitRawRequest } from './exact-text.ts';
import type { RequestFields, VerifyInput } from './verify-input.ts';

/** A paste or a dropped file, with how it was read. */
export interface Imported {
  readonly source: PasteInput;
  /** Name of the file, or null for a paste. */
  readonly fileName: string | null;
  readonly reading: Pasted;
  /** Index of the request that is shown, where there are several. */
  readonly choice: number;
  /** The form as it was filled; notes on the body hold for that one only. */
  readonly filled: Pick<VerifyInput, 'head' | 'body' | 'encoding' | 'lineEnding' | 'file'>;
}

type Filled = RequestFields;

/** Reads a paste or file, as a kind where one was chosen, and what the form becomes by it. */
export function importPaste(
  source: PasteInput,
  fileName: string | null,
  kind: PastedKind | null = null,
): Imported & { readonly form: Filled } {
  return fillWith(source, fileName, parsePasted(source, kind));
}

/** The same for a paste that was read already. */
export function fillWith(
  source: PasteInput,
  fileName: string | null,
  reading: Pasted,
  choice = reading.chosen ?? 0,
): Imported & { readonly form: Filled } {
  const form = formOf(reading, source, fileName);
  const { url: _url, ...filled } = form;
  return { source, fileName, reading, choice, filled, form };
}

/** The fields that hold a request; a body that is large or no text is kept as bytes. */
function formOf(reading: Pasted, source: PasteInput, fileName: string | null): Filled {
  const { body } = reading;
  const text = body === null || body.length > fieldLimit ? null : utf8OrNull(body);
  return {
    ...headOf(reading, source),
    body: text ?? '',
    encoding: 'text',
    lineEnding: 'asPasted',
    file: body !== null && text === null ? { name: fileName ?? 'pasted body', bytes: body } : null,
    bodyGap: absentBodyOf(reading)?.why ?? null,
  };
}

/** The head as it was pasted, if that says the same; else rebuilt from request line and headers. */
function headOf({ method, url, headers }: Pasted, { text = '' }: PasteInput): Pick<Filled, 'head' | 'url'> {
  const pasted = text.length > fieldLimit * 2 ? '' : (splitRawRequest(text)?.head ?? text.trimEnd());
  const isKept =
    headers.length > 0 && JSON.stringify(parseHeaderText(pasted).headers) === JSON.stringify(headers) && !/^\s*[[{]/.test(pasted);
  if (isKept) return { head: pasted, url: '' };
  const hasLine = url !== null && url !== '' && !/\s/.test(url);
  const line = hasLine ? [`${method ?? 'POST'} ${url}`] : [];
  return { head: [...line, ...(headers.length === 0 ? [] : [formatHeaderText(headers)])].join('\n'), url: hasLine ? '' : (url ?? '') };
}

/** Whether the form still holds what the paste filled it with. */
export function isUntouched({ filled }: Imported, input: VerifyInput): boolean {
  return (
    filled.head === input.head &&
    filled.body === input.body &&
    filled.encoding === input.encoding &&
    filled.lineEnding === input.lineEnding &&
    filled.file === input.file
  );
}
