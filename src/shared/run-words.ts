import type { RunAnswer, RunReport, RunWaiting } from './contract/runs.ts';
import { coarseText, durationText } from './duration-text.ts';
import { missLines } from './miss-lines.ts';

/** A step of a run, or what is expected of the whole, as it came out. */
export type JudgedEvent = Extract<RunReport, { readonly kind: 'step' | 'whole' }>;
type RunStarted = Extract<RunReport, { readonly kind: 'started' }>;
type StepEvent = Extract<RunReport, { readonly kind: 'step' }>;

/** What is done about the gaps of a run, such as `gaps of 2 h take 2.00 s`; null where it has none. */
export function gapsText(gapsMs: number, speed: number | null): string | null {
  if (gapsMs === 0) return null;
  if (speed === null) return `gaps of ${durationText(gapsMs)} are left out`;
  if (speed === 1) return `gaps of ${durationText(gapsMs)}`;
  return `gaps of ${durationText(gapsMs)} take ${durationText(gapsMs / speed)} (${speed} times as fast)`;
}

/** What a run is waiting for, `passedMs` after it said so, such as `1 attempt made (503), next in 12 s, 48 s left`. */
export function waitingText(waiting: RunWaiting, passedMs: number): string {
  const { attempts, status } = waiting;
  const left = (ms: number | null) => (ms === null ? '' : coarseText(ms - passedMs));
  const [nextIn, most] = [left(waiting.nextInMs), left(waiting.leftMs)];
  if (waiting.for === 'captures') return `${most} left`;
  if (waiting.for === 'gap') return `sent in ${nextIn}`;
  const answered = status === null ? '' : ` (${status})`;
  const made = attempts === 0 ? '' : `${attempts} ${attempts === 1 ? 'attempt' : 'attempts'} made${answered}, `;
  const next = waiting.for === 'retry' ? `next in ${nextIn}` : `attempt ${attempts + 1} not ended after ${coarseText(passedMs)}`;
  return `${made}${next}, ${most} left`;
}

/** What is said of a run that was ended from outside, of which some steps and expectations of the whole were decided. */
export function stoppedText(events: readonly Pick<RunReport, 'kind'>[], started: Pick<RunStarted, 'steps' | 'wholeTitles'> | null): string {
  const decided = (kind: JudgedEvent['kind']) => events.filter((event) => event.kind === kind).length;
  const whole = started?.wholeTitles.length ?? 0;
  const ofWhole = whole === 0 ? '' : ` and ${decided('whole')} of ${whole} expectations of the whole`;
  return `Stopped after ${decided('step')} of ${started?.steps ?? 0} steps${ofWhole}; what was under way is cancelled.`;
}

/** What is missing, without what the sentence of the event says already. What came closest is named of the whole only: of a step it is its own delivery. */
export function unsaidMisses({ kind, message, nearest }: JudgedEvent): readonly string[] {
  if (nearest === null) return [];
  if (kind === 'whole') return missLines(nearest);
  const unmet = nearest.unmet.filter(({ found }) => !message.includes(found));
  return missLines({ ...nearest, unmet }).slice(1);
}

/** What was answered; null where nothing was, and where the sentence of the step says it already. */
export function unsaidAnswer({ answer, message }: Pick<StepEvent, 'answer' | 'message'>): RunAnswer | null {
  if (answer === null || answer.text === null) return answer;
  const isSaid =
    answer.text === '' ? /It is empty\.|The answer has no body\./.test(message) : message.includes(JSON.stringify(answer.text));
  return isSaid ? null : answer;
}

/** What was answered, in lines of a report; nothing where the sentence of the event says it already. */
export function answerLines(event: JudgedEvent): readonly string[] {
  const answer = event.kind === 'step' ? unsaidAnswer(event) : null;
  if (answer === null) return [];
  const { text, bytes } = answer;
  if (text === null) return [`Its answer: ${bytes} bytes that are no text`];
  if (text === '') return ['Its answer has no body.'];
  return `Its answer: ${text}${text.endsWith('\u2026') ? ` (${bytes} bytes in all)` : ''}`.split(/\r?\n/);
}
