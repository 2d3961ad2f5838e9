import type { Verification } from '#shared/contract/verifying.ts';
import { fingerprintOf } from '../../signing/secret.ts';
import type { VerifyInput } from '../../signing/scheme.ts';
import { ofCauses, shareOf, type Level, type SharedBodies } from './candidates.ts';
import type { BodyVariant } from './body/body-variants.ts';
import { costOf, type Cause } from './cause.ts';
import { diffBodies } from './body-diff.ts';
import type { FarFetched } from './far-fetched.ts';
import { fixOfVerdict } from './fix.ts';
import { inputOf, isTimely, type VerdictFrame } from './frame.ts';
import { countTry, explained, keepMatch, type SearchState } from './search-state.ts';
import { secretTexts, type SecretText } from './secret/secret-variants.ts';
import { otherUrlPairs, otherUrls } from './string/string-urls.ts';

/** A changed request to get a verdict on. */
export interface Attempt {
  readonly secrets: readonly SecretText[];
  readonly body: BodyVariant;
  readonly url: string | null;
  readonly causes: readonly Cause[];
}

/** Tries changes of body, secret and URL with a scheme that can only give verdicts. */
export function* searchVerdicts(frame: VerdictFrame, level: Level, bodies: SharedBodies, state: SearchState): Generator<void, void, void> {
  const tryOne = attempter(frame, state);
  for (const attempt of shareOf(attempts(level, bodies, state), state.share, level)) {
    tryOne(attempt);
    yield;
  }
  if (level !== 2) return;
  // These are already this thread's share.
  for (const some of [bodies.pairs(), bodies.late()])
    for (const body of some) {
      tryOne({ secrets: [], body, url: state.problem.request.url, causes: body.causes });
      yield;
    }
}

/** Gets the verdict on one variant after the other, and keeps the matches. */
export function attempter(frame: VerdictFrame, state: SearchState): (attempt: Attempt) => void {
  const { problem } = state;
  const texts = secretTexts(problem.secrets);
  const input = withOwnClock(
    frame,
    inputOf(problem, frame.options),
    texts.map(({ text }) => text),
  );
  const given = texts.filter(({ causes }) => causes.length === 0);
  return (attempt) => {
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
  };
}

/** Two changes that `searchVerdicts` leaves out, in no order. */
export function farFetchedVerdicts(bodies: SharedBodies, { problem: { request } }: SearchState): readonly FarFetched<Attempt>[] {
  const { url } = request;
  const ofBodies = bodies.farFetched().map(({ cost, make }): FarFetched<Attempt> => ({
    kinds: ['body', 'body'],
    cost,
    make: () => {
      const body = make();
      return body === null ? null : { secrets: [], body, url, causes: body.causes };
    },
  }));
  const urls = url === null ? [] : otherUrls(url, request);
  const ofUrls = urls.flatMap((other) =>
    [...bodies.singles()].map((body): FarFetched<Attempt> => {
      const causes = [...other.causes, ...body.causes];
      return { kinds: ['string', 'body'], cost: costOf(causes), make: () => ({ secrets: [], body, url: other.url, causes }) };
    }),
  );
  return [...ofBodies, ...ofUrls];
}

function* attempts(level: Level, bodies: SharedBodies, { problem }: SearchState): Generator<Attempt, void, void> {
  const { url } = problem.request;
  const { received } = bodies;
  const texts = secretTexts(problem.secrets);
  const [once, twice] = [ofCauses(texts, 1), ofCauses(texts, 2)];
  const urls = url === null ? [] : otherUrls(url, problem.request);
  if (level === 0) return yield { secrets: [], body: received, url, causes: [] };
  if (level === 1) {
    for (const text of once) yield { secrets: [text], body: received, url, causes: text.causes };
    for (const other of urls) yield { secrets: [], body: received, url: other.url, causes: other.causes };
    for (const body of bodies.singles()) yield { secrets: [], body, url, causes: body.causes };
    return;
  }
  for (const other of url === null ? [] : otherUrlPairs(url, problem.request))
    yield { secrets: [], body: received, url: other.url, causes: other.causes };
  for (const text of twice) yield { secrets: [text], body: received, url, causes: text.causes };
  for (const text of once) {
    for (const other of urls) yield { secrets: [text], body: received, url: other.url, causes: [...text.causes, ...other.causes] };
    for (const body of bodies.singles()) yield { secrets: [text], body, url, causes: [...text.causes, ...body.causes] };
  }
}

/** Takes the clock from the request, so that an old one is judged only by its signature. */
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
    ...explained(attempt.causes, null, frame.judge),
    scheme: frame.scheme.id,
    comparedBytes: null,
    secretFingerprint: secret === undefined ? '' : fingerprintOf(secret.source),
    secretLabel: secret?.making.label ?? '',
    signed:
      verification.signedBase64 === null || matches.length > 0 ? null : { base64: verification.signedBase64, parts: verification.parts },
    unchanged: null,
    expected: verification.expectedSignatures[verification.matchedSecret ?? 0] ?? received,
    received,
    bodyDiff: diffBodies(problem.request.body, attempt.body.bytes),
    fix: fixOfVerdict(
      { frame, body: attempt.body.bytes, url: attempt.url, making: secret?.making ?? null, causes: attempt.causes },
      problem,
      matches.length === 0,
    ),
  };
}
