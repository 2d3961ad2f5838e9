import type { ComparedOffer, ComparedRelation, StoredSide } from '#shared/contract/comparisons.ts';
import { arrivedCapture, captureBefore, capturesBetween, sameEventBefore, type ArrivedCapture } from '../capture/arrived.ts';
import { lastSuccess, neighbourAttempt } from '../log/compared-attempts.ts';
import { lastSentAttempt, sentAttempt, type SentAttempt } from '../log/sent-attempts.ts';
import type { Reader } from '../store/database.ts';
import { search } from '../store/searcher.ts';
import { comparedSide, type ComparedId, type WhyNoStored } from './compared-things.ts';

/** Something with what it may be compared with. */
export interface ComparedOffers {
  readonly side: StoredSide;
  readonly offers: readonly ComparedOffer[];
}

/** What something may be compared with, the likeliest first; why it cannot be compared at all, where it cannot. */
export const offersSearch = search(
  'comparedOffers',
  (reader: Reader, asked: ComparedId): ComparedOffers | { readonly why: WhyNoStored } => {
    const side = comparedSide(reader, asked);
    if (typeof side === 'string') return { why: side };
    const ids = side.kind === 'capture' ? ofCapture(reader, side.id) : ofAttempt(reader, side.id);
    const seen = new Set([side.id]);
    const offers = ids.flatMap(([relation, id]): readonly ComparedOffer[] => {
      const other = id === undefined ? 'none' : comparedSide(reader, id);
      if (typeof other === 'string' || seen.has(other.id)) return [];
      seen.add(other.id);
      return [{ relation, side: other }];
    });
    return { side, offers };
  },
);

type Offered = readonly [ComparedRelation, ComparedId | undefined];

function ofAttempt(reader: Reader, id: string): readonly Offered[] {
  const sent = sentAttempt(reader, id);
  if (sent === undefined) return [];
  const success = lastSuccess(reader, sent.deliveryId);
  return [
    ['previous attempt', attempt(neighbourAttempt(reader, sent, 'before'))],
    ['next attempt', attempt(neighbourAttempt(reader, sent, 'after'))],
    ['last success', success === undefined ? undefined : { kind: 'delivery', id: success }],
    ['arrived', capture(arrivedAs(reader, sent))],
  ];
}

function ofCapture(reader: Reader, id: string): readonly Offered[] {
  const arrived = arrivedCapture(reader, id);
  if (arrived === undefined) return [];
  const { deliveryId } = arrived;
  return [
    ['sent', attempt(deliveryId === null ? undefined : sentAs(reader, deliveryId, arrived))],
    ['same event', capture(sameEventBefore(reader, arrived))],
    ['capture before', capture(captureBefore(reader, arrived))],
  ];
}

function attempt(id: string | undefined): ComparedId | undefined {
  return id === undefined ? undefined : { kind: 'attempt', id };
}

function capture(id: string | undefined): ComparedId | undefined {
  return id === undefined ? undefined : { kind: 'capture', id };
}

/** Captures that are looked at from the start of an attempt on. */
const lookedCaptures = 200;

/** The first capture that was recognised as of this delivery while the attempt was under way. */
function arrivedAs(reader: Reader, { deliveryId, startedAtMs, endedAtMs }: SentAttempt): string | undefined {
  const span = { fromMs: startedAtMs, toMs: endedAtMs ?? startedAtMs };
  return capturesBetween(reader, span, lookedCaptures).find((arrived) => arrived.deliveryId === deliveryId)?.id;
}

/** The last attempt of a delivery that began before a capture came. */
function sentAs(reader: Reader, deliveryId: string, { receivedAtMs }: ArrivedCapture): string | undefined {
  let sent = lastSentAttempt(reader, deliveryId);
  while (sent !== undefined && sent.startedAtMs > receivedAtMs) {
    const before = neighbourAttempt(reader, sent, 'before');
    sent = before === undefined ? undefined : sentAttempt(reader, before);
  }
  return sent?.id;
}
