import type { HeaderField } from '#shared/contract/common.ts';
import type { PastedRequest } from '#shared/import/pasted.ts';
import { eventTypeOf } from '#shared/recognise/event-name.ts';
import { headersToSendOn } from '#shared/text/connection-headers.ts';
import type { Client } from '../../base/client.ts';
import { base64OfBytes } from '../../ui/body-format.ts';
import { emptyDraft, type Draft, type OneOffTarget } from './draft.ts';
import { exactBodyOf, type ExactBody } from './exact-body.ts';
import { toDraftHead } from './header-lines.ts';

/** A whole request as a draft, and what of it is not in there. */
export interface GivenRequest {
  readonly draft: Draft;
  /** Remarks, each a sentence. */
  readonly notes: readonly string[];
}

/** A captured request, to be sent on. */
export async function readCaptured(client: Client, captureId: string, target: OneOffTarget): Promise<GivenRequest> {
  const { method, headers, bodyBase64, bodyBytes, isBodyTruncated } = await client.captures.get({ id: captureId });
  const read = toDraft({ method, headers, body: exactBodyOf(bodyBase64) }, target);
  const cut = isBodyTruncated ? [`Only the first ${bodyBytes} bytes of the body were received, so it is not the one that was sent.`] : [];
  return { draft: read.draft, notes: [...read.notes, ...cut] };
}

/** A pasted request, to be sent where it says. */
export function readPasted({ method, url, headers, body, problems, notes }: PastedRequest, target: OneOffTarget): GivenRequest {
  const exact = body === null ? { text: '', encoding: 'text' as const } : exactBodyOf(base64OfBytes(body));
  const read = toDraft({ method: method ?? 'POST', headers, body: exact }, { ...target, url: absolute(url) ?? target.url });
  return { draft: read.draft, notes: [...problems.map(({ message }) => message), ...notes, ...read.notes] };
}

function absolute(url: string | null): string | null {
  return url !== null && /^https?:\/\//i.test(url) ? url : null;
}

interface RequestParts {
  readonly method: string;
  readonly headers: readonly HeaderField[];
  readonly body: ExactBody;
}

function toDraft({ method, headers, body }: RequestParts, target: OneOffTarget): GivenRequest {
  const kept = headersToSendOn(headers);
  const head = toDraftHead(method, kept.headers, false);
  const draft: Draft = {
    ...emptyDraft,
    eventType: eventTypeOf(kept.headers, body.encoding === 'text' ? body.text : null),
    body,
    head,
    oneOff: { ...target, profile: null, signing: null },
  };
  const notes = [
    ...(kept.leftOut.length === 0 ? [] : [`Left out, since they are about one connection: ${kept.leftOut.join(', ')}.`]),
    ...(head.method !== method.toUpperCase() ? [`Hookyard does not send ${method} requests, so this one is a POST.`] : []),
  ];
  return { draft, notes };
}
