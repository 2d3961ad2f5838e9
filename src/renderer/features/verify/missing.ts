import type { InputReading } from './verify-input.ts';

/** What is missing before a request can be checked, and in which field. */
export interface Missing {
  readonly field: 'head' | 'body' | 'clock';
  readonly message: string;
}

/** Why there is nothing to check yet. */
export function missingIn({ header, body, clock }: InputReading): Missing {
  if (!body.ok) return { field: 'body', message: `The body cannot be read. ${body.message}` };
  if (!clock.ok) return { field: 'clock', message: `The receiver's clock cannot be read. ${clock.message}` };
  return header.problems.length === 0
    ? { field: 'head', message: 'There is no request to check yet. Paste one, or at least its headers.' }
    : { field: 'head', message: 'No header could be read. Write each as Name: value, or paste the request as it came.' };
}
