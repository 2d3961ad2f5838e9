import type { ByteEncoding } from '../encoding.ts';
import type { MacLayout } from '../mac-recipe.ts';
import type { HashName, SignatureForm } from '../signature-form.ts';

/** A layout that signs the body alone, with one signature in a header of its own. */
export function bodyLayout(
  signatureHeader: string,
  {
    hash = 'sha256',
    prefix = '',
    encoding = 'hex',
  }: { readonly hash?: HashName; readonly prefix?: string; readonly encoding?: ByteEncoding } = {},
): MacLayout {
  return { hash, signatureHeader, form: { kind: 'single', prefix, encoding }, idHeader: null, timestamp: null, pattern: '{body}' };
}

/** The three headers of Svix and Standard Webhooks under a prefix of one's own. */
export function svixLayout(prefix: 'svix' | 'webhook'): MacLayout {
  return {
    hash: 'sha256',
    signatureHeader: `${prefix}-signature`,
    form: { kind: 'entries', separator: ' ', joint: ',', label: 'v1', encoding: 'base64', timestampLabel: null },
    idHeader: `${prefix}-id`,
    timestamp: { header: `${prefix}-timestamp`, unit: 's', toleranceSeconds: 300 },
    pattern: '{id}.{timestamp}.{body}',
  };
}

/** A header of `key=value` entries with the timestamp among the signatures, in hex. */
export function stampedLayout(signatureHeader: string, { separator, timestampLabel, label, pattern, toleranceSeconds }: Stamp): MacLayout {
  const form: SignatureForm = { kind: 'entries', separator, joint: '=', label, encoding: 'hex', timestampLabel };
  return {
    hash: 'sha256',
    signatureHeader,
    form,
    idHeader: null,
    timestamp: { header: signatureHeader, unit: 's', toleranceSeconds },
    pattern,
  };
}

interface Stamp {
  readonly separator: ',' | ';';
  readonly timestampLabel: string;
  readonly label: string;
  readonly pattern: string;
  readonly toleranceSeconds: number;
}

/** A layout with a timestamp in a header of its own and one signature in another. */
export function timedLayout(layout: Pick<MacLayout, 'signatureHeader' | 'timestamp' | 'pattern'> & Partial<MacLayout>): MacLayout {
  return { hash: 'sha256', form: { kind: 'single', prefix: '', encoding: 'hex' }, idHeader: null, ...layout };
}
