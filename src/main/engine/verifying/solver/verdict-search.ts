import type { Verification } from '#shared/contract/verifying.ts';
import { fingerprintOf } from '../../signing/secret.ts';
import type { VerifyInput } from '../../signing/scheme.ts';
import { shareOf, type Level, type SharedBodies } from './candidates.ts';
import type { BodyVariant } from './body-variants.ts';
import type { Cause } from './cause.ts';
import { diffBodies } from './body-diff.ts';
import { inputOf, isTimely, type VerdictFrame } from './frame.ts';
import { countTry, explained, keepMatch, type SearchState } from './search-state.ts';
import { secretTexts, type SecretText } from './secret-variants.ts';
import { otherUrls, urlCause } from './string-urls.ts';

/** Verdicts are slower than MACs, so that pairs of body changes end here. */
const pairLimit = 200;

interface Attempt {
  readonly secrets: readonly SecretText[];
  readonly body: BodyVariant;
  readonly url: string | null;
  readonly causes: readonly Cause[];
}

/** Tries changes of body, secret and URL on a scheme that can only be asked for its verdict. */
export function* searchVerdicts(frame: VerdictFrame, level: Level, bodies: SharedBodies, state: SearchState): Generator<void, void, void> {
  const { problem } = state;
  const input = withOwnClock(
    frame,
    inputOf(problem, frame.options),
    secretTexts(problem.secrets).map(({ text }) => text),
  );
  const given = secretTexts(problem.secrets).filter(({ causes }) => causes.length === 0);
  for (const attempt of shareOf(attempts(level, bodies, state), state.share, level)) {
    const causes = [...frame.causes, ...attempt.causes];
    countTry(state, causes);
    const secrets = attempt.secrets.length === 0 ? given : attempt.secrets;
    const verification = frame.scheme.verify({
      ...input,
      secrets: secrets.map(({ text }) => text),
      body: attempt.body.bytes,
      url: attempt.url,
    });
    if (isMatch(verification)) keepMatch(matchOf(frame, verification, { ...attempt, secrets, causes }, state), state);
    yield;
  }
}

function* attempts(level: Level, bodies: SharedBodies, { problem }: SearchState): Generator<Attempt, void, void> {
  const { url } = problem.request;
  const { received } = bodies;
  const texts = secretTexts(problem.secrets).filter(({ causes }) => causes.length === 1);
  const urls = url === null ? [] : otherUrls(url, problem.request);
  if (level === 0) return yield { secrets: [], body: received, url, causes: [] };
  if (level === 1) {
    for (const text of texts) yield { secrets: [text], body: received, url, causes: text.causes };
    for (const other of urls) yield { secrets: [], body: received, url: other.url, causes: [urlCause(other.step)] };
    for (const body of bodies.singles()) yield { secrets: [], body, url, causes: body.causes };
    return;
  }
  for (const text of texts) {
    for (const other of urls) yield { secrets: [text], body: received, url: other.url, causes: [...text.causes, urlCause(other.step)] };
    for (const body of bodies.singles()) yield { secrets: [text], body, url, causes: [...text.causes, ...body.causes] };
  }
  let count = 0;
  for (const body of bodies.pairs()) {
    if ((count += 1) > pairLimit) return;
    yield { secrets: [], body, url, causes: body.causes };
  }
}

/** Reads the clock from the request, so that an old one is judged by its signature alone. */
function withOwnClock(frame: VerdictFrame, input: VerifyInput, secrets: readonly string[]): VerifyInput {
  const { timestampAgeSeconds } = frame.scheme.verify({ ...input, secrets });
  return timestampAgeSeconds === null ? input : { ...input, nowMs: Math.max(0, Math.round(input.nowMs - timestampAgeSeconds * 1000)) };
}

function isMatch(verification: Verification): boolean {
  return verification.verdict === 'valid' || (verification.matchedSignature !== null && isTimely(verification.reason));
}

function matchOf(frame: VerdictFrame, verification: Verification, attempt: Attempt, { problem, matches }: SearchState) {
  const secret = attempt.secrets[verification.matchedSecret ?? 0];
  const received = verification.receivedSignatures[verification.matchedSignature ?? 0] ?? '';
  return {
    ...explained(attempt.causes, null),
    scheme: frame.scheme.id,
    comparedBytes: null,
    secretFingerprint: secret === undefined ? '' : fingerprintOf(secret.source),
    secretLabel: secret?.label ?? '',
    signed:
      verification.signedBase64 === null || matches.length > 0 ? null : { base64: verification.signedBase64, parts: verification.parts },
    unchanged: null,
    expected: verification.expectedSignatures[verification.matchedSecret ?? 0] ?? received,
    received,
    bodyDiff: diffBodies(problem.request.body, attempt.body.bytes),
  };
}
