import { Buffer } from 'node:buffer';
import type { HeaderField } from '#shared/contract/common.ts';
import { stringCause, type RequestFacts, type StringStep } from './string-steps.ts';

/** A timestamp inside another header, such as `t=` in the signature header. */
export interface TimeInHeader {
  readonly header: string;
  /** Such as `t=`; empty when the value begins with the timestamp. */
  readonly label: string;
  readonly value: string;
}

/** Timestamps inside the headers that look like those of a signature. */
export function timesInHeaders(headers: readonly HeaderField[]): readonly TimeInHeader[] {
  return headers
    .filter(([name]) => /sign|hmac|mac$|digest|hash|webhook/i.test(name))
    .flatMap(([header, text]) =>
      [...text.slice(0, 2000).matchAll(/(?:^|[,;\s])(?:(t|ts|time|timestamp)=)?(\d{10}(?:\d{3})?)(?=[,;.\s]|$)/gi)].map((match) => ({
        header,
        label: match[1] === undefined ? '' : `${match[1]}=`,
        value: match[2] ?? '',
      })),
    )
    .slice(0, 3);
}

/** Takes the timestamp of the signed string from inside another header, when the receiver's timestamp header is missing. */
export function timeInHeaderSteps(missing: ReadonlySet<string>, { headers }: RequestFacts): readonly StringStep[] {
  if (!missing.has('timestamp')) return [];
  return timesInHeaders(headers).map(({ header, label, value }): StringStep => ({
    cause: stringCause(
      'time',
      'timestamp-in-header',
      0.9,
      `the timestamp is taken from ${label === '' ? 'the beginning of' : `${label} in`} ${header}`,
      'the sender puts its timestamp into the header of the signature, and the receiver looks for it in a header of its own',
      `Read the timestamp from ${header}, as text, and sign with it.`,
    ),
    family: 'time',
    supplies: 'timestamp',
    apply: (parts) => parts.map((part) => (part.name === 'timestamp' ? { ...part, bytes: Buffer.from(value) } : part)),
  }));
}
