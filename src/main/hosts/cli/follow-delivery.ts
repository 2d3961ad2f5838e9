import type { Attempt, DeliveryDetail } from '#shared/contract/deliveries.ts';
import { isFinal } from '#shared/contract/delivery-status.ts';
import type { Change } from '#shared/contract/system.ts';
import { ExitError } from '#hosts/shared/exit-error.ts';
import type { EngineClient } from './engine-client.ts';

type OnAttempt = (attempt: Attempt, delivery: DeliveryDetail) => void | Promise<void>;

/**
 * Passes on each attempt once it has ended, in order, until the delivery is final or the time is over; returns the delivery as it is then.
 * Without `withinMs` it is followed to its end.
 */
export async function followDelivery(
  client: EngineClient,
  changes: AsyncIterator<Change>,
  deliveryId: string,
  { onAttempt, withinMs }: { readonly onAttempt: OnAttempt; readonly withinMs?: number | undefined },
): Promise<DeliveryDetail> {
  const { over, release } = timer(withinMs);
  let shownAttempts = 0;
  const look = async (): Promise<DeliveryDetail> => {
    const delivery = await client.deliveries.get({ id: deliveryId, bodies: false });
    const ended = delivery.attempts.filter((attempt) => attempt.outcome !== null).toSorted((a, b) => a.number - b.number);
    for (const attempt of ended.slice(shownAttempts)) await onAttempt(attempt, delivery);
    shownAttempts = ended.length;
    return delivery;
  };
  let delivery = await look();
  const nextTouched = touchedDeliveries(changes);
  try {
    while (!isFinal(delivery.status)) {
      const touched = await Promise.race([nextTouched(), over]);
      if (touched === null)
        throw new ExitError(`Hookyard stopped while ${deliveryId} was under way; it goes on when Hookyard starts again.`, 2);
      if (touched === 'over') return await look();
      if (touched === 'any' || touched.includes(deliveryId)) delivery = await look();
    }
    return delivery;
  } finally {
    release();
  }
}

/** Settles when a time is over; never without one. */
function timer(withinMs: number | undefined): { readonly over: Promise<'over'>; readonly release: () => void } {
  const { promise, resolve } = Promise.withResolvers<'over'>();
  // Node's timers run at once for more than that, some 25 days.
  const timeout = withinMs === undefined ? undefined : setTimeout(() => resolve('over'), Math.min(withinMs, 2 ** 31 - 1));
  return { over: promise, release: () => clearTimeout(timeout) };
}

/** Passes on each delivery once it is seen to be final, until all of them are. */
export async function followDeliveries(
  client: EngineClient,
  changes: AsyncIterator<Change>,
  deliveryIds: readonly string[],
  onEnd: (delivery: DeliveryDetail) => void,
): Promise<void> {
  const open = new Set(deliveryIds);
  const look = async (ids: readonly string[]) => {
    for (const id of ids) {
      const delivery = await client.deliveries.get({ id, bodies: false });
      if (!isFinal(delivery.status)) continue;
      open.delete(id);
      onEnd(delivery);
    }
  };
  await look([...open]);
  const nextTouched = touchedDeliveries(changes);
  while (open.size > 0) {
    const touched = await nextTouched();
    if (touched === null) throw new ExitError('Hookyard stopped before all had ended; it goes on when Hookyard starts again.', 2);
    await look([...open].filter((id) => touched === 'any' || touched.includes(id)));
  }
}

/** Which deliveries the next change is about; `any` when unknown, null when no more changes will come. */
function touchedDeliveries(changes: AsyncIterator<Change>): () => Promise<readonly string[] | 'any' | null> {
  let seq: number | null = null;
  return async () => {
    const { done, value } = await changes.next();
    if (done === true) return null;
    const isGap = seq !== null && value.seq !== seq + 1;
    seq = value.seq;
    if (isGap || (value.topic === 'deliveries' && value.ids.length === 0)) return 'any';
    return value.topic === 'deliveries' ? value.ids : [];
  };
}
