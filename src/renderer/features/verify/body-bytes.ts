import { decodeDeclaredBody, type BodyEncoding, type DecodedBody } from '#shared/text/declared-body.ts';

export type { BodyEncoding, DecodedBody };

/** Turns what stands in the body field into bytes, or says why there are none. */
export function decodeBody(text: string, encoding: BodyEncoding): DecodedBody {
  return decodeDeclaredBody(text, encoding);
}
