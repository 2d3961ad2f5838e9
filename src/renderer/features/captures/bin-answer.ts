import { durationText } from '#shared/duration-text.ts';
import type { BinResponse } from '#shared/contract/bin-response.ts';
import { wireFaultText } from '#shared/wire-fault-words.ts';
import { bytesText } from '../../base/size-format.ts';

/** Names of the statuses that bins answer with most. */
const reasons: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  204: 'No Content',
  301: 'Moved Permanently',
  302: 'Found',
  304: 'Not Modified',
  307: 'Temporary Redirect',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  408: 'Request Timeout',
  409: 'Conflict',
  410: 'Gone',
  413: 'Content Too Large',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

/** A status with its name, if it has a common one: `503 Service Unavailable`. */
export function statusText(status: number): string {
  const reason = reasons[status];
  return reason === undefined ? String(status) : `${status} ${reason}`;
}

/** What the next request to a bin will get, in one line. */
export function answerText(response: BinResponse): string {
  const size = new TextEncoder().encode(response.body).length;
  const isFilledIn = response.isTemplate && /\{[{%]/.test(response.body);
  const body = size === 0 ? 'no body' : isFilledIn ? 'a body from the template' : `a body of ${bytesText(size)}`;
  const count = Object.values(response.headers).flat().length;
  const headers = count === 0 ? '' : `, ${count} ${count === 1 ? 'header' : 'headers'}`;
  const delay = response.delayMs === 0 ? 'at once' : `after ${durationText(response.delayMs)}`;
  const fault = response.fault === null ? '' : `, with a fault: ${wireFaultText(response.fault)}`;
  return `${statusText(response.status)} with ${body}${headers}, ${delay}${fault}`;
}

/** A command that sends a first request to a bin. */
export function binCurl(url: string): string {
  return `curl -d '{"hello":"world"}' -H 'Content-Type: application/json' ${url}`;
}
