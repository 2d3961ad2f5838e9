import type { AnswerCount } from './contract/bin-answers.ts';
import type { RequestMatch } from './contract/request-match.ts';
import { matchTexts, readMatch, type ConditionProblem } from './match-text.ts';

/** Conditions of a rule that answers, or all that is wrong with them, each with its place in the list. */
export type ReadConditions =
  | { readonly match: RequestMatch | null; readonly count: AnswerCount | null }
  | { readonly problems: readonly ConditionProblem[] };

/** Reads conditions as {@link readMatch} does, and beside them `count=1-3`, `count=4-` or `count=every 5`. */
export function readConditions(texts: readonly string[]): ReadConditions {
  let count: AnswerCount | null = null;
  let isCounted = false;
  const problems: ConditionProblem[] = [];
  for (const [index, text] of texts.entries()) {
    const [, given] = /^\s*count\s*=\s*(.*?)\s*$/.exec(text) ?? [];
    if (given === undefined) continue;
    if (isCounted) problems.push({ problem: 'Give one count: a rule has a first and a last request.', index });
    isCounted = true;
    count = readCount(given);
    if (count === null) problems.push({ problem: `"${given}" is no count: write count=1-3, count=4-, count=2 or count=every 5.`, index });
  }
  // Lines keep their places, which problems refer to.
  const read = readMatch(texts.map((text) => (/^\s*count\s*=/.test(text) ? '' : text)));
  if ('problems' in read) problems.push(...read.problems);
  else if (problems.length === 0) return { match: read.match, count };
  return { problems: problems.toSorted((one, other) => one.index - other.index) };
}

function readCount(text: string): AnswerCount | null {
  const [, every] = /^every\s+(\d{1,6})$/.exec(text) ?? [];
  if (every !== undefined) return Number(every) < 1 ? null : { from: Number(every), to: null, every: Number(every) };
  const [, first, dash, last, step] = /^(\d{1,9})\s*(-|\.\.)?\s*(\d{1,9})?(?:\s+every\s+(\d{1,6}))?$/.exec(text) ?? [];
  if (first === undefined || Number(first) < 1 || (dash === undefined && last !== undefined) || step === '0') return null;
  const from = Number(first);
  const to = dash === undefined ? from : last === undefined ? null : Number(last);
  return to !== null && to < from ? null : { from, to, every: Number(step ?? 1) };
}

/** The conditions of a rule as texts that {@link readConditions} reads; none for every request. */
export function conditionTexts(match: RequestMatch | null, count: AnswerCount | null): readonly string[] {
  return [...matchTexts(match), ...(count === null ? [] : [`count=${countText(count)}`])];
}

/** A count as it is written. */
export function countText({ from, to, every }: AnswerCount): string {
  if (every > 1) return from === every && to === null ? `every ${every}` : `${from}-${to ?? ''} every ${every}`;
  return to === from ? String(from) : `${from}-${to ?? ''}`;
}
