import { Buffer } from 'node:buffer';
import type { CustomField, CustomOptions } from '#shared/contract/signing.ts';
import { fieldValues, queryOf, withFields, withoutField, withQuery } from '#shared/text/query-fields.ts';
import { fieldNames } from './field-text.ts';

/** The URL and body that a signature covers: those of the request without the field that carries the signature itself. */
export interface UnsignedRequest {
  readonly url: string | null;
  readonly body: Uint8Array;
}

/** The field that carries the signature. */
export function signatureField({ fields }: Pick<CustomOptions, 'fields'>): CustomField | null {
  return fields.find((field) => fieldNames(field).has('signature')) ?? null;
}

/** A request without its signature. */
export function withoutSignature(options: Pick<CustomOptions, 'fields'>, { url, body }: UnsignedRequest): UnsignedRequest {
  const field = signatureField(options);
  if (field?.place === 'query' && url !== null) return { url: withQuery(url, (query) => withoutField(query, field.name)), body };
  if (field?.place === 'form') return { url, body: changedForm(body, (pairs) => withoutField(pairs, field.name)) };
  return { url, body };
}

/** The values of a field in a request, none where the request lacks it; null where the URL that would hold it is not known. */
export function valuesInPairs(field: CustomField, { url, body }: UnsignedRequest): readonly string[] | null {
  if (field.place === 'form') return fieldValues(formText(body), field.name);
  return url === null ? null : fieldValues(queryOf(url), field.name);
}

/** A request with fields in its query or its form. */
export function withField(field: CustomField, value: string, request: UnsignedRequest): UnsignedRequest {
  const pair = [{ name: field.name, value }];
  if (field.place === 'query')
    return { ...request, url: request.url === null ? null : withQuery(request.url, (query) => withFields(query, pair)) };
  return { ...request, body: changedForm(request.body, (pairs) => withFields(pairs, pair)) };
}

/** Whether a body can be a form: nothing in it shows another format, and it has no byte that a form encodes. */
export function isForm(body: Uint8Array): boolean {
  return /^(?:[^\s{[<"\p{Cc}][^\s\p{Cc}]*)?$/u.test(formText(body));
}

/** Forms are ASCII; any other byte stays as it is. */
function formText(body: Uint8Array): string {
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1');
}

function changedForm(body: Uint8Array, change: (pairs: string) => string): Uint8Array {
  const text = formText(body);
  const changed = change(text);
  return changed === text ? body : Buffer.from(changed, 'latin1');
}
