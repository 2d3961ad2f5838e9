import type { ComparedChoice } from './contract/comparisons.ts';

/** What an id names, by its beginning; null for an id of nothing that can be compared. */
export function comparedChoice(id: string): ComparedChoice | null {
  if (id.startsWith('cap_')) return { captureId: id };
  if (id.startsWith('att_')) return { attemptId: id };
  return id.startsWith('dlv_') ? { deliveryId: id } : null;
}

/** What an id names, for calls; an id of nothing that can be compared is taken for that of a delivery, whose refusal names it. */
export function askedChoice(id: string): ComparedChoice {
  return comparedChoice(id) ?? { deliveryId: id };
}
