import { placeholderNames } from '#shared/contract/custom-placeholders.ts';
import { customOptions, type CustomField, type CustomOptions } from '#shared/contract/signing.ts';
import { isSameHeader } from '#shared/text/headers.ts';

/** Options of `custom` as they are before any choice. */
export const defaultCustomOptions: CustomOptions = customOptions.parse({ scheme: 'custom' });

const { header, prefix, separator, timestampHeader, timestampPrefix, idHeader } = defaultCustomOptions;
const unsetHeaders = { header, prefix, separator, timestampHeader, timestampPrefix, idHeader };

/** The same scheme with its headers as fields with placeholders. */
export function withFields(options: CustomOptions): CustomOptions {
  const { timestampHeader: time, idHeader: id } = options;
  const isTimeInside = time !== null && isSameHeader(time, options.header);
  const signature = `${options.prefix}{signature}`;
  const value = isTimeInside ? `${options.timestampPrefix}{timestamp}${options.separator ?? ','}${signature}` : signature;
  const fields: readonly CustomField[] = [
    ...(id === null ? [] : [inHeader(id, '{id}')]),
    ...(time === null || isTimeInside ? [] : [inHeader(time, `${options.timestampPrefix}{timestamp}`)]),
    inHeader(options.header, value),
  ];
  return { ...options, ...unsetHeaders, fields: [...fields] };
}

/** The same scheme with a header for each of its parts, as far as its fields are such headers. */
export function withHeaders(options: CustomOptions): CustomOptions {
  const carrying = (name: string) =>
    options.fields.find(({ place, value }) => place === 'header' && placeholderNames(value).includes(name));
  const signature = carrying('signature');
  const before = /^([^{}]*)\{signature\}$/.exec(signature?.value ?? '')?.[1];
  return {
    ...options,
    ...unsetHeaders,
    fields: [],
    keyId: options.encoding === 'jwt' ? options.keyId : null,
    header: signature?.name ?? header,
    prefix: before ?? '',
    timestampHeader: carrying('timestamp')?.name ?? null,
    idHeader: carrying('id')?.name ?? null,
  };
}

function inHeader(name: string, value: string): CustomField {
  return { place: 'header', name, value };
}
