import type { Attempt, DeliveryDetail } from '#shared/contract/deliveries.ts';
import type { DeliveryStatus } from '#shared/contract/delivery-status.ts';
import type { Change } from '#shared/contract/system.ts';
import { ExitError } from '#hosts/shared/exit-error.ts';
import type { EngineClient } from './engine-client.ts';

/** Whether a delivery will not be tried again by itself. */
export function isFinal(status: DeliveryStatus): boolean {
  switch (status) {
    case 'delivered':
    case 'exhausted':
    case 'cancelled':
      return true;
    case 'pending':
    case 'failed':
      return false;
  }
}

/** Hands over each attempt once it has ended, in order, until the delivery is final; answers it as it then stands. */
export async function followDelivery(
  client: EngineClient,
  changes: AsyncIterator<Change>,
  deliveryId: string,
  onAttempt: (attempt: Attempt, delivery: DeliveryDetail) => void,
): Promise<DeliveryDetail> {
  let shownAttempts = 0;
  const look = async (): Promise<DeliveryDetail> => {
    const delivery = await client.deliveries.get({ id: deliveryId, bodies: false });
    const ended = delivery.attempts.filter((attempt) => attempt.outcome !== null).toSorted((a, b) => a.number - b.number);
    for (const attempt of ended.slice(shownAttempts)) onAttempt(attempt, delivery);
    shownAttempts = ended.length;
    return delivery;
  };
  let delivery = await look();
  let seq: number | null = null;
  while (!isFinal(delivery.status)) {
    const { done, value } = await changes.next();
    if (done === true) throw new ExitError(`Hookyard stopped while ${deliveryId} was under way; it goes on when Hookyard starts again.`, 1);
    const isGap = seq !== null && value.seq !== seq + 1;
    seq = value.seq;
    if (isGap || (value.topic === 'deliveries' && (value.ids.length === 0 || value.ids.includes(deliveryId)))) delivery = await look();
  }
  return delivery;
}
