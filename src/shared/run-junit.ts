import type { RunReport } from './contract/runs.ts';
import type { JunitCase, JunitSuite } from './junit.ts';
import { missLines } from './miss-lines.ts';
import { answerLines, type JudgedEvent } from './run-words.ts';

/**
 * A run in a JUnit report, with a case for each step and for each expectation of the whole; those that a stop left undecided are skipped. A run that
 * broke off, or could not begin, for which there is a reason, is an error of its own.
 */
export function runSuite(name: string, events: readonly RunReport[], brokeOff: string | null): JunitSuite {
  const started = events.find((event) => event.kind === 'started');
  const judged = events.filter((event): event is JudgedEvent => event.kind === 'step' || event.kind === 'whole');
  const done = judged.filter(({ kind }) => kind === 'step').length;
  const steps = started?.titles.map((title, index) => caseName(index + 1, title)) ?? [];
  // Stopped before it said what it has: it is not without a case, which would look as if all of it passed.
  const whole = started?.wholeTitles ?? (brokeOff === null ? ['the run'] : []);
  const left = [...steps.slice(done), ...whole.slice(judged.length - done)].map((each): JunitCase => ({
    name: each,
    seconds: 0,
    failure: null,
    skipped: 'The run was stopped before this was decided.',
  }));
  const broken: readonly JunitCase[] =
    brokeOff === null ? [] : [{ name: 'the run to its end', seconds: 0, failure: null, error: brokeOff }];
  return { name: `hookyard run ${name}`, cases: [...judged.map(caseOf), ...left, ...broken] };
}

/** A run whose turn did not come, since one before it was stopped or could not be run. */
export function unrunSuite(name: string): JunitSuite {
  const skipped = 'It was not begun: one before it was stopped, or could not be run.';
  return { name: `hookyard run ${name}`, cases: [{ name: 'the run', seconds: 0, failure: null, skipped }] };
}

/** The same whether a step was decided or left out: a history of results goes by it. */
function caseName(number: number, title: string): string {
  return `${number}: ${title}`;
}

function caseOf(event: JudgedEvent): JunitCase {
  const { isMet, message, nearest, tookMs } = event;
  const details = [...(nearest === null ? [message] : missLines(nearest)), ...answerLines(event)];
  return {
    name: event.kind === 'step' ? caseName(event.number, event.title) : event.title,
    seconds: tookMs / 1000,
    failure: isMet ? null : { message, details: details.join('\n') },
  };
}
