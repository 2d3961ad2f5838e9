import { recogniseScheme } from '../recognise/recognise-scheme.ts';
import { bodyNotes } from './body-notes.ts';
import { refusedPaste, type Confidence, type Pasted, type PastedChoice, type PastedKind, type PastedRequest } from './pasted.ts';

/**
 * The reading of a paste with several requests: the first with a signature is used unless another is chosen. `count` is how many there
 * are, or, with `hasMore`, how many were counted.
 */
export function fromChoices(
  kind: PastedKind,
  confidence: Confidence,
  requests: readonly PastedRequest[],
  count: number,
  hasMore = false,
): Pasted {
  const [first] = requests;
  if (first === undefined) return refusedPaste(kind, 'The paste contains no request.');
  if (requests.length === 1 && count === 1) return { kind, confidence, ...withBodyNotes(first, kind) };
  const choices = requests.map((request, index): PastedChoice => ({
    ...request,
    label: labelOf(request, index),
    isSigned: isSigned(request),
  }));
  const chosen = Math.max(
    0,
    choices.findIndex((choice) => choice.isSigned),
  );
  const request = withBodyNotes(requests[chosen] ?? first, kind);
  const least = hasMore ? 'at least ' : '';
  const several =
    chosen === 0
      ? `There are ${least}${count} requests in it; the first one is used unless you choose another.`
      : `There are ${least}${count} requests in it; number ${chosen + 1}, the first with a signature, is used unless you choose another.`;
  const isCut = hasMore || requests.length < count;
  const notes = isCut ? [`There are ${hasMore ? 'more' : count} requests; only the first ${requests.length} are listed.`] : [];
  return { kind, confidence, ...request, choices, chosen, notes: [several, ...notes, ...request.notes] };
}

/** A request out of a list, as it is read when it stands alone: the doubts about its body are looked for only then. */
export function withBodyNotes(request: PastedRequest, kind: PastedKind): PastedRequest {
  if (request.body === null) return request;
  // Of the texts that hold several requests only the files of HTTP clients have bodies as they are; others have them as strings.
  const isEncoded = kind !== 'http_file';
  return { ...request, notes: [...request.notes, ...bodyNotes(request.body, request.headers, isEncoded)] };
}

function isSigned({ url, headers, body }: PastedRequest): boolean {
  return recogniseScheme({ url, headers, body }).length > 0;
}

function labelOf({ method, url, body }: PastedRequest, index: number): string {
  const size = body === null ? '' : ` (${body.length} bytes)`;
  return `${index + 1}. ${method ?? 'Request'} ${(url ?? '').slice(0, 200)}${size}`;
}
