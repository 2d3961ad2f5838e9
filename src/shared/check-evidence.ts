import type { CaseOutcome, CheckFinding, Defect } from './contract/checks.ts';

/** A delivery of a case, as it is listed. */
export interface CaseDelivery {
  readonly deliveryId: string;
  /** 1 for the first that the case has in the log. */
  readonly number: number;
  /** Null when no answer came. */
  readonly status: number | null;
  /** Whether the answer is other than the case expects. */
  readonly isUnmet: boolean;
}

/** The deliveries of a case in the log: those with an answer that it does not expect come first, then each in the order of sending. */
export function caseDeliveries({ exchanges, unmet }: Pick<CaseOutcome, 'exchanges' | 'unmet'>): readonly CaseDelivery[] {
  const logged = exchanges
    .flatMap(({ deliveryId, answer }) => (deliveryId === null ? [] : [{ deliveryId, status: answer?.status ?? null }]))
    .map((one, index) => ({ ...one, number: index + 1, isUnmet: unmet.includes(one.deliveryId) }));
  return [...logged.filter(({ isUnmet }) => isUnmet), ...logged.filter(({ isUnmet }) => !isUnmet)];
}

/** The cases behind a defect, by their ids. */
export interface Evidence {
  readonly shows: readonly string[];
  /** Those that passed: what the receiver does right beside what it does wrong. */
  readonly contrast: readonly string[];
}

/** Tells the cases that show a defect from those that passed and only stand against them. */
export function evidenceOf({ evidence }: Pick<Defect, 'evidence'>, cases: readonly Pick<CaseOutcome, 'id' | 'result'>[]): Evidence {
  const hasPassed = (id: string) => cases.some((one) => one.id === id && one.result === 'passed');
  const shows = evidence.filter((id) => !hasPassed(id));
  return shows.length === 0 ? { shows: evidence, contrast: [] } : { shows, contrast: evidence.filter(hasPassed) };
}

/** The variant that shows a defect, where one does. */
export function findingOfDefect({ id }: Pick<Defect, 'id'>, cases: readonly Pick<CaseOutcome, 'findings'>[]): CheckFinding | null {
  return cases.flatMap(({ findings }) => findings).find((finding) => finding.id === id) ?? null;
}
