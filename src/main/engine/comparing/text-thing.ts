import { bodyGapOf } from '#shared/import/body-gap.ts';
import type { PastedRequest } from '#shared/import/pasted.ts';
import type { ComparedRequest } from './compare-requests.ts';
import type { ComparedThing } from './compared-thing.types.ts';
import { headersToldBy, requestOf, tellsNoBody, type ComparedText, type TextRequest, type TextTrouble } from './given-text.ts';
import { targetIn } from './target.ts';
import { besideRequest } from './text-records.ts';

/** Gathers what is compared of a request in a text, or says why it cannot be. */
export function textThing(asked: ComparedText): ComparedThing | TextTrouble {
  const found = requestOf(asked);
  if ('trouble' in found) return found;
  const { response, times, connection, outcome, atMs } = besideRequest(found.request.records ?? []);
  return {
    side: {
      kind: 'text',
      id: null,
      name: found.name,
      deliveryId: null,
      binId: null,
      endpointId: null,
      number: null,
      atMs,
      outcome,
      status: response.kind === 'answer' ? response.status : null,
      readAs: found.readAs,
      notes: [...found.notes],
    },
    request: comparedRequest(found),
    response,
    times,
    connection,
  };
}

function comparedRequest({ request, kind }: TextRequest): ComparedRequest {
  const { method, headers } = request;
  const tells = headersToldBy(kind);
  return {
    method,
    target: targetIn(request, kind),
    tells: request.lacksHeaders === true && tells !== 'none' ? 'some' : tells,
    headers: [...headers],
    ...bodyIn(request, tellsNoBody(kind)),
  };
}

/** The body of a request in a text: its bytes, or why they are not known. */
export function bodyIn(
  request: PastedRequest,
  canTellNone: boolean,
): Pick<ComparedRequest, 'bytes' | 'why' | 'size' | 'isCut' | 'rebuilt'> {
  const { body, records = [] } = request;
  const isCut = records.some((record) => record['isBodyTruncated'] === true);
  // Of a body that was cut when it arrived, the beginning is as it was.
  if (body !== null && isCut) return { bytes: body, size: body.byteLength, isCut };
  const gap = bodyGapOf(request);
  if (gap?.kind === 'missing') return { bytes: null, why: gap.why, size: gap.size ?? null, isCut: false };
  if (body !== null) return { bytes: body, size: body.byteLength, isCut: false, ...(gap === null ? {} : { rebuilt: gap.why }) };
  return canTellNone
    ? { bytes: new Uint8Array(), size: 0, isCut: false }
    : { bytes: null, why: 'is not in the text', size: null, isCut: false };
}
