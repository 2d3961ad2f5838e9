import type { RunAnswer, RunReport, RunWaiting } from '#shared/contract/runs.ts';
import type { NearestMiss } from '#shared/contract/waits.ts';
import { durationText } from '#shared/duration-text.ts';
import { missLines } from '#shared/miss-lines.ts';
import { gapsText, waitingText } from '#shared/run-words.ts';
import { junitXml, type JunitCase } from './junit.ts';
import { toned } from './output.ts';

type Judged = Extract<RunReport, { readonly kind: 'step' | 'whole' }>;

/** An event of a run in one line; what is not met has more, with what is missing. */
export function runEventLine(event: RunReport): string {
  switch (event.kind) {
    case 'started': {
      const gaps = gapsText(event.gapsMs, event.speed);
      const steps = `${event.steps} ${event.steps === 1 ? 'step' : 'steps'}`;
      return `Running ${event.name}: ${steps} to ${event.to}${gaps === null ? '' : `; ${gaps}`}. In the log it is ${event.id}`;
    }
    case 'step':
      return judgedLine(event, `${String(event.number).padStart(3)}  ${event.title}`);
    case 'whole':
      return judgedLine(event, `     ${event.title}`);
    case 'ended':
      return `${toned(event.isMet ? 'passed' : 'failed', event.isMet ? 'good' : 'bad')}  ${event.message} (${durationText(event.tookMs)})`;
  }
}

function judgedLine(event: Judged, what: string): string {
  const { isMet, message, tookMs, nearest } = event;
  const line = `${toned((isMet ? 'ok' : 'not met').padEnd(7), isMet ? 'good' : 'bad')}${what}: ${message} (${durationText(tookMs)})`;
  if (nearest === null) return line;
  const more = event.kind === 'step' ? [...stepLines(message, nearest), ...answerLines(event.answer, message)] : missLines(nearest);
  return [line, ...more.map((each) => `              ${each}`)].join('\n');
}

/** The delivery of a step, and what its sentence does not say already. */
function stepLines(message: string, nearest: NearestMiss): readonly string[] {
  const unmet = nearest.unmet.filter(({ found }) => !message.includes(found));
  return [`Delivery: ${nearest.id}  ${nearest.what}`, ...missLines({ ...nearest, unmet }).slice(1)];
}

/** What was answered, unless the sentence says it already. */
function answerLines(answer: RunAnswer | null, message: string): readonly string[] {
  if (answer === null) return [];
  const { text, bytes } = answer;
  if (text === null) return [`Its answer: ${bytes} bytes that are no text`];
  if (text === '') return message.includes('It is empty.') ? [] : ['Its answer has no body.'];
  if (message.includes(JSON.stringify(text))) return [];
  return `Its answer: ${text}${text.endsWith('\u2026') ? ` (${bytes} bytes in all)` : ''}`.split(/\r?\n/);
}

/** Of a title, so that a terminal of 80 columns has room for the rest. */
const shownTitle = 28;

/** What a run is waiting for, `passedMs` after it said so: one line, without its end. */
export function waitingLine(waiting: RunWaiting, passedMs: number): string {
  const { number } = waiting;
  const title = waiting.title.length > shownTitle ? `${waiting.title.slice(0, shownTitle - 1)}…` : waiting.title;
  const words = waitingText(waiting, passedMs);
  return waiting.for === 'captures' ? `waiting     ${title}, ${words}` : `waiting  ${number}  ${title}: ${words}`;
}

/** What is said of a run that was ended from outside. */
export function stoppedText(events: readonly RunReport[]): string {
  const started = events.find((event) => event.kind === 'started');
  const done = events.filter(({ kind }) => kind === 'step').length;
  return `Stopped after ${done} of ${started?.steps ?? 0} steps; what was under way is cancelled.`;
}

/**
 * A JUnit report with a case for each step and for each expectation of the whole; steps that a stop left out are skipped. A run that broke off, for which
 * there is a reason, is a failure of its own.
 */
export function runJunit(name: string, events: readonly RunReport[], brokeOff: string | null = null): string {
  const started = events.find((event) => event.kind === 'started');
  const judged = events.filter((event): event is Judged => event.kind === 'step' || event.kind === 'whole');
  const done = judged.filter(({ kind }) => kind === 'step').length;
  const left = Array.from({ length: Math.max(0, (started?.steps ?? 0) - done) }, (_, index): JunitCase => ({
    name: `step ${done + index + 1}`,
    seconds: 0,
    failure: null,
    skipped: 'The run was stopped before this was decided.',
  }));
  const broken: readonly JunitCase[] =
    brokeOff === null ? [] : [{ name: 'the run to its end', seconds: 0, failure: { message: brokeOff, details: brokeOff } }];
  return junitXml(`hookyard run ${name}`, [...judged.map(caseOf), ...left, ...broken]);
}

function caseOf(event: Judged): JunitCase {
  const { isMet, message, nearest, tookMs } = event;
  const answer = event.kind === 'step' ? answerLines(event.answer, message) : [];
  const details = [...(nearest === null ? [message] : missLines(nearest)), ...answer];
  return {
    name: event.kind === 'step' ? `${event.number}: ${event.title}` : event.title,
    seconds: tookMs / 1000,
    failure: isMet ? null : { message, details: details.join('\n') },
  };
}
