import type { CheckExchange } from '#shared/contract/checks.ts';
import { sendPaced, type PacedOptions, type PacedWire } from '../http/paced-request.ts';
import type { WireRequest } from '../http/sender.types.ts';
import type { AuthenticatedTarget } from '../request/authenticator.ts';
import { shownHeaders } from '../request/shown-headers.ts';
import { maskUrlSecrets } from '../request/url-secrets.ts';
import { shownBody } from './send.ts';

/** Answers' bytes that are kept to be shown. */
const keptBytes = 65_536;

/** Sends one request in a way of its own, past the log, and shows it as the log would: without secrets. */
export async function sendInOwnWay(
  request: WireRequest,
  wire: PacedWire,
  ready: AuthenticatedTarget,
  options: Omit<PacedOptions, 'keptBytes' | 'successRule' | 'verifyTls' | 'tls'>,
): Promise<CheckExchange> {
  const { outcome, response, durationMs } = await sendPaced(request, wire, {
    ...options,
    keptBytes,
    successRule: ready.successRule,
    verifyTls: ready.verifyTls,
    tls: ready.tls,
  });
  return {
    deliveryId: null,
    sentHow: wireText(wire),
    request: {
      method: request.method,
      url: maskUrlSecrets(request.url, ready.urlSecrets),
      headers: [...shownHeaders(request.headers, ready, { hiddenFields: [] })],
      ...shownBody(request.body),
    },
    outcome: { ...outcome, message: maskUrlSecrets(outcome.message, ready.urlSecrets) },
    answer:
      response === null
        ? null
        : { status: response.status, headers: [...response.headers], ...shownBody(response.body, response.bodyBytes) },
    durationMs,
  };
}

function wireText({ framing, pieces, gapMs, cut }: PacedWire): string {
  const parts = [
    framing === 'chunked' ? 'the body in chunks' : null,
    pieces > 1 && gapMs > 0 ? `the body in ${pieces} pieces, ${gapMs} ms apart` : null,
    cut === 'within-body' ? 'the connection cut within the body' : null,
    cut === 'before-answer' ? 'the connection cut before the answer was read' : null,
  ];
  return parts.filter((part) => part !== null).join(', ');
}
