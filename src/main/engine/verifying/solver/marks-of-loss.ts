import { Buffer } from 'node:buffer';
import type { HeaderField } from '#shared/contract/common.ts';
import { readHeader } from '../../signing/header-values.ts';
import type { SolverProblem } from './problem.ts';

/**
 * Signs that something was lost or masked before the request came here, each as a sentence; and, where a signature was compared, of secrets
 * that are often mixed up.
 */
export function seenIn(problem: SolverProblem, isCompared: boolean): readonly string[] {
  const { body, headers } = problem.request;
  return [...seenInBody(body), ...seenInHeaders(headers), ...(isCompared ? seenInSecrets(problem) : [])];
}

/** What printing and logs write in place of the rest of a body. */
const cutMarks: readonly (readonly [RegExp, string])[] = [
  [
    /\[Object\]|\[Array\]/,
    'The body holds [Object] or [Array], where a program printed no deeper: ask for it printed whole, or better as raw bytes.',
  ],
  [
    /\.\.\.\s*\d* more (?:items?|bytes?|characters?)/,
    'The body holds "... more", where a program printed no further: ask for the whole body as raw bytes.',
  ],
  [
    /[[(<]\s*(?:truncated|cut|snip(?:ped)?|omitted)\b[^\])>]*[\])>]\s*$/i,
    'The body ends in a mark that says it was cut: ask for the whole body.',
  ],
  [/(?:\.\.\.|\u2026)\s*$/, 'The body ends in dots, as cut text does: ask for the whole body.'],
  [
    /\*{4,}|\[redacted\]|\[filtered\]|<redacted>/i,
    'A part of the body seems to be masked (**** or [REDACTED]): ask for the body as it was sent.',
  ],
];

/** How much of each end of a body is searched for marks. */
const seenBytes = 32_768;

function seenInBody(body: Uint8Array): readonly string[] {
  const buffer = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const text =
    body.byteLength <= seenBytes * 2
      ? buffer.toString('utf8')
      : `${buffer.toString('utf8', 0, seenBytes)}${buffer.toString('utf8', body.byteLength - seenBytes)}`;
  const marks = cutMarks.flatMap(([mark, sentence]) => (mark.test(text) ? [sentence] : [])).slice(0, 2);
  const isOpen = /^\s*[{[]/.test(text.slice(0, 100)) && !/[}\]]\s*$/.test(text.slice(-100));
  return marks.length === 0 && isOpen
    ? ['The body begins as JSON and does not end as one: ask for the whole body, which seems to be cut.']
    : marks;
}

function seenInHeaders(headers: readonly HeaderField[]): readonly string[] {
  return headers
    .filter(
      ([name, value]) =>
        /sign|hmac|digest|mac$/i.test(name) && /\*{3,}|x{8,}|\u2022{3,}|\.{3}|\u2026|\[(?:redacted|filtered)|<redacted/i.test(value),
    )
    .slice(0, 1)
    .map(
      ([name]) => `The signature in ${name} is masked or cut: ask for the header as it was sent. It is no secret, and can be sent openly.`,
    );
}

/** Kinds of secrets that look alike and come from different places. */
function seenInSecrets({ secrets, request }: SolverProblem): readonly string[] {
  if (readHeader(request.headers, 'stripe-signature') === null) return [];
  const isOfCli = secrets.some(({ text }) => /^whsec_[0-9a-f]{64}$/.test(text));
  return [
    isOfCli
      ? 'The secret looks like that of the Stripe CLI (stripe listen): an endpoint of the dashboard has another one, shown at the endpoint as its signing secret.'
      : 'Stripe has a signing secret for each endpoint, one for test and one for live mode, and another for stripe listen: take that of the endpoint which sent this.',
  ];
}
