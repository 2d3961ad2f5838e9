import { Buffer } from 'node:buffer';
import type { SolverUntried } from '#shared/contract/solving.ts';
import { recogniseScheme } from '#shared/recognise/recognise-scheme.ts';
import { tokenSchemeIds } from '#shared/contract/scheme-facts.ts';
import { readHeader } from '../../signing/header-values.ts';
import { findScheme } from '../../signing/registry.ts';
import { writtenForm } from '../../signing/written-form.ts';
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
  const isCompared = frames.some((frame) => hasSignature(frame) && !isTooShort(frame));
  const unsupported =
    problem.options === null ? recogniseScheme(request).find(({ scheme }) => findScheme(scheme) === undefined) : undefined;
  if (unsupported !== undefined && !frames.some(hasSignature))
    return [
      ...seenIn(problem, isCompared),
      `${unsupported.because} Nothing here can compute that signature: check it with the library or the documentation of the sender.`,
    ];
  const advice = [
    ...seenIn(problem, isCompared),
    ...(secrets.length === 0 ? ['Give the secret that the receiver verifies with, or choose the endpoint whose secret it is.'] : []),
    ...onHeaders(frames),
    ...onBody(problem, frames),
    ...(isCompared || frames.length === 0 ? onSecret(frames) : []),
    ...(request.url === null && !frames.every(isOfToken)
      ? ['Give the URL as the sender was given it, in case it is part of what is signed.']
      : []),
    ...onTime(untried),
  ];
  return state.matches.length > 0
    ? ['Ask for the whole signature: what is there of it is too short to prove anything.', ...advice]
    : advice;
}

function onHeaders(frames: readonly Frame[]): readonly string[] {
  const advice: string[] = [];
  if (frames.length === 0) advice.push('Ask for all headers of the request: none of a known signature scheme is among them.');
  else if (frames.every(isTooShort)) advice.push(onUnread(frames));
  if (frames.some((frame) => frame.kind === 'mac' && frame.parts === null))
    advice.push('Ask for all headers and the URL of the request: some of what the scheme signs is missing.');
  return advice;
}

/** A whole signature in a form that cannot be read is another fault than one that is cut or masked. */
function onUnread(frames: readonly Frame[]): string {
  const unread = frames.map((frame) => ({ frame, verdict: frame.judge() })).find(({ verdict }) => verdict.reason === 'header_malformed');
  const problem = unread?.verdict.checks.find(({ name, result }) => name === 'signature' && result === 'failed')?.message ?? '';
  if (unread !== undefined && unread.verdict.receivedSignatures.some((text) => wholeSignature.test(text)))
    return `${problem} A whole signature is there, but not in the form of the scheme: have the sender write ${writtenForm(unread.frame.options)}, or see what puts the header together on the way.`;
  return 'Ask for the signature header, whole and as it was received: what is there of a signature in these headers is too short to compare, or none.';
}

/** As many digits as an HMAC has, in hex or base64. */
const wholeSignature = /[0-9a-f]{40,}|[A-Za-z0-9+/_-]{43}/i;

function onBody({ request }: SolverProblem, frames: readonly Frame[]): readonly string[] {
  if (frames.length > 0 && frames.every(isOfToken)) return [];
  if (frames.length > 0 && frames.every(({ scheme }) => scheme.id === 'mailgun'))
    return [
      'Ask for the fields timestamp, token and signature as they were received: Mailgun signs the first two, and nothing else of the body.',
    ];
  const announced = Number(readHeader(request.headers, 'content-length')?.text ?? Number.NaN);
  const isCut = Number.isSafeInteger(announced) && announced > request.body.byteLength;
  // Whoever pasted headers alone is not helped by advice on how bodies get changed.
  if (request.body.byteLength === 0 && !isCut)
    return ['There is no body here: ask for it as the receiver got it, as a file or a capture, unless the request was sent without one.'];
  return [
    ...(isCut ? [`Ask for the whole body: it has ${request.body.byteLength} bytes here, but Content-Length says ${announced}.`] : []),
    Buffer.from(request.body).includes('\ufffd')
      ? 'Ask for the body as bytes (a file or a capture): it holds replacement characters (\ufffd), so some of its letters were lost for good.'
      : 'Ask for the body as the receiver got it, as a file or a capture and not as copied text, and for how it is read before verification.',
  ];
}

function onSecret(frames: readonly Frame[]): readonly string[] {
  // A signature that matches beside a digest that does not shows that the secret is right.
  if (frames.some((frame) => frame.causes.length === 0 && frame.judge().matchedSignature !== null)) return [];
  const does =
    frames.length > 0 && frames.every(isOfToken) ? 'send another secret than those' : 'sign with a secret that is not among those';
  return [`Compare the fingerprint of the secret at the sender with the one here: the sender may ${does} tried.`];
}

function onTime(untried: readonly SolverUntried[]): readonly string[] {
  if (!untried.some(({ why }) => why === 'time' || why === 'count')) return [];
  return [
    untried.every(({ phase }) => phase === 'far-fetched pairs')
      ? 'Only far-fetched pairs of changes are left to try: allow the search more time to have them tried, too.'
      : 'The search ended before everything was tried: allow it more time, or give it fewer secrets.',
  ];
}

/** Whether the secret itself is sent, so that nothing of the request is signed. */
function isOfToken({ options }: Frame): boolean {
  return tokenSchemeIds.some((id) => id === options.scheme);
}

/** Whether what is there of a signature could prove nothing. */
function isTooShort(frame: Frame): boolean {
  return frame.kind === 'verdict' ? !frame.isReadable : frame.tokens.every((token) => token.mac.byteLength < proofBytes);
}
