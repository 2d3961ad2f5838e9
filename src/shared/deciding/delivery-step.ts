import type { DeliveryStatus } from '../contract/delivery-status.ts';

/** The progress of a delivery: all attempts that ended, and those since its schedule last began. */
export interface DeliveryProgress {
  readonly attemptCount: number;
  readonly scheduleStep: number;
}

/** The state of a delivery after an attempt; `dueAtMs` is null when no attempt follows. */
export interface DeliveryStep extends DeliveryProgress {
  readonly status: DeliveryStatus;
  readonly dueAtMs: number | null;
  /** Why it is exhausted although the policy has attempts left, as a sentence; null otherwise. */
  readonly endReason: string | null;
}
