import { Buffer } from 'node:buffer';
import type { SignedPart } from '../../signing/scheme.ts';
import { joinRuns } from '../../signing/signed-string.ts';
import type { Verification } from '#shared/contract/verifying.ts';

/** A piece of the signed string; `bytes` is null in place of the body. */
export interface StringPart {
  readonly name: string;
  readonly bytes: Uint8Array | null;
}

/** The bytes before the body and after it. */
export interface Around {
  readonly before: Uint8Array;
  /** Whether the body itself is signed. */
  readonly hasBody: boolean;
  readonly after: Uint8Array;
}

/** The parts of a verification's signed string; null when it could not be built. */
export function partsOf(verification: Pick<Verification, 'signedBase64' | 'parts'>, body: Uint8Array): readonly StringPart[] | null {
  if (verification.signedBase64 === null) return null;
  const signed = Buffer.from(verification.signedBase64, 'base64');
  const bodyPart = verification.parts.find(({ name, start, end }) => name === 'body' && signed.subarray(start, end).equals(body));
  return verification.parts.map((part) => ({
    name: part.name,
    bytes: part === bodyPart ? null : signed.subarray(part.start, part.end),
  }));
}

/** The bytes around the body; a second body, which no scheme has, would be dropped. */
export function aroundOf(parts: readonly StringPart[]): Around {
  const at = parts.findIndex(({ bytes }) => bytes === null);
  const join = (some: readonly StringPart[]) => Buffer.concat(some.map(({ bytes }) => bytes ?? new Uint8Array()));
  return at === -1
    ? { before: join(parts), hasBody: false, after: new Uint8Array() }
    : { before: join(parts.slice(0, at)), hasBody: true, after: join(parts.slice(at + 1)) };
}

/** The signed string with a body in it. */
export function fillParts(
  parts: readonly StringPart[],
  body: Uint8Array,
): { readonly bytes: Uint8Array; readonly parts: readonly SignedPart[] } {
  return joinRuns(parts.map(({ name, bytes }) => ({ name, bytes: bytes ?? body })));
}

/** A key that is equal for equal signed strings, whatever the body. */
export function nameOfParts(parts: readonly StringPart[]): string {
  return parts.map(({ bytes }) => (bytes === null ? '\u0000body\u0000' : Buffer.from(bytes).toString('latin1'))).join('');
}
