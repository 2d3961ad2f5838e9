import type { RunReport, RunWaiting } from '#shared/contract/runs.ts';
import { durationText } from '#shared/duration-text.ts';
import { answerLines, gapsText, unsaidMisses, waitingText, type JudgedEvent } from '#shared/run-words.ts';
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
  const more = [...delivery, ...unsaidMisses(event), ...answerLines(event)];
  return [line, ...more.map((each) => `              ${each}`)].join('\n');
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
