import type { CaseResult, CheckExchange, CheckFinding } from '#shared/contract/checks.ts';
import { Refusal } from '../../base/refusal.ts';
import type { VariantAnswer } from './finding.ts';

/** How a case of variants came out. */
export interface VariantOutcome {
  readonly result: CaseResult;
  readonly message: string;
  readonly exchanges: readonly CheckExchange[];
  /** The deliveries of these that were not taken. */
  readonly unmet: readonly string[];
  readonly findings: readonly CheckFinding[];
  /** The answers to what was sent, in its order. */
  readonly answers: readonly VariantAnswer[];
}

/** Exchanges of a case that are kept although the receiver took the request. */
const keptTaken = 20;

export type CaseLog = ReturnType<typeof createCaseLog>;

/** What one case has sent. */
export function createCaseLog(ports: { readonly send: (dataJson: string) => Promise<VariantAnswer> }) {
  const answers: VariantAnswer[] = [];
  const unmade: string[] = [];
  return {
    /** Null where no request can be made of it, such as one whose template fails on it. */
    send: async (dataJson: string): Promise<VariantAnswer | null> => {
      try {
        const answer = await ports.send(dataJson);
        answers.push(answer);
        return answer;
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        unmade.push(error.message);
        return null;
      }
    },
    unmadeCount: () => unmade.length,
    /** What was not sent and why, in a sentence; empty where all was. */
    whyNot: () => (unmade.length === 0 ? '' : `${countText(unmade.length, 'request')} could not be made: ${unmade[0] ?? ''}`),
    outcome: (result: CaseResult, message: string, findings: readonly CheckFinding[] = []): VariantOutcome => {
      let taken = 0;
      const kept = answers.filter(({ kind }) => kind !== 'accepted' || (taken += 1) <= keptTaken);
      const unmet = kept.flatMap(({ kind, exchange }) => (kind === 'accepted' ? [] : (exchange.deliveryId ?? [])));
      return { result, message, exchanges: kept.map(({ exchange }) => exchange), unmet, findings, answers };
    },
  };
}

/** The outcome of a case that sent nothing. */
export function skipped(message: string): VariantOutcome {
  return { result: 'skipped', message, exchanges: [], unmet: [], findings: [], answers: [] };
}

/** A number of things in words, for the beginning of a sentence. */
export function countText(count: number, what: string): string {
  return count === 1 ? `One ${what}` : `${count} ${what}s`;
}
