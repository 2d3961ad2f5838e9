import { formatDurationMs, parseDurationMs } from './duration-text.ts';

/** What one step answers: a status, the response itself, nothing at all, or a reset of the connection. */
export type StepKind = { readonly kind: 'status'; readonly status: number } | { readonly kind: 'answer' | 'timeout' | 'reset' };

/** One step of a sequence. */
export interface AnswerStep {
  readonly does: StepKind;
  /** How many requests it answers. */
  readonly times: number;
  /** Wait before it; null for that of the response. */
  readonly delayMs: number | null;
}

/** What is wrong with one step: where it begins, how long that part is, and what to write. */
export interface StepProblem {
  readonly at: number;
  readonly length: number;
  readonly message: string;
}

/** The steps of a text, or all that is wrong with it, in its order. */
export type ReadSteps = { readonly steps: readonly AnswerStep[] } | { readonly problems: readonly StepProblem[] };

const mostSteps = 100;
const mostTimes = 10_000;
/** Of one text: nobody reads more at once. */
const mostProblems = 10;
/** As a response may wait. */
const longestDelayMs = 600_000;

const example = '500 x2, 429 after 3s, timeout, reset, answer';

/** Reads steps with commas or line breaks between them, such as `500 x2, 429 after 3s, timeout, reset, 200`. */
export function readSteps(text: string): ReadSteps {
  const steps: AnswerStep[] = [];
  const problems: StepProblem[] = [];
  for (const { 0: part, index } of text.matchAll(/[^,\n]+/g)) {
    const words = part.trim();
    const at = index + part.length - part.trimStart().length;
    // Between two commas; told below, with those that have no space there.
    if (words === '') continue;
    const length = words.length;
    if (steps.length === mostSteps) {
      problems.push({ at, length, message: `A sequence has at most ${mostSteps} steps: repeat one with x, such as 500 x20.` });
      break;
    }
    const step = readStep(words);
    if (typeof step === 'string') problems.push({ at, length, message: step });
    else steps.push(step);
    if (problems.length === mostProblems) break;
  }
  const empty = /(?:^|,)\s*(?:,|$)/.exec(text);
  if (empty !== null)
    problems.push({
      at: Math.min(empty.index, Math.max(0, text.length - 1)),
      length: 1,
      message: `A step is missing here: write them as in ${example}.`,
    });
  return problems.length === 0 ? { steps } : { problems: problems.toSorted((one, other) => one.at - other.at) };
}

/** All that is wrong with the steps of a text, a sentence or two each with its place; null for nothing. */
export function stepsProblem(text: string): string | null {
  const read = readSteps(text);
  return 'steps' in read ? null : read.problems.map(({ at, message }) => `At character ${at + 1}: ${message}`).join(' ');
}

const stepForm = /^(?<what>\S+?)(?:\s*(?:x|×)\s*(?<times>\d+))?(?:\s+after\s+(?<delay>.+?))?(?:\s+x\s*(?<timesAfter>\d+))?$/i;

function readStep(words: string): AnswerStep | string {
  const { what = '', times, delay, timesAfter } = stepForm.exec(words)?.groups ?? {};
  const does = kindOf(what.toLowerCase());
  if (does === null)
    return /^\d+$/.test(what)
      ? `${what} is no status that an answer can have: use 200 to 599.`
      : `"${words}" is no step: write a status, answer, timeout or reset, with x2 to repeat it and after 3s to wait, as in ${example}.`;
  if (times !== undefined && timesAfter !== undefined) return `"${words}" says twice how often: write x once.`;
  const count = Number(times ?? timesAfter ?? 1);
  if (count < 1 || count > mostTimes) return `x${count} is not possible: a step answers 1 to ${mostTimes} requests.`;
  const delayMs = delay === undefined ? null : parseDurationMs(delay);
  if (delay !== undefined && delayMs === null) return `"${delay}" is no length of time: write it as in after 500ms or after 3s.`;
  if (delayMs !== null && delayMs > longestDelayMs)
    return `A step waits for ${formatDurationMs(longestDelayMs)} at most: use timeout for no answer at all.`;
  if (delayMs !== null && does.kind === 'timeout') return 'A timeout never answers, so it cannot come after a wait: leave "after" out.';
  return { does, times: count, delayMs };
}

/** What the name of a step does; null for an unknown one. */
export function kindOf(name: string): StepKind | null {
  if (name === 'answer' || name === 'timeout' || name === 'reset') return { kind: name };
  const status = /^\d{3}$/.test(name) ? Number(name) : 0;
  return status >= 200 && status <= 599 ? { kind: 'status', status } : null;
}

/** A step as it is written. */
export function stepText({ does, delayMs, times }: AnswerStep): string {
  const what = does.kind === 'status' ? String(does.status) : does.kind;
  return `${what}${times === 1 ? '' : ` x${times}`}${delayMs === null ? '' : ` after ${formatDurationMs(delayMs)}`}`;
}

/** How many requests all steps together answer. */
export function stepsLength(steps: readonly AnswerStep[]): number {
  return steps.reduce((sum, { times }) => sum + times, 0);
}

/** Where a request is in a sequence: the step that answers it, and its place from 0; `index` counts requests from 0. */
export function stepAt(
  steps: readonly AnswerStep[],
  atEnd: 'stay' | 'again',
  index: number,
): { readonly step: AnswerStep; readonly place: number } | null {
  const length = stepsLength(steps);
  if (length === 0) return null;
  let left = atEnd === 'again' ? index % length : Math.min(index, length - 1);
  for (const [place, step] of steps.entries()) {
    if (left < step.times) return { step, place };
    left -= step.times;
  }
  return null;
}
