import { Buffer } from 'node:buffer';
import type { SolverUntried } from '#shared/contract/solving.ts';
import { recogniseScheme } from '#shared/recognise/recognise-scheme.ts';
import { readHeader } from '../../signing/header-values.ts';
import { findScheme } from '../../signing/registry.ts';
import { proofBytes } from './signature/comparison.ts';
import { hasSignature, type Frame } from './frame.ts';
import { seenIn } from './marks-of-loss.ts';
import type { SolverProblem } from './problem.ts';
import type { SearchState } from './search-state.ts';

/** What to ask the customer for when nothing was proven, the most useful first. */
export function adviceFor(
  problem: SolverProblem,
  frames: readonly Frame[],
  state: SearchState,
  untried: readonly SolverUntried[],
): readonly string[] {
  const { request, secrets } = problem;
  const advice: string[] = [];
  const mac = frames.filter((frame) => frame.kind === 'mac');
  advice.push(...seenIn(problem));
  if (secrets.length === 0) advice.push('Give the secret that the receiver verifies with, or choose the endpoint whose secret it is.');
  const unsupported =
    problem.options === null ? recogniseScheme(request).find(({ scheme }) => findScheme(scheme) === undefined) : undefined;
  if (unsupported !== undefined && !frames.some(hasSignature))
    advice.push(
      `${unsupported.because} Nothing here can compute that signature: check it with the library or the documentation of the sender.`,
    );
  else if (frames.length === 0) advice.push('Ask for all headers of the request: none of a known signature scheme is among them.');
  else if (frames.every(isTooShort))
    advice.push(
      'Ask for the signature header, whole and as it was received: what is there of a signature in these headers is too short to compare, or none.',
    );
  if (mac.some(({ parts }) => parts === null))
    advice.push('Ask for all headers and the URL of the request: some of what the scheme signs is missing.');
  const announced = Number(readHeader(request.headers, 'content-length')?.text ?? Number.NaN);
  if (Number.isSafeInteger(announced) && announced > request.body.byteLength)
    advice.push(`Ask for the whole body: it has ${request.body.byteLength} bytes here, but Content-Length says ${announced}.`);
  if (Buffer.from(request.body).includes('\ufffd'))
    advice.push(
      'Ask for the body as bytes (a file or a capture): it holds replacement characters (\ufffd), so some of its letters were lost for good.',
    );
  else
    advice.push(
      'Ask for the body as the receiver got it, as a file or a capture and not as copied text, and for how it is read before verification.',
    );
  advice.push(
    'Compare the fingerprint of the secret at the sender with the one here: the sender may sign with a secret that is not among those tried.',
  );
  if (request.url === null) advice.push('Give the URL as the sender was given it, in case it is part of what is signed.');
  if (untried.some(({ why }) => why === 'time' || why === 'count'))
    advice.push(
      untried.every(({ phase }) => phase === 'far-fetched pairs')
        ? 'Only far-fetched pairs of changes are left to try: allow the search more time to have them tried, too.'
        : 'The search ended before everything was tried: allow it more time, or give it fewer secrets.',
    );
  return state.matches.length > 0
    ? ['Ask for the whole signature: what is there of it is too short to prove anything.', ...advice]
    : advice;
}

/** Whether what is there of a signature could prove nothing. */
function isTooShort(frame: Frame): boolean {
  return frame.kind === 'verdict' ? !frame.isReadable : frame.tokens.every((token) => token.mac.byteLength < proofBytes);
}
