import { Buffer } from 'node:buffer';
import type { HeaderField } from '#shared/contract/common.ts';
import { stringCause, type RequestFacts, type StringStep } from './string-steps.ts';

/** A timestamp that stands inside another header, such as `t=` in that of the signature. */
export interface TimeInHeader {
  readonly header: string;
  /** Such as `t=`; empty where the value begins with it. */
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

/** The timestamp of the signed string taken from inside a header, where the header that the receiver expects it in is not there. */
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
