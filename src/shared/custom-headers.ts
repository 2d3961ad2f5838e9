import { placeholderNames } from './contract/custom-placeholders.ts';
import type { CustomOptions } from './contract/signing.ts';

/** The headers of a custom scheme by what they carry; null where it stands elsewhere, or nowhere. */
export interface CustomHeaders {
  readonly signature: string | null;
  readonly timestamp: string | null;
  readonly id: string | null;
  /** All of them in order, those with neither of these included. */
  readonly all: readonly string[];
}

/** Which headers the options name. */
export function customHeaders({ fields, header, timestampHeader, idHeader }: CustomOptions): CustomHeaders {
  if (fields.length === 0)
    return {
      signature: header,
      timestamp: timestampHeader,
      id: idHeader,
      all: [header, timestampHeader, idHeader].filter((name) => name !== null),
    };
  const inHeaders = fields.filter(({ place }) => place === 'header');
  const carrying = (placeholder: string) => inHeaders.find(({ value }) => placeholderNames(value).includes(placeholder))?.name ?? null;
  return {
    signature: carrying('signature'),
    timestamp: carrying('timestamp'),
    id: carrying('id'),
    all: inHeaders.map(({ name }) => name),
  };
}
