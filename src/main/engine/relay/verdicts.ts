import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RelaySkipReason, RelayVerdict, RelayVerdicts, UnmetCondition } from '#shared/contract/relay-verdicts.ts';
import { captureSkipWords } from '#shared/relay-words.ts';
import { notFound } from '../base/refusal.ts';
import type { RequestMatch } from '#shared/contract/request-match.ts';
import { smallBodyBytes } from '../capture/matching/match-all.ts';
import type { Unmet } from '../capture/matching/match.ts';
import { asksForJson, unmetInWords, unmetOf } from '../capture/matching/unmet.ts';
import { captureForRelays, relayCountsOf, relaysThatOwe, type OwedCapture } from '../capture/outbox.ts';
import { forwardedBy } from '../log/forwards.ts';
import type { RelayBook } from './book.ts';
import type { RelayConfig } from './config.ts';
import type { CapturedRequest } from './forwarded-request.ts';
import { asRequest, bodyFor, filtersOf, headFor, headOf, type PlanDeps } from './plan.ts';
import { isLoop } from './relay-mark.ts';
import { targetLabel } from './target-label.ts';
import type { RelayRunner } from './runner.ts';

export interface VerdictDeps extends Pick<PlanDeps, 'database' | 'background' | 'endpoints' | 'auths'> {
  readonly relays: Pick<RelayBook, 'ofBin'>;
  readonly relayRunner: Pick<RelayRunner, 'problemOf'>;
}

/** More than this is not listed of one relay. */
const mostUnmet = 50;

/** A capture may be stored this long after the whole of it had come, so that a relay made meanwhile still gets it. */
const storingMs = 1000;

/** What one relay finds in a capture: the conditions that it does not meet, of the relay and of each target; or why it cannot forward it. */
type Seen =
  | { readonly unmet: readonly Unmet[]; readonly unmetByTarget: readonly (readonly Unmet[])[]; readonly request: CapturedRequest }
  | { readonly reason: RelaySkipReason };

/**
 * Says what each relay of its bin made of a capture. What was forwarded and what waits is in the data file; why something was left is worked
 * out again by the functions that decided it, and so it goes by the rules of now, which is said. Rejects with a Refusal NOT_FOUND.
 */
export async function relayVerdictsOf(deps: VerdictDeps, captureId: string): Promise<RelayVerdicts> {
  const { database, relays } = deps;
  const capture = captureForRelays(database, captureId, smallBodyBytes);
  if (capture === undefined) throw notFound('capture', captureId);
  const ofBin = relays.ofBin(capture.binId);
  const seen = ofBin.length === 0 ? null : await seenBy(deps, ofBin, capture);
  const verdicts: RelayVerdict[] = [];
  for (const relay of ofBin) {
    verdicts.push(verdictOf(deps, relay, capture, seen));
    await nextTurn();
  }
  return { captureId, binId: capture.binId, message: summaryOf(verdicts), relays: verdicts };
}

/** Looks at a capture for all relays at once; those that ask for its JSON apart, since that may be too much to read. */
async function seenBy(deps: VerdictDeps, relays: readonly RelayConfig[], capture: OwedCapture): Promise<(relay: RelayConfig) => Seen> {
  const head = headOf(capture);
  if (typeof head === 'string') return () => ({ reason: head });
  const { facts, request } = asRequest(capture, head);
  const body = bodyFor(deps.database, capture);
  const seen = new Map<string, Seen>();
  const look = async (some: readonly RelayConfig[]) => {
    const unmet = some.length === 0 ? [] : await unmetOf(deps.background, some.flatMap(filtersOf), facts, body);
    let at = 0;
    for (const relay of some) {
      const [own = [], ...unmetByTarget] = unmet?.slice(at, at + relay.targets.length + 1) ?? [];
      seen.set(relay.id, unmet === null ? { reason: 'unread' } : { unmet: own, unmetByTarget, request });
      at += relay.targets.length + 1;
    }
  };
  const asksFor = (filters: readonly (RequestMatch | null)[]) => filters.some(asksForJson);
  await look(relays.filter((relay) => asksFor(filtersOf(relay))));
  await look(relays.filter((relay) => !asksFor(filtersOf(relay))));
  return ({ id }) => (isLoop(id, head.through) ? { reason: 'loop' } : (seen.get(id) ?? { reason: 'failed' }));
}

function verdictOf(
  deps: VerdictDeps,
  relay: RelayConfig,
  capture: OwedCapture & { readonly cameAtMs: number },
  seenOf: ((relay: RelayConfig) => Seen) | null,
): RelayVerdict {
  const { database, relayRunner } = deps;
  const { id: relayId, name, isActive, createdAtMs, updatedAtMs } = relay;
  const verdict = { relayId, name, reason: null, unmet: [], isChangedSince: updatedAtMs > capture.cameAtMs };
  const forwardedTo = forwardedBy(database, { captureId: capture.id, relayId });
  if (relaysThatOwe(database, capture.seq).has(relayId)) {
    const why =
      relayRunner.problemOf(relayId) ?? (isActive ? 'It goes on in its turn.' : 'The relay is paused: resume it to forward this.');
    return { ...verdict, state: 'waiting', message: `Waits. ${why}` };
  }
  if (forwardedTo.length === 0 && createdAtMs > capture.cameAtMs + storingMs)
    return { ...verdict, state: 'left', message: 'The relay was made after this came. Replay it to send it on.' };
  const seen = seenOf?.(relay) ?? { reason: 'removed' as const };
  const found = 'reason' in seen ? { reason: seen.reason, unmet: [] } : leftBy(deps, relay, seen, forwardedTo);
  const since = verdict.isChangedSince ? 'The relay was changed since this came; by its rules of now: ' : '';
  if (forwardedTo.length > 0)
    return {
      ...verdict,
      state: 'forwarded',
      unmet: found.unmet.slice(0, mostUnmet),
      message: forwardedText(relay, forwardedTo, found.unmet.length > 0 ? since : ''),
    };
  const message = found.reason === null ? goneText(relayCountsOf(database, relayId)) : captureSkipWords[found.reason];
  return { ...verdict, state: 'left', reason: found.reason, unmet: found.unmet.slice(0, mostUnmet), message: `${since}${message}` };
}

/** Why a relay, or the targets that did not get it, left a capture; no reason where its rules let it through. */
function leftBy(
  deps: Pick<VerdictDeps, 'endpoints' | 'auths'>,
  relay: RelayConfig,
  { unmet, unmetByTarget, request }: Exclude<Seen, { readonly reason: RelaySkipReason }>,
  forwardedTo: readonly string[],
): { readonly reason: RelaySkipReason | null; readonly unmet: readonly UnmetCondition[] } {
  if (unmet.length > 0) return { reason: 'unmatched', unmet: unmet.map((each) => inWords(each, null)) };
  const others = relay.targets
    .map((target, index) => ({ target, unmet: unmetByTarget[index] ?? [] }))
    .filter(({ target }) => !forwardedTo.includes(target.endpointId));
  const told = others.flatMap(({ target, unmet: own }) => own.map((each) => inWords(each, targetLabel(deps.endpoints, target))));
  const open = others.filter(({ unmet: own }) => own.length === 0);
  if (open.length === 0) return { reason: others.length === 0 ? null : 'unmatched', unmet: told };
  const made = open.map(({ target }) => headFor(deps, relay.id, target, request));
  return { reason: made.find((each) => typeof each === 'string') ?? null, unmet: told };
}

function inWords(unmet: Unmet, target: string | null): UnmetCondition {
  return { target, ...unmetInWords(unmet) };
}

function forwardedText({ targets }: RelayConfig, forwardedTo: readonly string[], since: string): string {
  const got = targets.filter(({ endpointId }) => forwardedTo.includes(endpointId)).length;
  if (targets.length === 1) return 'Forwarded.';
  return `Forwarded to ${got} of ${targets.length} targets. ${since === '' ? '' : `${since}the others did not get it.`}`.trim();
}

/** Its rules let it through, and yet it is neither in the queue nor in the log. */
function goneText(counts: readonly { readonly outcome: string; readonly count: number }[]): string {
  const had = (outcome: string) => counts.some((each) => each.outcome === outcome && each.count > 0);
  const ways = [
    ...(had('removed') ? ['its queue was dropped'] : []),
    ...(had('failed') ? ['Hookyard failed at it, which its log says'] : []),
    'its delivery was removed from the log since',
  ];
  return `Nothing keeps this relay from forwarding it, and no delivery of it is in the log: ${ways.join(', or ')}.`;
}

function summaryOf(verdicts: readonly RelayVerdict[]): string {
  if (verdicts.length === 0) return 'Not forwarded: no relay takes from this bin.';
  const forwarded = verdicts.filter(({ state }) => state === 'forwarded').length;
  const waiting = verdicts.filter(({ state }) => state === 'waiting').length;
  if (forwarded > 0) return `Forwarded by ${forwarded} of ${verdicts.length} ${verdicts.length === 1 ? 'relay' : 'relays'}.`;
  return waiting > 0 ? 'Not forwarded yet.' : 'Not forwarded.';
}
