import type { RunReport, RunWaiting } from '#shared/contract/runs.ts';
import { durationText } from '#shared/duration-text.ts';
import { missLines } from '#shared/miss-lines.ts';
import { gapsText, unsaidAnswer, unsaidMisses, waitingText, type JudgedEvent } from '#shared/run-words.ts';
import { junitXml, type JunitCase } from './junit.ts';
import { toned } from './output.ts';

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

function judgedLine(event: JudgedEvent, what: string): string {
  const { kind, isMet, message, tookMs, nearest } = event;
  const line = `${toned((isMet ? 'ok' : 'not met').padEnd(7), isMet ? 'good' : 'bad')}${what}: ${message} (${durationText(tookMs)})`;
  if (nearest === null) return line;
  const delivery = kind === 'step' ? [`Delivery: ${nearest.id}  ${nearest.what}`] : [];
  const more = [...delivery, ...unsaidMisses(event), ...(kind === 'step' ? answerLines(event) : [])];
  return [line, ...more.map((each) => `              ${each}`)].join('\n');
}

/** What was answered, unless the sentence says it already. */
function answerLines(event: Extract<RunReport, { readonly kind: 'step' }>): readonly string[] {
  const answer = unsaidAnswer(event);
  if (answer === null) return [];
  const { text, bytes } = answer;
  if (text === null) return [`Its answer: ${bytes} bytes that are no text`];
  if (text === '') return ['Its answer has no body.'];
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

/**
 * A JUnit report with a case for each step and for each expectation of the whole; steps that a stop left out are skipped. A run that broke off, for which
 * there is a reason, is a failure of its own.
 */
export function runJunit(name: string, events: readonly RunReport[], brokeOff: string | null = null): string {
  const started = events.find((event) => event.kind === 'started');
  const judged = events.filter((event): event is JudgedEvent => event.kind === 'step' || event.kind === 'whole');
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

function caseOf(event: JudgedEvent): JunitCase {
  const { isMet, message, nearest, tookMs } = event;
  const answer = event.kind === 'step' ? answerLines(event) : [];
  const details = [...(nearest === null ? [message] : missLines(nearest)), ...answer];
  return {
    name: event.kind === 'step' ? `${event.number}: ${event.title}` : event.title,
    seconds: tookMs / 1000,
    failure: isMet ? null : { message, details: details.join('\n') },
  };
}
