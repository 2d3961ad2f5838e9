import type { Outage, WhatIfLane } from '#shared/contract/what-if.ts';
import { spanText } from '#shared/duration-text.ts';
import { answerText } from '#shared/what-if/lane-words.ts';
import { axisTicks, outageAxis, type OutageAxis } from '#shared/what-if/axis.ts';
import { backAtMs, beganAtMs } from '#shared/what-if/scenario.ts';
import { table } from './output.ts';

/** Columns of a drawn lane. */
const columns = 64;

/** What an answer is told with: a time of day of this machine. */
export type ClockText = (atMs: number) => string;

/** The outages, a drawn lane for each set of rules, a table of totals, and what is not sure. */
export function whatIfLines(
  { lanes, leavesOut }: { readonly lanes: readonly WhatIfLane[]; readonly leavesOut: readonly string[] },
  outages: readonly Outage[],
  clockText: ClockText,
): string {
  const axis = axisOf(lanes, outages);
  const names = lanes.map(({ name }) => name);
  const wide = Math.max(...names.map((name) => name.length)) + 2;
  const drawn = lanes.flatMap((lane) => [
    `${lane.name.padEnd(wide)}${laneRow(lane, outages, axis)}`,
    `${''.padEnd(wide)}${lane.ending}${lane.recovery === null ? '' : ` ${lane.recovery}`}`,
  ]);
  return [
    ...outages.map((outage) => outageLine(outage, clockText)),
    '',
    `${''.padEnd(wide)}${tickRow(axis, clockText)}`,
    ...drawn,
    '',
    `${''.padEnd(wide)}. at once  o late  x failed  ! lost  - not sent  | switched off  : outage`,
    '',
    totalsTable(lanes),
    ...unsureLines(lanes),
    '',
    ...leavesOut,
  ].join('\n');
}

function outageLine({ fromMs, untilMs, answer }: Outage, clockText: ClockText): string {
  return `Outage from ${clockText(fromMs)} to ${clockText(untilMs)} (${spanText(untilMs - fromMs)}): ${answerText(answer)}.`;
}

function axisOf(lanes: readonly WhatIfLane[], outages: readonly Outage[]): OutageAxis {
  const events = lanes.flatMap((lane) => lane.events);
  const fromMs = Math.min(beganAtMs({ outages }), ...events.map(({ atMs }) => atMs));
  const backMs = backAtMs({ outages });
  return outageAxis(fromMs, backMs, Math.max(backMs + 1, ...events.flatMap(({ atMs, endedAtMs }) => [atMs, endedAtMs])));
}

function columnOf(axis: OutageAxis, atMs: number): number {
  return Math.max(0, Math.min(columns - 1, Math.floor(axis.toShare(atMs) * columns)));
}

function tickRow(axis: OutageAxis, clockText: ClockText): string {
  const row = Array.from({ length: columns + 8 }, () => ' ');
  let free = 0;
  for (const { atMs, sinceBackMs } of axisTicks(axis, 9 / columns, clockOffsetMs(axis.fromMs))) {
    const text = sinceBackMs === null ? clockText(atMs).slice(-5) : `+${spanText(sinceBackMs)}`;
    const column = columnOf(axis, atMs);
    if (column < free) continue;
    row.splice(column, text.length, ...text);
    free = column + text.length + 1;
  }
  return row.join('').trimEnd();
}

/** How far the clock of this machine is ahead of UTC. */
function clockOffsetMs(atMs: number): number {
  return -new Date(atMs).getTimezoneOffset() * 60_000;
}

/** Marks from the weakest to the strongest, of which a column shows the strongest. */
const strength = ' :.xo-!|';

function laneRow({ events, off }: WhatIfLane, outages: readonly Outage[], axis: OutageAxis): string {
  const row = Array.from({ length: columns }, () => ' ');
  const mark = (atMs: number, sign: string) => {
    const column = columnOf(axis, atMs);
    if (strength.indexOf(sign) > strength.indexOf(row[column] ?? ' ')) row[column] = sign;
  };
  for (const { fromMs, untilMs } of outages)
    for (let column = columnOf(axis, fromMs); column <= columnOf(axis, untilMs - 1); column += 1) row[column] = ':';
  for (const { atMs, endedAtMs, end, attempts, tries = [] } of events) {
    for (const attempt of tries) if (!attempt.isOk) mark(attempt.atMs, 'x');
    if (end === 'delivered') mark(endedAtMs, attempts === 1 ? '.' : 'o');
    else if (end === 'exhausted') mark(endedAtMs, '!');
    else if (end === 'unsent') mark(atMs, '-');
  }
  if (off !== null) mark(off.atMs, '|');
  return row.join('').trimEnd();
}

function totalsTable(lanes: readonly WhatIfLane[]): string {
  return table(
    ['RULES', 'EVENTS', 'AT ONCE', 'LATE', 'MEDIAN DELAY', 'LONGEST DELAY', 'LOST', 'ATTEMPTS', 'FIRST MINUTE', 'BUSIEST MINUTE'],
    lanes.map(({ name, totals, range }) => [
      name,
      String(totals.events),
      String(totals.atOnce),
      between(totals.late, range?.shortest.late, range?.longest.late),
      totals.lateness === null ? '-' : spanText(totals.lateness.p50Ms),
      totals.lateness === null ? '-' : spanText(totals.lateness.maxMs),
      between(totals.lost, range?.shortest.lost, range?.longest.lost),
      String(totals.attempts),
      String(totals.firstMinute),
      totals.busiestMinute === null ? '-' : String(totals.busiestMinute.attempts),
    ]),
  );
}

/** A count, with what jitter can make of it where that is another. */
function between(count: number, ...others: readonly (number | undefined)[]): string {
  const all = [count, ...others.filter((other) => other !== undefined)];
  const [least, most] = [Math.min(...all), Math.max(...all)];
  return least === most ? String(count) : `${count} (${least} to ${most})`;
}

/** What lanes rely on that was not read at its owner, and rules that are not known. */
function unsureLines(lanes: readonly WhatIfLane[]): readonly string[] {
  const lines = lanes.flatMap(({ name, facts, switchRule }) => [
    `${name}: ${switchRule}`,
    ...facts.filter(({ certainty }) => certainty !== 'verified').map(({ text, certainty }) => `${name}, ${certainty}: ${text}`),
  ]);
  return lines.length === 0 ? [] : ['', ...lines];
}
