import { bodyDigestNames, bodyDigests } from '#shared/contract/custom-placeholders.ts';
import type { CustomField, CustomOptions } from '#shared/contract/signing.ts';
import { isBodyDigest } from '../body-digest.ts';
import { readHeader } from '../header-values.ts';
import type { VerifyInput } from '../scheme.ts';
import type { HeaderFindings, Obstacle, Trouble } from '../verification/findings.ts';
import { malformed } from '../verification/reading.ts';
import { fieldNames, readFieldText } from './field-text.ts';
import { valuesInPairs, withoutSignature, type UnsignedRequest } from './unsigned-request.ts';

/** What the fields of a custom scheme hold in a request, before a key is used. */
export interface FieldsReading {
  readonly findings: HeaderFindings;
  /** The texts of the signatures, usually one. */
  readonly signatures: readonly string[];
  readonly timestamp: string | null;
  readonly id: string | null;
  readonly keyId: string | null;
  readonly trouble: Trouble | null;
  /** Digests of the body that are not those of this body. */
  readonly obstacles: readonly Obstacle[];
  /** Whether a field stands in the URL, which was not given. */
  readonly needsUrl: boolean;
  /** The URL and body that the signature covers. */
  readonly unsigned: UnsignedRequest;
}

/** What sentences call a field. */
export function nameOfField({ place, name }: CustomField): string {
  return place === 'header' ? name : `${name} in the ${place === 'query' ? 'URL' : 'form'}`;
}

/** Whether every field is a header. */
export function isInHeaders({ fields }: Pick<CustomOptions, 'fields'>): boolean {
  return fields.every(({ place }) => place === 'header');
}

/** Reads the fields of a request. Pure; it never throws because of a request's contents. */
export function readFields(options: CustomOptions, { headers, url, body }: VerifyInput): FieldsReading {
  const unsigned = withoutSignature(options, { url, body });
  const given = options.fields.map((field) => ({ field, name: nameOfField(field), texts: textsOf(field, headers, { url, body }) }));
  const known = given.filter(({ texts }) => texts !== null);
  const readings = known.flatMap(({ field, name, texts }) => {
    const [text = ''] = texts ?? [];
    return text === '' ? [] : [{ field, name, text, reading: readFieldText(field, text) }];
  });
  const values = (placeholder: string) =>
    readings.flatMap(({ reading }) => ('found' in reading ? (reading.found.get(placeholder) ?? []) : []));
  const doubled = known.find(({ field, texts }) => field.place !== 'header' && (texts?.length ?? 0) > 1);
  const unread = readings.flatMap(({ name, text, reading }) => ('problem' in reading ? [malformed(name, text, reading.problem)] : []));
  return {
    findings: {
      wanted: known.map(({ name }) => name),
      missing: known.filter(({ texts }) => !texts?.[0]).map(({ name, texts }) => ({ name, isEmpty: texts?.[0] === '' })),
      repeated: known.filter(({ texts }) => (texts?.length ?? 0) > 1).map(({ name }) => name),
    },
    signatures: values('signature'),
    timestamp: values('timestamp').at(-1) ?? null,
    id: values('id').at(-1) ?? null,
    keyId: values('key_id').at(-1) ?? null,
    trouble:
      doubled === undefined
        ? (unread[0] ?? null)
        : { kind: 'malformed', problem: `${doubled.name} stands there ${doubled.texts?.length} times, so nothing tells which one counts` },
    obstacles: readings.flatMap(({ name, reading }) => ('found' in reading ? digestObstacles(name, reading.found, unsigned.body) : [])),
    needsUrl: known.length < given.length,
    unsigned,
  };
}

/** The texts of a field, the first of which counts in headers; null where the URL is not known. */
function textsOf(field: CustomField, headers: VerifyInput['headers'], request: UnsignedRequest): readonly string[] | null {
  if (field.place !== 'header') return valuesInPairs(field, request);
  const found = readHeader(headers, field.name);
  return found === null ? [] : Array.from({ length: found.count }, () => found.text);
}

function digestObstacles(name: string, found: ReadonlyMap<string, readonly string[]>, body: Uint8Array): readonly Obstacle[] {
  return bodyDigestNames.flatMap((digest): readonly Obstacle[] => {
    const texts = found.get(digest) ?? [];
    if (texts.every((text) => isBodyDigest(digest, text, body))) return [];
    const message = `${name} does not hold the ${bodyDigests[digest].hash.toUpperCase()} of the body, so the body is not the one that was sent.`;
    return [{ reason: 'digest_mismatch', message }];
  });
}

/** The field that carries a placeholder, or null. */
export function carrierOf(
  { fields }: Pick<CustomOptions, 'fields'>,
  name: 'signature' | 'timestamp' | 'id' | 'key_id',
): CustomField | null {
  return fields.find((field) => fieldNames(field).has(name)) ?? null;
}
