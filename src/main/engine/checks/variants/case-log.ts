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
  /** Answers with a 5xx and lost connections that did not come again when the same was sent again. */
  readonly wavering: readonly VariantAnswer[];
}

/** The answer to a variant, and those before it that did not come again. */
export interface SteadyAnswer {
  readonly answer: VariantAnswer;
  readonly wavering: readonly VariantAnswer[];
}

/** Exchanges of a case that are kept although the receiver took the request. */
const keptTaken = 20;

export type CaseLog = ReturnType<typeof createCaseLog>;

/** What one case has sent. */
export function createCaseLog(ports: { readonly send: (dataJson: string, isOnce: boolean) => Promise<SteadyAnswer> }) {
  const answers: VariantAnswer[] = [];
  const wavering: VariantAnswer[] = [];
  const unmade: string[] = [];
  return {
    /**
     * Null where no request can be made of it, such as one whose template fails on it. What breaks is sent again before that counts, but
     * where it `isOnce`.
     */
    send: async (dataJson: string, isOnce = false): Promise<VariantAnswer | null> => {
      try {
        const { answer, wavering: before } = await ports.send(dataJson, isOnce);
        wavering.push(...before);
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
      const kept = [...wavering, ...answers].filter(({ kind }) => kind !== 'accepted' || (taken += 1) <= keptTaken);
      const unmet = kept.flatMap(({ kind, exchange }) => (kind === 'accepted' ? [] : (exchange.deliveryId ?? [])));
      return { result, message, exchanges: kept.map(({ exchange }) => exchange), unmet, findings, answers, wavering };
    },
  };
}

/** The outcome of a case that sent nothing. */
export function unsent(result: 'skipped' | 'undecided', message: string): VariantOutcome {
  return { result, message, exchanges: [], unmet: [], findings: [], answers: [], wavering: [] };
}

/** A number of things in words, for the beginning of a sentence. */
export function countText(count: number, what: string): string {
  return count === 1 ? `One ${what}` : `${count} ${what}s`;
}
