import { placeholderNames, textPieces } from '#shared/contract/custom-placeholders.ts';
import type { CustomField, CustomOptions } from '#shared/contract/signing.ts';
import type { ByteEncoding, MacLayout, SignatureForm } from '#shared/providers/shapes/layout.ts';
import { isPairAlgorithm } from '../token-key.ts';

/** The layout of a scheme whose fields are headers in the forms that most senders use; null for any other. */
export function layoutOfFields(options: CustomOptions): MacLayout | null {
  const { fields, algorithm, encoding, signedContent, timestampUnit, toleranceSeconds } = options;
  if (encoding === 'jwt' || isPairAlgorithm(algorithm) || fields.some(({ place }) => place !== 'header')) return null;
  const signature = fields.find(({ value }) => placeholderNames(value).includes('signature'));
  if (signature === undefined) return null;
  const form = formOf(signature, encoding);
  const timestamp = fields.find(({ value }) => placeholderNames(value).includes('timestamp'));
  const id = fields.find(({ value }) => value === '{id}');
  const fixed = fields.filter(({ value }) => placeholderNames(value).length === 0);
  const isTimeReadable = timestamp === undefined || timestamp === signature || timestamp.value === '{timestamp}';
  const readable = new Set([signature, timestamp, id, ...fixed]);
  if (form === null || !isTimeReadable || fields.some((field) => !readable.has(field))) return null;
  return {
    hash: algorithm,
    signatureHeader: signature.name,
    form,
    idHeader: id?.name ?? null,
    timestamp: timestamp === undefined ? null : { header: timestamp.name, unit: timestampUnit, toleranceSeconds },
    pattern: signedContent,
    fixedHeaders: fixed.map(({ name, value }) => [name, value] as const),
  };
}

/** `sha256={signature}`, or labelled entries of the timestamp and the signature. */
function formOf({ value }: CustomField, encoding: ByteEncoding): SignatureForm | null {
  const [first, second, third, fourth, ...more] = textPieces(value);
  if (more.length > 0) return null;
  if (first?.kind === 'placeholder') return second === undefined ? { kind: 'single', prefix: '', encoding } : null;
  if (second?.kind === 'placeholder' && second.name === 'signature' && third === undefined)
    return { kind: 'single', prefix: first?.text ?? '', encoding };
  if (second?.kind !== 'placeholder' || second.name !== 'timestamp' || third?.kind !== 'literal') return null;
  const [, separator, prefix] = /^([,;] ?| )([^\s,;]+[=:])$/.exec(third.text) ?? [];
  if (separator === undefined || prefix === undefined || fourth?.kind !== 'placeholder' || fourth.name !== 'signature') return null;
  return { kind: 'list', separator, prefix, timestampPrefix: first?.text ?? '', encoding };
}
