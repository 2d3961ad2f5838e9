import type { ComparedChoice } from './contract/comparisons.ts';

/** What an id names, by its beginning; null for an id of nothing that can be compared. */
export function comparedChoice(id: string): ComparedChoice | null {
  if (id.startsWith('cap_')) return { captureId: id };
  if (id.startsWith('att_')) return { attemptId: id };
  return id.startsWith('dlv_') ? { deliveryId: id } : null;
}
