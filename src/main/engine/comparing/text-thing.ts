import { headerValue } from '#shared/text/headers.ts';
import { isRecord } from '#shared/import/request-record.ts';
import type { PastedRequest } from '#shared/import/pasted.ts';
import type { ComparedRequest } from './compare-requests.ts';
import type { ComparedThing } from './compared-thing.types.ts';
import { headersToldBy, requestOf, tellsNoBody, type ComparedText, type TextRequest, type TextTrouble } from './given-text.ts';
import { targetOf } from './target.ts';
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
  const { method, url, headers } = request;
  return {
    method,
    target: url === null ? null : targetOf(url),
    tells: headersToldBy(kind),
    headers: [...headers],
    ...bodyIn(request, tellsNoBody(kind)),
  };
}

/** The body of a request in a text: its bytes, or why they are not known. */
export function bodyIn(
  { headers, body, records = [] }: PastedRequest,
  canTellNone: boolean,
): Pick<ComparedRequest, 'bytes' | 'why' | 'size' | 'isCut'> {
  const masked = records.map((record) => record['body']).find((value) => isRecord(value) && Number(value['maskedBytes']) > 0);
  if (body !== null && masked !== undefined)
    return { bytes: null, why: 'has a secret that is overwritten in the case file', size: body.byteLength, isCut: false };
  const isCut = records.some((record) => record['isBodyTruncated'] === true);
  if (body !== null) return { bytes: body, size: body.byteLength, isCut };
  const announced = headerValue(headers, 'content-length') ?? '0';
  const isAnnounced = announced.trim() !== '0' || headerValue(headers, 'transfer-encoding') !== null;
  return canTellNone && !isAnnounced
    ? { bytes: new Uint8Array(), size: 0, isCut: false }
    : { bytes: null, why: 'is not in the text', size: null, isCut: false };
}
