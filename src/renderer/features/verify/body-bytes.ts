import { decodeDeclaredBody, type BodyEncoding, type DecodedBody } from '#shared/text/declared-body.ts';

export type { BodyEncoding, DecodedBody };

/** Turns the body field into bytes, or says why it cannot be read. */
export function decodeBody(text: string, encoding: BodyEncoding): DecodedBody {
  return decodeDeclaredBody(text, encoding);
}
