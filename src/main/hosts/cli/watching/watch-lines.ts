import { relative } from 'node:path';
import type { JudgedDelivery } from '#shared/contract/replay-verdicts.ts';
import { endText, replayVerdictTones, replayVerdictWords, toldVerdicts } from '#shared/replay-verdict-words.ts';
import { skipWords } from '#shared/skip-words.ts';
import { toned } from '../output.ts';
import type { RoundEnd } from './round.ts';

const namedPaths = 3;

/** Files as they are called from the working folder, the first of them. */
export function pathsText(paths: readonly string[]): string {
  const names = paths.map((path) => relative('', path) || '.');
  return names.length <= namedPaths ? names.join(', ') : `${names.slice(0, namedPaths).join(', ')} and ${names.length - namedPaths} more`;
}

const widestVerdict = Math.max(...Object.values(replayVerdictWords).map((word) => (word.length > 20 ? 0 : word.length)));

/** One event: `fixed  500 → 200  invoice.paid to Shop  dlv_…`. */
export function judgedLine({ verdict, before, after, eventType, endpointName, deliveryId }: JudgedDelivery): string {
  const ends = [before, after].flatMap((attempt) => (attempt === null ? [] : [endText(attempt)])).join(' \u2192 ');
  return `${toned(replayVerdictWords[verdict].padEnd(widestVerdict), replayVerdictTones[verdict])}  ${ends}  ${eventType} to ${endpointName}  ${deliveryId}`;
}

/** The totals of a round, and what was skipped. */
export function roundLines(
  { replay, counts }: RoundEnd,
  { failing, of }: { readonly failing: number; readonly of: number },
): readonly string[] {
  const told = toldVerdicts(counts).map(({ verdict, count }) =>
    toned(`${count} ${replayVerdictWords[verdict]}`, replayVerdictTones[verdict]),
  );
  const allText = of === 1 ? 'it is delivered' : of === 2 ? 'both are delivered' : `all ${of} are delivered`;
  const rest = failing === 0 ? toned(allText, 'good') : toned(`${failing} of ${of} ${failing === 1 ? 'fails' : 'fail'}`, 'bad');
  return [
    [...(told.length === 0 ? ['nothing was replayed'] : told), rest].join(', '),
    ...replay.skipped.map(({ reason, count }) => `${count} skipped: ${skipWords[reason]}`),
  ];
}
