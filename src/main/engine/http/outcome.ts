import type { Outcome, OutcomeCode, TimeoutPhase } from '#shared/contract/outcome.ts';
import { isSuccess } from '#shared/contract/success-rule.ts';
import { isRedirect } from '#shared/retry-rules.ts';
import { beyondLoopbackCode } from './loopback.ts';
import { isTlsCode, tlsSentence, type CertificateFacts } from './tls-reasons.ts';

/** What is known of an attempt that ended in an error. */
export interface Failure {
  readonly kind: 'failure';
  /** `error.code`, or null where the error has none. */
  readonly errorCode: string | null;
  /** How far the attempt had come. */
  readonly phase: TimeoutPhase;
  /** Addresses that were tried, when connecting failed. */
  readonly addresses: readonly string[];
  /** Status of the answer, if its headers had arrived. */
  readonly status: number | null;
  /** Whether any byte of the answer had arrived. */
  readonly hasAnswerBegun: boolean;
  /** Whether the receiver closed the connection properly. */
  readonly isClosedByReceiver: boolean;
  readonly isReusedConnection: boolean;
  /** The parser's message on what is wrong with the answer; null for other errors. */
  readonly detail: string | null;
  /** Whether the receiver answered plain HTTP with TLS bytes. */
  readonly isTlsAnswer: boolean;
  readonly certificate: CertificateFacts | null;
}

/** All ways in which an attempt that reached the sender can end. */
export type AttemptEnd =
  | Failure
  | {
      readonly kind: 'response';
      readonly status: number;
      readonly reason: string;
      /** Value of its Location header, or null. */
      readonly location: string | null;
      readonly successRule: string;
    }
  | { readonly kind: 'timeout'; readonly phase: TimeoutPhase; readonly timeoutMs: number; readonly status: number | null }
  /** The proxy did not connect to the receiver; `problem` completes a sentence that begins with its name. */
  | { readonly kind: 'proxy'; readonly proxy: string; readonly code: string; readonly problem: string }
  /** The body of the answer is longer than what the sender reads. */
  | { readonly kind: 'overlong'; readonly status: number; readonly limitBytes: number }
  /** The answer has an invalid status. */
  | { readonly kind: 'statusless'; readonly status: number }
  /** The request cannot be sent as it is. */
  | { readonly kind: 'unsendable'; readonly message: string }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'interrupted' };

/** The outcome of an attempt. `target` is host and port, as in `example.com:443`. */
export function outcomeOf(target: string, end: AttemptEnd): Outcome {
  switch (end.kind) {
    case 'response':
      return responseOutcome(target, end);
    case 'timeout':
      return { ...plainOutcome('timeout', timeoutSentence(target, end.phase, end.timeoutMs), null, end.status), phase: end.phase };
    case 'proxy':
      return plainOutcome('proxy', `The proxy ${end.proxy} ${end.problem}`, end.code);
    case 'overlong':
      return plainOutcome(
        'incomplete',
        `${target} answered ${end.status}, but its body went on past ${sizeText(end.limitBytes)}, where Hookyard stops reading: let the receiver answer with a short body.`,
        null,
        end.status,
      );
    case 'statusless':
      return plainOutcome(
        'protocol',
        `${target} answered with the status ${String(end.status).padStart(3, '0')}, which HTTP does not have: let the receiver answer with one from 200 to 599.`,
        'STATUS',
      );
    case 'unsendable':
      return policyOutcome(end.message);
    case 'cancelled':
      return cancelledOutcome();
    case 'interrupted':
      return interruptedOutcome();
    case 'failure':
      return failureOutcome(target, end);
  }
}

function sizeText(bytes: number): string {
  return bytes < 1_048_576 ? `${bytes / 1024} KiB` : `${bytes / 1_048_576} MiB`;
}

/** The body could not be rendered; `message` is a sentence that says where and why. */
export function templateOutcome(message: string, reason: string | null = null): Outcome {
  return plainOutcome('template', message, reason);
}

/** A rule of the endpoint forbids the request; `message` is a sentence that says what to change. */
export function policyOutcome(message: string): Outcome {
  return plainOutcome('policy', message);
}

/** Somebody cancelled the attempt. */
export function cancelledOutcome(): Outcome {
  return plainOutcome('cancelled', 'The attempt was cancelled before its answer was complete.');
}

/** The process ended while the attempt was under way. */
export function interruptedOutcome(): Outcome {
  return plainOutcome('interrupted', 'Hookyard stopped while this attempt was under way; the receiver may have handled it.');
}

/** An outcome without a phase, and without omitted fields. */
export function plainOutcome(code: OutcomeCode, message: string, reason: string | null = null, status: number | null = null): Outcome {
  return { code, message, status, phase: null, reason };
}

function responseOutcome(target: string, end: AttemptEnd & { readonly kind: 'response' }): Outcome {
  const answer = `${target} answered ${end.status}${end.reason === '' ? '' : ` ${end.reason}`}`;
  if (isSuccess(end.successRule, end.status)) return plainOutcome('ok', `${answer}.`, null, end.status);
  if (isRedirect(end.status)) {
    const why =
      end.location === null
        ? "without saying where to: let the receiver send a Location header, or put the final address in the endpoint's URL."
        : `to ${end.location}, which this endpoint does not follow: put the final address in its URL, or let it follow redirects.`;
    return plainOutcome('redirect', `${answer} and redirected ${why}`, null, end.status);
  }
  return plainOutcome(
    'http_status',
    `${answer}, which the success rule ${end.successRule} does not count as delivered${statusHint(end.status)}.`,
    null,
    end.status,
  );
}

function statusHint(status: number): string {
  if (status >= 600) return ': HTTP has no such status, so correct the receiver';
  if (status >= 500) return ": the receiver's own log says why";
  switch (status) {
    case 400:
    case 422:
      return ': compare body, headers and signature with what the receiver expects';
    case 401:
    case 403:
      return ': check the signing secret and the credentials in the secret headers';
    case 404:
    case 410:
      return ': check the path of the URL';
    case 405:
      return ': check the method';
    case 408:
      return ': the receiver stopped waiting for the request';
    case 413:
      return ": the body is over the receiver's limit";
    case 415:
      return ': check the content type';
    case 429:
      return ': the receiver asks for fewer requests';
    default:
      return '';
  }
}

function timeoutSentence(target: string, phase: TimeoutPhase, timeoutMs: number): string {
  const within = `within ${timeoutMs} ms`;
  switch (phase) {
    case 'dns':
      return `The name in ${target} could not be looked up ${within}: check the DNS of this machine.`;
    case 'connect':
      return `${target} did not accept a connection ${within}: the host is down, or a firewall drops the packets.`;
    case 'tls':
      return `${target} accepted the connection but did not finish the TLS handshake ${within}: check that this port speaks TLS.`;
    case 'request':
      return `${target} did not take in the whole request ${within}: it has stopped reading, or the network is slow.`;
    case 'response':
      return `${target} took the request but did not answer ${within}: let the receiver answer first and work afterwards, or raise the timeout.`;
    case 'body':
      return `${target} began to answer but did not finish the body ${within}: let the receiver end its answer, or raise the timeout.`;
  }
}

/** The code for an answer that could not be parsed. */
export const parserErrorCode = 'HTTPParserError';

const dnsCodes: ReadonlySet<string> = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'EAI_NODATA',
  'EAI_NONAME',
  'ENODATA',
  'ESERVFAIL',
  'EBADNAME',
]);
const unreachableCodes: ReadonlySet<string> = new Set([
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'EACCES',
  'EPERM',
]);
const resetCodes: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ENOTCONN']);
const lengthMismatch = 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH';
const incompleteCodes: ReadonlySet<string> = new Set([lengthMismatch, 'HPE_INVALID_EOF_STATE']);
/** Codes whose meaning depends on whether the receiver had closed the connection. */
const brokenAnswerCodes: ReadonlySet<string> = new Set(['UND_ERR_SOCKET', parserErrorCode]);

function failureOutcome(target: string, failure: Failure): Outcome {
  const code = failure.errorCode ?? '';
  const make = (outcomeCode: OutcomeCode, message: string) => plainOutcome(outcomeCode, message, failure.errorCode, failure.status);
  if (code === beyondLoopbackCode)
    return make(
      'policy',
      `Nothing was sent to ${target}${tried(target, failure.addresses)}: an agent had this sent, and agents may send to loopback addresses of this machine only. Send it yourself, or start Hookyard with --agent-targets any.`,
    );
  if (dnsCodes.has(code)) return make('dns', dnsSentence(target, code));
  if (code === 'ECONNREFUSED')
    return make(
      'refused',
      `${target} refused the connection${tried(target, failure.addresses)}: nothing is listening on that port. Start the receiver or correct the port.`,
    );
  if (code === 'ETIMEDOUT')
    return {
      ...make(
        'timeout',
        `${target} did not answer${tried(target, failure.addresses)} before the system gave up: the host is down, or a firewall drops the packets.`,
      ),
      phase: failure.phase,
    };
  if (unreachableCodes.has(code))
    return make(
      'unreachable',
      `${target} cannot be reached from this machine${tried(target, failure.addresses)} (${code}): check the address, the network and any VPN or firewall.`,
    );
  if (isTlsCode(code) || failure.phase === 'tls') return make('tls', tlsSentence(target, code, failure.certificate));
  // Before the headers are complete there is no body that could be too short: the headers contradict each other.
  if (code === lengthMismatch && failure.status === null)
    return make(
      'protocol',
      `${target} answered with headers that do not agree on how long its body is: let the receiver send one content-length, or transfer-encoding: chunked alone.`,
    );
  if (incompleteCodes.has(code) || (brokenAnswerCodes.has(code) && failure.isClosedByReceiver && failure.hasAnswerBegun))
    return make('incomplete', incompleteSentence(target, failure.status));
  if (resetCodes.has(code) || (code === 'UND_ERR_SOCKET' && failure.isClosedByReceiver))
    return make('reset', resetSentence(target, failure));
  if (
    code === parserErrorCode ||
    code.startsWith('HPE_') ||
    code === 'UND_ERR_HEADERS_OVERFLOW' ||
    (code === 'UND_ERR_SOCKET' && failure.hasAnswerBegun)
  )
    return make('protocol', protocolSentence(target, failure));
  if (code === 'UND_ERR_INVALID_ARG' || code === 'UND_ERR_NOT_SUPPORTED')
    return make('policy', `The request to ${target} cannot be sent as HTTP/1.1: check its method, URL and headers.`);
  return make(
    'unknown',
    `The attempt at ${target} failed for a reason Hookyard does not know (${failure.errorCode ?? 'no error code'}); its log has the details.`,
  );
}

/** Names the addresses behind a host name; a host that is its own address is not said twice. */
function tried(target: string, addresses: readonly string[]): string {
  const others = [...new Set(addresses)].filter((address) => !target.startsWith(`${address}:`) && !target.startsWith(`[${address}]:`));
  return others.length === 0 ? '' : ` on ${others.join(' and ')}`;
}

function dnsSentence(target: string, code: string): string {
  if (code === 'EAI_AGAIN' || code === 'ESERVFAIL')
    return `The name in ${target} could not be looked up, because the DNS server did not answer (${code}): check the network of this machine.`;
  return `The name in ${target} has no address (${code}): check its spelling, and that this machine's DNS knows it.`;
}

function resetSentence(target: string, failure: Failure): string {
  const how = failure.isClosedByReceiver ? 'closed' : 'reset';
  if (failure.status !== null)
    return `${target} ${how} the connection in the middle of its ${failure.status} answer: look for a crash in the receiver's log.`;
  if (failure.hasAnswerBegun)
    return `${target} ${how} the connection in the middle of its answer's headers: look for a crash in the receiver's log.`;
  if (failure.isReusedConnection)
    return `${target} ${how} a connection kept from an earlier attempt without answering: it may have been closing idle connections, and whether it handled this request is not known.`;
  return `${target} ${how} the connection without answering: look for a crash in the receiver's log, or a proxy between that cuts it off.`;
}

function incompleteSentence(target: string, status: number | null): string {
  if (status === null)
    return `${target} closed the connection in the middle of its answer's headers: look for a crash in the receiver's log.`;
  return `${target} answered ${status} but closed the connection before the body was complete: check its content-length, and look for a crash in its log.`;
}

function protocolSentence(target: string, failure: Failure): string {
  if (failure.isTlsAnswer) return `${target} answered plain HTTP with TLS: use https:// in the URL.`;
  if (failure.errorCode === 'UND_ERR_HEADERS_OVERFLOW')
    return `${target} answered with more than 64 KiB of headers: let the receiver send fewer.`;
  if (failure.errorCode === 'UND_ERR_SOCKET')
    return `${target} answered with 100 Continue or a change of protocol that was not asked for: let the receiver answer with a final status.`;
  const detail = failure.detail === null ? '' : ` (${failure.detail})`;
  if (failure.status !== null)
    return `${target} answered ${failure.status}, but what followed is not HTTP/1.1${detail}: look at how the receiver, or a proxy between, marks where its body ends.`;
  return `${target} answered with something that is not HTTP/1.1${detail}: check what the receiver writes, and that this port belongs to an HTTP server.`;
}
