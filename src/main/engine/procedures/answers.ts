import { stepAt, stepText } from '#shared/answer-steps.ts';
import type { Json } from '#shared/contract/json.ts';
import { handshakeAnswers } from '#shared/handshakes/answers.ts';
import type { Clock } from '../base/ports.ts';
import type { Procedures } from '../base/procedures.ts';
import { invalid, notFound } from '../base/refusal.ts';
import type { Answerer, PreviewedAnswer } from '../capture/answering/answerer.ts';
import type { ReadyPlan } from '../capture/answering/config.ts';
import type { AnsweredRequest } from '../capture/answering/facts.ts';
import type { Positions } from '../capture/answering/positions.ts';
import { bodyValues } from '../capture/answering/render.ts';
import type { BinBook } from '../capture/bin-book.ts';
import type { ReadyBin } from '../capture/bin-cache.ts';
import { calledUrlOf } from '../capture/arrival.ts';
import { arrivalOf } from '../capture/stored-arrival.ts';
import { findCapture } from '../capture/list.ts';
import type { CapturedVerdict } from '../signing/verify-task.ts';
import type { Verifier } from '../signing/verifier.ts';
import type { Database } from '../store/database.ts';

export interface AnswerHandlerDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly bins: BinBook;
  readonly answerer: Pick<Answerer, 'preview'>;
  readonly positions: Pick<Positions, 'of'>;
  readonly verifier: Pick<Verifier, 'captured'>;
}

/** Counters that are listed of one rule. */
const listedCounters = 20;
/** Characters of a body that a preview shows. */
const shownCharacters = 100_000;
/** A larger body is not part of what a preview tells of a request. */
const toldBodyBytes = 32_768;

/** The contract's procedures for how bins answer. */
export function createAnswerHandlers(os: Procedures, deps: AnswerHandlerDeps) {
  const { bins } = deps;
  return {
    handshakes: os.answers.handshakes.handler(() => ({
      items: handshakeAnswers.map(({ id, title, summary, givesAway, schemes }) => ({
        id,
        title,
        summary,
        givesAway,
        schemes: [...schemes],
      })),
    })),
    state: os.answers.state.handler(({ input: { id } }) => ({ counters: countersOf(deps, id) })),
    reset: os.answers.reset.handler(async ({ input: { id, ruleId, value } }) => ({
      id,
      resetCounters: await bins.resetAnswers(id, { ruleId, value }),
    })),
    preview: os.answers.preview.handler(async ({ input }) => {
      if (input.captureId !== undefined && input.request !== undefined) throw invalid('request', 'Give a capture or a request, not both.');
      const { bin, responseOf } = await bins.trial(input.id, { response: input.response, answers: input.answers });
      const { request, verified } =
        input.captureId === undefined ? await typed(deps, bin, input.request) : captured(deps, bin, input.captureId);
      const only = input.rule === undefined ? undefined : responseOf(input.rule);
      if (only === null) throw invalid('rule', `There is no rule at place ${input.rule ?? 0}: they are counted from 0.`);
      return toldPreview(await deps.answerer.preview(bin, request, verified, only), request, verified?.verdict ?? null);
    }),
  };
}

interface Asked {
  readonly request: AnsweredRequest;
  readonly verified: Pick<CapturedVerdict, 'verdict' | 'replayKey'> | null;
}

function captured({ database, clock }: AnswerHandlerDeps, bin: ReadyBin, captureId: string): Asked {
  const row = findCapture(database, captureId);
  if (row === undefined || row.bin_id !== bin.id) throw notFound('capture of this bin', captureId);
  return {
    request: {
      method: row.method,
      target: row.target,
      by: arrivalOf(row).by,
      headers: JSON.parse(row.headers_json) as AnsweredRequest['headers'],
      body: { size: row.bytes.byteLength, bytes: row.bytes },
      remoteAddress: row.remote_address,
      receivedAtMs: clock.now(),
    },
    verified: row.verdict === null ? null : { verdict: row.verdict as CapturedVerdict['verdict'], replayKey: row.replay_key },
  };
}

/** A request that is written for a preview. */
interface TypedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const plainRequest: TypedRequest = { method: 'POST', path: '/', query: '', headers: {}, body: '' };

async function typed({ clock, verifier }: AnswerHandlerDeps, bin: ReadyBin, given: TypedRequest = plainRequest): Promise<Asked> {
  const { method, path, query } = given;
  const target = `/${bin.slug}${path === '/' ? '' : path}${query === '' ? '' : `?${query}`}`;
  const headers = Object.entries(given.headers);
  const bytes = new Uint8Array(Buffer.from(given.body, 'utf8'));
  const nowMs = clock.now();
  const request = {
    method,
    target,
    by: 'path' as const,
    headers,
    body: { size: bytes.byteLength, bytes },
    remoteAddress: '127.0.0.1',
    receivedAtMs: nowMs,
  };
  if (bin.signing === null) return { request, verified: null };
  const { url } = calledUrlOf({ target, headers, by: 'path', isTls: false }, bin);
  const asked = { options: bin.signing, secrets: bin.secrets, nowMs, method, url, headers, body: bytes };
  return { request, verified: await verifier.captured(asked) };
}

function toldPreview({ answer, by, checks, scope }: PreviewedAnswer, { body }: AnsweredRequest, verdict: string | null) {
  const bytes = 'bytes' in body && body.size <= toldBodyBytes ? bodyValues(body.bytes) : {};
  return {
    status: answer.status,
    headers: [...answer.headers],
    body: Buffer.from(answer.body).toString('utf8').slice(0, shownCharacters),
    bodyBytes: answer.body.byteLength,
    delayMs: answer.delayMs,
    fault: answer.fault?.kind ?? null,
    answeredBy: by,
    verdict,
    checks: [...checks],
    // Without numbers that only text can say: this is what an editor completes by.
    scope: JSON.parse(JSON.stringify({ ...scope, request: { ...scope.request, ...bytes } })) as Record<string, Json>,
  };
}

function countersOf({ bins, positions }: AnswerHandlerDeps, id: string) {
  const bin = bins.find(id);
  if (bin === undefined) throw notFound('bin', id);
  const plans: readonly (ReadyPlan & { readonly id?: string })[] = bin.answers === null ? [] : [...bin.answers.rules, bin.answers.own];
  const known = positions.of(id);
  return plans
    .filter(({ isCounted }) => isCounted)
    .map((plan) => {
      const own = known.filter(({ scope }) => scope === plan.scope);
      const latest = own.slice(-listedCounters).toReversed();
      return {
        ruleId: plan.id ?? null,
        key: plan.key,
        keyCount: own.length,
        latest: latest.map(({ key, requests, atMs }) => ({ value: key, requests, ...nextOf(plan, requests), atMs })),
      };
    });
}

function nextOf({ sequence }: ReadyPlan, requests: number): { readonly nextStep: number | null; readonly next: string } {
  const found = sequence === null ? null : stepAt(sequence.steps, sequence.atEnd, requests);
  return found === null ? { nextStep: null, next: '' } : { nextStep: found.place + 1, next: stepText({ ...found.step, times: 1 }) };
}
