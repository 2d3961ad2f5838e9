import type { SolverEvent, SolverMatch, SolverProgress, SolverUntried } from '#shared/contract/solving.ts';
import { adviceFor } from './advice.ts';
import { computeMac } from './algorithms.ts';
import { createBodyVariants } from './body/body-variants.ts';
import { candidatesOf, shareBodies, shareOf, type Candidate, type Level, type SharedBodies } from './candidates.ts';
import { coverageOf } from './coverage.ts';
import { compareMac } from './signature/comparison.ts';
import { farFetchedOf, type FarFetched } from './far-fetched.ts';
import type { FamilyId } from './families.ts';
import { fixOfMac } from './fix.ts';
import type { FoundMac } from './fix-parts.ts';
import { framesOf, hasSignature, type Frame, type MacFrame } from './frame.ts';
import { diffBodies } from './body-diff.ts';
import { encodeBytes } from '../../signing/encoding.ts';
import { proposeCustom } from './proposal/propose.ts';
import { withoutOutvoted } from './recognised.ts';
import { wholeSearch, type SearchShare, type SolverBudget, type SolverProblem } from './problem.ts';
import { leftOutOfReadings } from './secret/secret-variants.ts';
import { aroundOf, fillParts } from './signed-parts.ts';
import { countTry, explained, inOrder, keepMatch, type SearchState } from './search-state.ts';
import { phases, untriedAfter, untriedForSize, untriedOfFamily, untriedPairs, untriedWithoutSignature } from './untried.ts';
import { attempter, farFetchedVerdicts, searchVerdicts } from './verdict-search.ts';

/** How often progress is reported; the budget is checked more often. */
const progressEveryMs = 50;
const matchLimit = 10;

/** A larger signed string is shown only for the first match. */
const shownBytes = 262_144;

const levels: readonly Level[] = [0, 1, 2];

/** Far-fetched pairs are dropped after this share of the time, so that nobody waits long for unlikely results. */
const farFetchedPart = 0.3;

/**
 * Searches for the smallest change of a request that makes one of its signatures match. Yields progress, at the end the
 * result. Pure but for the budget's clock and what other threads tell; the caller may stop between any two steps.
 */
export function* search(
  given: SolverProblem,
  budget: SolverBudget,
  share: SearchShare = wholeSearch(),
): Generator<SolverEvent, void, void> {
  const problem = withoutOutvoted(given);
  const state = createState(problem, budget, share);
  const frames = framesOf(problem);
  const bodies = shareBodies(createBodyVariants(problem.request.body, problem.request.headers, problem.sent), share);
  const untried = yield* searchAll(frames, bodies, state);
  yield resultOf(state, untried, budget.elapsedMs(), frames, bodies);
}

/** Goes through all phases; returns what it did not reach. */
function* searchAll(
  frames: readonly Frame[],
  bodies: SharedBodies,
  state: SearchState,
): Generator<SolverProgress, readonly SolverUntried[], void> {
  for (const level of levels) {
    state.level = level;
    yield progressOf(state);
    for (const frame of frames) yield* searchLevel(frame, bodies, state);
    if (isProposalDue(frames, state)) yield* searchProposal(state);
    const ending = state.ending() ?? (state.share.provenLevel() <= level ? 'match' : null);
    if (ending !== null) return [untriedAfter(phases[level], ending)];
  }
  state.level = 3;
  yield progressOf(state);
  const left = yield* searchFarFetched(frames, bodies, state);
  const bodyBytes = state.problem.request.body.byteLength;
  if (!frames.some(hasSignature)) return [untriedWithoutSignature()];
  return [
    ...(bodies.isLimited() ? [untriedForSize(bodyBytes)] : []),
    ...leftOutIn(state.problem, bodies).map(({ sentence }) => untriedOfFamily(sentence)),
    ...(left.length > 0 ? [untriedPairs([...left], state.ending() ?? 'match')] : []),
  ];
}

/**
 * Whether it is time to look for a custom scheme, which one thread does: for a sender without a scheme after every single change, for one
 * with a chosen scheme, or that looks like a known one, after every usual change of that.
 */
function isProposalDue(frames: readonly Frame[], { level, share, ending, problem }: SearchState): boolean {
  if (frames.length === 0) return false;
  const isUnknown = problem.options === null && frames.every(({ options }) => options.scheme === 'custom');
  return level === (isUnknown ? 1 : 2) && share.index === 0 && share.provenLevel() > level && ending() === null;
}

function* searchProposal(state: SearchState): Generator<SolverProgress, void, void> {
  for (const _ of proposeCustom(state)) {
    if (state.ending() !== null) return;
    if (state.isDue()) yield progressOf(state);
  }
}

/** What families with very many changes leave out for this request. */
function leftOutIn(
  { secrets, request }: SolverProblem,
  bodies: SharedBodies,
): readonly { readonly family: FamilyId; readonly sentence: string }[] {
  const ofSecrets = leftOutOfReadings(secrets, request.body.byteLength);
  return [...bodies.leftOut(), ...(ofSecrets === null ? [] : [{ family: 'secret-lookalikes' as const, sentence: ofSecrets }])];
}

function* searchLevel(frame: Frame, bodies: SharedBodies, state: SearchState): Generator<SolverProgress, void, void> {
  // Using a scheme other than the chosen one is a change itself.
  const own = levels.find((level) => level === state.level - frame.causes.length);
  if (own === undefined || !hasSignature(frame)) return;
  const steps = frame.kind === 'mac' ? searchFrame(frame, own, bodies, state) : searchVerdicts(frame, own, bodies, state);
  for (const _ of steps) {
    if (state.ending() !== null) return;
    if (state.isDue()) yield progressOf(state);
  }
}

/** What is tried of one far-fetched pair. */
interface FarFetchedTry extends Pick<FarFetched<unknown>, 'kinds' | 'cost'> {
  readonly steps: () => Generator<void, void, void>;
}

/** Tries what all other phases left out, cheapest first; returns the kinds that it did not reach. */
function* searchFarFetched(
  frames: readonly Frame[],
  bodies: SharedBodies,
  state: SearchState,
): Generator<SolverProgress, SolverUntried['pairs'], void> {
  const tries = frames
    .filter((frame) => frame.causes.length === 0 && hasSignature(frame))
    .flatMap((frame) => farFetchedTries(frame, bodies, state))
    .toSorted((left, right) => left.cost - right.cost);
  const left = new Map<string, SolverUntried['pairs'][number]>();
  for (const { kinds, steps } of shareOf(tries, state.share, 2)) {
    if (state.ending() === null)
      for (const _ of steps()) {
        if (state.ending() !== null) break;
        if (state.isDue()) yield progressOf(state);
      }
    if (state.ending() !== null) left.set(kinds.join(), [...kinds]);
  }
  return [...left.values()];
}

function farFetchedTries(frame: Frame, bodies: SharedBodies, state: SearchState): readonly FarFetchedTry[] {
  if (frame.kind === 'verdict') {
    const tryOne = attempter(frame, state);
    return farFetchedVerdicts(bodies, state).map(({ kinds, cost, make }) => ({
      kinds,
      cost,
      steps: function* () {
        const attempt = make();
        if (attempt !== null) tryOne(attempt);
        yield;
      },
    }));
  }
  return farFetchedOf(frame, bodies).map(({ kinds, cost, make }) => ({
    kinds,
    cost,
    steps: function* () {
      const candidate = make();
      if (candidate !== null) yield* tryCandidate(frame, candidate, state);
      yield;
    },
  }));
}

function createState(problem: SolverProblem, budget: SolverBudget, share: SearchShare): SearchState {
  let reportedAtMs = budget.elapsedMs();
  const state: SearchState = {
    problem,
    matches: [],
    byKind: new Map(),
    byFamily: new Map(),
    tried: 0,
    level: 0,
    share,
    isDue: () => {
      const nowMs = budget.elapsedMs();
      if (nowMs - reportedAtMs < progressEveryMs) return false;
      reportedAtMs = nowMs;
      return true;
    },
    ending: () => {
      if (state.matches.length >= matchLimit || share.provenLevel() < state.level || share.provenLevel() === 3) return 'match';
      if (state.tried >= budget.maxCandidates) return 'count';
      return budget.elapsedMs() >= budget.maxMs * (state.level === 3 ? farFetchedPart : 1) ? 'time' : null;
    },
  };
  return state;
}

function progressOf({ tried, level }: SearchState): SolverProgress {
  return { kind: 'progress', tried, phase: phases[level] };
}

/** Tries every candidate of a frame; yields after each few MACs so that the caller can look at the clock. */
function* searchFrame(frame: MacFrame, level: Level, bodies: SharedBodies, state: SearchState): Generator<void, void, void> {
  for (const candidate of candidatesOf(frame, level, bodies, state.share)) yield* tryCandidate(frame, candidate, state);
}

function* tryCandidate(frame: MacFrame, candidate: Candidate, state: SearchState): Generator<void, void, void> {
  const { before, hasBody, after } = aroundOf(candidate.string.parts);
  const runs = hasBody ? [before, candidate.body.bytes, after] : [before];
  for (const algorithm of candidate.algorithms) {
    const keys = algorithm.mode === 'keyless' ? candidate.keys.slice(0, 1) : candidate.keys;
    for (const key of keys) {
      const causes = [...frame.causes, ...key.causes, ...candidate.string.causes, ...candidate.body.causes, ...algorithm.causes];
      countTry(state, causes);
      const mac = computeMac(algorithm, key.ready, runs);
      const comparison = compareMac(mac, frame.tokens);
      if (comparison !== null) keepMatch(matchOf({ frame, candidate, key, algorithm, mac, comparison, causes }, state), state);
      if (candidate.body.bytes.byteLength > 65_536 || state.tried % 32 === 0) yield;
    }
  }
  yield;
}

interface Found extends FoundMac {
  readonly key: MacFrame['keys'][number];
}

function matchOf(found: Found, { problem, matches }: SearchState): SolverMatch {
  const { frame, candidate, key, mac, comparison } = found;
  const causes = [...found.causes, ...comparison.causes];
  const isShown = matches.length === 0 || candidate.body.bytes.byteLength <= shownBytes;
  const signed = isShown ? fillParts(candidate.string.parts, candidate.body.bytes) : null;
  return {
    ...explained(causes, comparison.comparedBytes, frame.judge),
    scheme: frame.scheme.id,
    comparedBytes: comparison.comparedBytes,
    secretFingerprint: key.secretFingerprint,
    secretLabel: key.secretLabel,
    signed: signed === null ? null : { base64: encodeBytes(signed.bytes, 'base64'), parts: [...signed.parts] },
    unchanged: unchangedOf(found, problem),
    expected: comparison.token.write(mac),
    received: comparison.token.text,
    bodyDiff: diffBodies(problem.request.body, candidate.body.bytes),
    fix: fixOfMac(found, problem, matches.length === 0),
  };
}

/** What a receiver computes without any change, with the same key. */
function unchangedOf({ frame, key, comparison }: Found, { request }: SolverProblem): string | null {
  const own = frame.algorithms[0];
  const given =
    frame.keys.find(({ causes, secretFingerprint }) => causes.length === 0 && secretFingerprint === key.secretFingerprint) ??
    frame.keys.find(({ causes }) => causes.length === 0);
  if (frame.parts === null || own === undefined || given === undefined) return null;
  const { before, hasBody, after } = aroundOf(frame.parts);
  return comparison.token.write(computeMac(own, given.ready, hasBody ? [before, request.body, after] : [before]));
}

function resultOf(
  state: SearchState,
  untried: readonly SolverUntried[],
  elapsedMs: number,
  frames: ReturnType<typeof framesOf>,
  bodies: SharedBodies,
): SolverEvent {
  const matches = inOrder(state.matches);
  const isProven = matches.some(({ weak }) => !weak);
  return {
    kind: 'result',
    matches,
    tried: { total: state.tried, byKind: Object.fromEntries(state.byKind) },
    exhausted: untried.length === 0,
    untried: [...untried],
    families: coverageOf(state.byFamily, untried, new Set(leftOutIn(state.problem, bodies).map(({ family }) => family))),
    elapsedMs: Math.round(elapsedMs),
    advice: isProven ? [] : [...adviceFor(state.problem, frames, state, untried)],
  };
}
