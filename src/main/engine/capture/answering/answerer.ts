import type { AnsweredBy } from '#shared/contract/bin-answers.ts';
import { stepText, type AnswerStep } from '#shared/answer-steps.ts';
import type { Background } from '../../background/background.ts';
import type { Clock, Ids, Log } from '../../base/ports.ts';
import type { CapturedVerdict } from '../../signing/verify-task.ts';
import type { Database } from '../../store/database.ts';
import { sentenceAnswer, type Answer } from '../answer.ts';
import { wasAnswered } from '../store.ts';
import { pathBehindBin } from '../request-target.ts';
import type { ReadyAnswers, ReadyPlan, ReadyResponse } from './config.ts';
import { decide, stepInPath, type DecideDeps, type Decision } from './decide.ts';
import { answerFacts, type AnsweredRequest, type AnswerFacts } from './facts.ts';
import type { PositionWrite, Positions } from './positions.ts';
import { createResponseRenderer, Unrendered, type AnswerScope } from './render.ts';
import { stackOf } from '../../base/stack-of.ts';

/** The bin whose answers are asked for. */
export interface AnsweringBin {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
  readonly secrets: readonly string[];
  readonly answer: Answer;
  /** Null where its response answers everything as it is. */
  readonly answers: ReadyAnswers | null;
}

/** The answer to one request, with what is kept of it. */
export interface GivenAnswer {
  readonly answer: Answer;
  /** Null for the plain response of the bin. */
  readonly by: AnsweredBy | null;
  /** Whether it is the response of the bin itself, as no rule, step or refusal had a part in it: the answer of a target may come in its place. */
  readonly isOwnResponse: boolean;
  /** Of the capture, where a template may have named it already. */
  readonly captureId: string | null;
  /** Counters that the request moved, to be written with its capture. */
  readonly positions: readonly PositionWrite[];
  /** Called once the capture is on disk, or was not kept. */
  readonly settled: () => void;
}

/** Answers requests by the rules of their bins. */
export interface Answerer {
  readonly answer: (bin: AnsweringBin, request: AnsweredRequest, verified: Verdict | null) => Promise<GivenAnswer>;
  /** The same without counting anything, with what was looked at on the way and what templates may name. */
  readonly preview: (
    bin: AnsweringBin,
    request: AnsweredRequest,
    verified: Verdict | null,
    only?: ReadyResponse,
  ) => Promise<PreviewedAnswer>;
}

type Verdict = Pick<CapturedVerdict, 'verdict' | 'replayKey'>;

export interface PreviewedAnswer {
  readonly answer: Answer;
  readonly by: AnsweredBy;
  readonly checks: readonly Parameters<NonNullable<DecideDeps['look']>>[0][];
  readonly scope: AnswerScope;
}

export interface AnswererDeps {
  readonly database: Database;
  readonly background: Pick<Background, 'run'>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly positions: Positions;
}

/** An answer that no rule had a part in. */
export function plainly(answer: Answer): GivenAnswer {
  return { answer, by: null, isOwnResponse: false, captureId: null, positions: [], settled: nothing };
}

/** How long a step that never answers holds the connection. */
const timeoutHoldMs = 600_000;
const nothing = () => undefined;

export function createAnswerer(deps: AnswererDeps): Answerer {
  const { background, clock, positions } = deps;
  const renderer = createResponseRenderer(background);
  /** Replay keys of requests that are being kept and are to be answered with 2xx: the data file does not have them yet. */
  const onTheirWay = new Map<string, number>();
  const wayOf = (binId: string, { replayKey }: Verdict) =>
    replayKey === null ? null : `${binId} ${Buffer.from(replayKey).toString('hex')}`;
  const wasSeen = (binId: string, verified: Verdict | null) => {
    const way = verified === null ? null : wayOf(binId, verified);
    if (way === null || verified?.replayKey == null) return false;
    return onTheirWay.has(way) || wasAnswered(deps.database, binId, verified.replayKey);
  };
  /** Notes a request as seen until the data file says so itself. */
  const begin = (binId: string, verified: Verdict | null, answer: Answer): (() => void) => {
    const way = verified === null ? null : wayOf(binId, verified);
    if (way === null || answer.status >= 300 || answer.fault !== null) return nothing;
    onTheirWay.set(way, (onTheirWay.get(way) ?? 0) + 1);
    return () => {
      const left = (onTheirWay.get(way) ?? 1) - 1;
      if (left === 0) onTheirWay.delete(way);
      else onTheirWay.set(way, left);
    };
  };

  const made = async (
    decision: Decision,
    scopeNow: () => AnswerScope,
    facts: Pick<AnswerFacts, 'request'>,
  ): Promise<{ answer: Answer; by: AnsweredBy }> => {
    if ('answer' in decision) return decision;
    const { response } = decision.plan;
    if (decision.step !== null && !isOwnStatus(decision.step, response))
      return { answer: stepAnswer(decision.step, response), by: decision.by };
    const delayMs = decision.step?.delayMs ?? response.answer.delayMs;
    if (response.template === null) return { answer: { ...response.answer, delayMs }, by: decision.by };
    try {
      const { body } = facts.request;
      const given = 'bytes' in body ? body.bytes : { path: body.path };
      const { headers, body: rendered } = await renderer.render(response.template, scopeNow(), { size: body.size, given });
      const safe = headers.some(([name]) => name.toLowerCase() === 'x-content-type-options')
        ? []
        : [['X-Content-Type-Options', 'nosniff'] as [string, string]];
      return {
        answer: { ...response.answer, headers: [...headers, ...safe], body: rendered ?? response.answer.body, delayMs },
        by: decision.by,
      };
    } catch (error) {
      return { answer: failedAnswer(), by: failedBy(deps.log, decision.by, error) };
    }
  };

  const decided = async (
    bin: AnsweringBin,
    answers: ReadyAnswers,
    request: AnsweredRequest,
    verified: Verdict | null,
  ): Promise<GivenAnswer> => {
    const facts = await answerFacts(background, answers.rules, request, verified?.verdict ?? null);
    const writes: PositionWrite[] = [];
    const count = (scope: string, key: string) => {
      const counted = positions.count(bin.id, scope, key, request.receivedAtMs);
      writes.push(...counted.writes);
      return counted.number;
    };
    const decision = decide(answers, meansOf(bin, answers), facts, { count, wasSeen: () => wasSeen(bin.id, verified) });
    const release = 'answer' in decision ? begin(bin.id, verified, decision.answer) : begin(bin.id, verified, expected(decision));
    const captureId = deps.ids.next('cap');
    const { answer, by } = await made(decision, () => scopeFor(bin, decision, facts, { captureId, nowMs: clock.now() }), facts);
    const isOwnResponse = by.kind === 'own' && 'plan' in decision && decision.step === null;
    return { answer, by, isOwnResponse, captureId, positions: writes, settled: release };
  };

  return {
    answer: async (bin, request, verified) => {
      // Most requests are of bins that have a response only, and cost no more than this look.
      const inPath = request.target.includes('/~/') ? stepInPath(pathBehindBin(request.target, request.by).path) : null;
      if (inPath !== null) return { ...plainly(bin.answer), ...byPath(bin, inPath) };
      if (bin.answers === null) return { ...plainly(bin.answer), isOwnResponse: true };
      try {
        return await decided(bin, bin.answers, request, verified);
      } catch (error) {
        // A bug of ours in answering must not lose the request.
        return { ...plainly(failedAnswer()), by: failedBy(deps.log, { kind: 'own', label: 'own answer', ruleId: null, why: '' }, error) };
      }
    },
    preview: async (bin, request, verified, only) => {
      const checks: Parameters<NonNullable<DecideDeps['look']>>[0][] = [];
      const answers = bin.answers ?? emptyAnswers(bin);
      const facts = await answerFacts(background, answers.rules, request, verified?.verdict ?? null);
      const inPath = stepInPath(facts.matched.path);
      const decision: Decision =
        only !== undefined
          ? { by: trialBy, plan: { ...answers.own, response: only }, step: null, number: 1, key: '' }
          : inPath !== null
            ? byPath(bin, inPath)
            : decide(answers, meansOf(bin, answers), facts, {
                count: (scope, key) => positions.next(bin.id, scope, key),
                wasSeen: () => wasSeen(bin.id, verified),
                look: (look) => void checks.push(look),
              });
      const scope = scopeFor(bin, decision, facts, { captureId: 'cap_preview', nowMs: clock.now() });
      return { ...(await made(decision, () => scope, facts)), checks, scope };
    },
  };
}

/** What the templates of an answer may name, without what is made of the body. */
function scopeFor(
  bin: AnsweringBin,
  decision: Decision,
  { request, matched }: AnswerFacts,
  { captureId, nowMs }: { readonly captureId: string; readonly nowMs: number },
): AnswerScope {
  return {
    request: {
      method: request.method,
      path: matched.path,
      target: request.target,
      query: Object.fromEntries(new URLSearchParams(matched.query)),
      headers: Object.fromEntries(request.headers.toReversed().map(([name, value]) => [name.toLowerCase(), value])),
      bytes: request.body.size,
      remoteAddress: request.remoteAddress,
    },
    verdict: matched.verdict ?? 'none',
    eventType: matched.eventType,
    captureId,
    count: 'plan' in decision ? decision.number : 0,
    key: 'plan' in decision ? decision.key : '',
    bin: { name: bin.name, slug: bin.slug },
    timestamp: new Date(nowMs).toISOString(),
    timestampUnix: Math.floor(nowMs / 1000),
    timestampMs: nowMs,
  };
}

const trialBy: AnsweredBy = { kind: 'own', label: 'preview', ruleId: null, why: 'This response alone, whatever else the bin would do.' };

/** The answers of a bin that has its response only. */
function emptyAnswers({ answer }: AnsweringBin): ReadyAnswers {
  const own: ReadyPlan = { scope: '', key: 'none', sequence: null, failures: null, response: { answer, template: null }, isCounted: false };
  return { handshakes: [], verifyToken: null, refuse: { unverified: false, seenBefore: false }, rules: [], own };
}

function meansOf({ secrets }: AnsweringBin, { verifyToken }: ReadyAnswers) {
  return { secret: secrets[0] ?? null, verifyToken };
}

function byPath(bin: AnsweringBin, step: AnswerStep): { readonly answer: Answer; readonly by: AnsweredBy } {
  const why = `The path asks for ${stepText(step)}.`;
  return { answer: stepAnswer(step, { answer: bin.answer, template: null }), by: { kind: 'path', label: 'path', ruleId: null, why } };
}

/** Whether a step is the response itself, because it says so or has its status. */
function isOwnStatus({ does }: AnswerStep, { answer }: ReadyResponse): boolean {
  return does.kind === 'answer' || (does.kind === 'status' && does.status === answer.status && answer.fault === null);
}

/** What a step other than the response itself answers: a status without headers and body, or what it does on the wire. */
function stepAnswer({ does, delayMs }: AnswerStep, { answer }: ReadyResponse): Answer {
  const bare: Answer = {
    status: answer.status,
    headers: [],
    body: new Uint8Array(),
    delayMs: delayMs ?? answer.delayMs,
    isLast: false,
    fault: null,
  };
  if (does.kind === 'status') return { ...bare, status: does.status };
  return { ...bare, fault: does.kind === 'timeout' ? { kind: 'no-answer', holdMs: timeoutHoldMs } : { kind: 'reset', afterBytes: 0 } };
}

/** What a decision will answer as far as it is known before its templates are rendered. */
function expected(decision: Extract<Decision, { readonly plan: ReadyPlan }>): Answer {
  const { step, plan } = decision;
  return step === null || isOwnStatus(step, plan.response) ? plan.response.answer : stepAnswer(step, plan.response);
}

function failedAnswer(): Answer {
  return sentenceAnswer(500, 'This bin could not make its answer. Its owner sees why.', { isLast: false });
}

function failedBy(log: Log, by: AnsweredBy, error: unknown): AnsweredBy {
  if (!(error instanceof Unrendered)) log.error({ error: stackOf(error) }, 'The answer of a bin could not be rendered');
  const reason = error instanceof Unrendered ? error.message : 'Hookyard failed at it; its log says why.';
  return {
    ...by,
    kind: 'problem',
    why: `The answer could not be made, so the sender got 500. ${reason} ${by.why}`.trimEnd().slice(0, 2000),
  };
}
