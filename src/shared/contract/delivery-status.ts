import { z } from 'zod';

/** The states of a delivery. `pending` and `failed` will be tried again; the others are final. */
export const deliveryStatus = z.enum(['pending', 'delivered', 'failed', 'exhausted', 'cancelled']);
export type DeliveryStatus = z.infer<typeof deliveryStatus>;

/** The states of what failed, whether it will be tried again or not. */
export const failedStatuses = ['failed', 'exhausted'] as const satisfies readonly DeliveryStatus[];

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
