import type { ReplayVerdict, ReplayVerdicts } from './contract/replay-verdicts.ts';

/** Verdicts of replayed deliveries behind a number, those that matter most first. */
export const replayVerdictWords: Readonly<Record<ReplayVerdict, string>> = {
  regressed: 'regressed',
  fixed: 'fixed',
  'same-failure': 'same failure',
  'other-failure': 'another failure',
  failed: 'failed',
  delivered: 'delivered',
  'still-delivered': 'delivered as before',
  waiting: 'no new attempt yet',
  unknown: 'from a version that did not note what came before',
};

/** What each verdict means, for good or bad. */
export const replayVerdictTones: Readonly<Record<ReplayVerdict, 'good' | 'bad' | 'waiting'>> = {
  regressed: 'bad',
  fixed: 'good',
  'same-failure': 'bad',
  'other-failure': 'bad',
  failed: 'bad',
  delivered: 'good',
  'still-delivered': 'good',
  waiting: 'waiting',
  unknown: 'waiting',
};

/** The verdicts that there are, in the order in which they are told. */
export function toldVerdicts(counts: ReplayVerdicts['counts']): readonly { readonly verdict: ReplayVerdict; readonly count: number }[] {
  return (Object.keys(replayVerdictWords) as ReplayVerdict[]).flatMap((verdict) => {
    const count = counts[verdict] ?? 0;
    return count === 0 ? [] : [{ verdict, count }];
  });
}

/** `503`, or the outcome where no answer came. */
export function endText({ outcomeCode, status }: { readonly outcomeCode: string; readonly status: number | null }): string {
  return outcomeCode === 'ok' || outcomeCode === 'http_status' ? String(status ?? outcomeCode) : outcomeCode;
}
