import { signing, type Signing } from '#shared/contract/signing.ts';
import { recogniseScheme, type RecognisableRequest, type RecognisedScheme } from '#shared/recognise/recognise-scheme.ts';

/** The scheme that a request is most likely signed by; `signing` is null where no scheme here reads it. */
export interface RecognisedSigning extends Pick<RecognisedScheme, 'confidence' | 'because'> {
  readonly signing: Signing | null;
}

/** How a request seems to be signed; null where nothing in it looks like a signature. */
export function recogniseSigning(request: Pick<RecognisableRequest, 'headers' | 'body'>): RecognisedSigning | null {
  const [likeliest] = recogniseScheme({ url: null, ...request });
  if (likeliest === undefined) return null;
  const { scheme, options, confidence, because } = likeliest;
  const parsed = signing.safeParse({ scheme, ...options });
  return { signing: parsed.success ? parsed.data : null, confidence, because };
}
