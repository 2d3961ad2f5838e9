import { useCallback, useEffect, useRef } from 'react';
import { askedChoice } from '#shared/compared-choice.ts';
import type { NoiseKind } from '#shared/contract/comparing.ts';
import type { ComparedOffer, Comparison, StoredSide } from '#shared/contract/comparisons.ts';
import type { Problem } from '../../base/problem.ts';
import type { Client } from '../../base/client.ts';
import { useChanges } from '../../stores/session.tsx';
import { isTextKey, type SideRef } from './given-texts.ts';
import { useLatest, type Read } from './use-latest.ts';

/** Something that is read. */
export interface Reading<T> {
  /** Null until it came, and for an address that names nothing to read. */
  readonly value: T | null;
  readonly problem: Problem | null;
  readonly isReading: boolean;
  readonly retry: () => void;
}

/** Two things compared; the last comparison of the same two stays until another one came. Read again when what was under way has ended. */
export function useComparison(first: SideRef | null, second: SideRef | null, ignore: readonly NoiseKind[]): Reading<Comparison> {
  const kinds = ignore.join();
  const [before, after] = [first?.choice, second?.choice];
  const read = useCallback(
    (client: Client, signal: AbortSignal) =>
      client.comparing.compare(
        {
          before: before ?? {},
          after: after ?? {},
          ignore: kinds === '' ? [] : (kinds.split(',') as NoiseKind[]),
        },
        { signal },
      ),
    [before, after, kinds],
  );
  return useReading(first === null || second === null ? null : `${first.key} ${second.key}`, read);
}

/** Something of the log with what it may be compared with, which is read again as the log grows; nothing of a text. */
export function useOffers(id: string | null): Reading<{ readonly side: StoredSide; readonly offers: readonly ComparedOffer[] }> {
  const shown = useRef<readonly ComparedOffer[]>([]);
  useEffect(() => {
    shown.current = [];
  }, [id]);
  const read = useCallback(
    async (client: Client, signal: AbortSignal) => {
      const { side, offers } = await client.comparing.offers(askedChoice(id ?? ''), { signal });
      shown.current = inPlace(shown.current, offers);
      return { side, offers: shown.current };
    },
    [id],
  );
  const reading = useReading(id === null || isTextKey(id) ? null : id, read);
  const { isReading, problem, retry } = reading;
  const isLate = useRef(false);
  // What changes while it is read is looked at once more afterwards, and not by giving up what is under way.
  useChanges(['deliveries', 'captures'], () => {
    if (isReading) isLate.current = true;
    else if (problem === null) retry();
  });
  useEffect(() => {
    if (isReading || !isLate.current) return;
    isLate.current = false;
    retry();
  }, [isReading, retry]);
  return reading;
}

/** Offers as they are now, with those that stood there before in their places: nothing moves under the pointer. */
export function inPlace(before: readonly ComparedOffer[], now: readonly ComparedOffer[]): readonly ComparedOffer[] {
  const places = new Map(before.map(({ side }, index) => [side.id, index]));
  const placeOf = ({ side }: ComparedOffer) => places.get(side.id) ?? before.length;
  return now.toSorted((one, other) => placeOf(one) - placeOf(other));
}

/** What `read` gives; `key` says what it is about, and null reads nothing. What is there stays while the same is read anew. */
export function useReading<T>(key: string | null, read: Read<T>): Reading<T> {
  const { state, start, stop } = useLatest<T>();
  useEffect(() => {
    if (key === null) stop();
    else start(key, read);
  }, [key, read, start, stop]);
  const retry = useCallback(() => key !== null && start(key, read), [key, read, start]);
  // What stands there may be about something else until the effect has run.
  const { value, problem, isReading } = state.key === key ? state : { value: null, problem: null, isReading: true };
  // An attempt that was under way may have ended, and one that was deleted may have been restored.
  useChanges(['deliveries', 'captures'], () => {
    if (problem !== null) retry();
  });
  return { value, problem, isReading: isReading && key !== null, retry };
}
