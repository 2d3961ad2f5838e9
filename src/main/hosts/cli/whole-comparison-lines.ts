import { connectionWords, phaseWords } from '#shared/comparison-words.ts';
import type { ComparedSide, Comparison, ConnectionComparison, ResponseComparison, TimingComparison } from '#shared/contract/comparisons.ts';
import { differenceText, durationText } from '#shared/duration-text.ts';
import { sameHeadersText } from '#shared/left-out-words.ts';
import { bodyLines, comparisonLines, headerLines, leftOutLines } from './comparison-lines.ts';
import { formatTime, table } from './output.ts';

const names = { before: 'first', after: 'second', isSameRequest: false };

/** A comparison of two attempts or captures in lines for people: what came out, then request, answer, timing, connection. */
export function wholeComparisonLines(comparison: Comparison): readonly string[] {
  const { summary, before, after, request, response, timing, connection } = comparison;
  return [
    summary,
    ...notComparedLines(comparison),
    '',
    `First:  ${sideText(before)}`,
    ...before.notes.map((note) => `        ${note}`),
    `Second: ${sideText(after)}`,
    ...after.notes.map((note) => `        ${note}`),
    ...heading('REQUEST'),
    ...comparisonLines(request, names),
    ...heading('ANSWER'),
    ...responseLines(response),
    ...heading('TIMING'),
    ...timingLines(timing),
    ...heading('CONNECTION'),
    ...connectionLines(connection),
  ];
}

function heading(text: string): readonly string[] {
  return ['', text];
}

/** What could not be compared, and why; nothing where all could be. */
function notComparedLines({ request, response }: Comparison): readonly string[] {
  const lines = [...request.notCompared, ...response.notCompared].map((sentence) => `- ${sentence}`);
  return lines.length === 0 ? [] : ['', 'Not compared:', ...lines];
}

function sideText({ name, id, atMs, status, outcome, readAs }: ComparedSide): string {
  const ended = outcome !== null && outcome.code !== 'ok' ? `, ${outcome.message}` : status === null ? '' : `, ${status}`;
  const at = atMs === null ? 'at a time that is not known' : formatTime(atMs);
  return `${name}, ${at}, ${id ?? `read as ${readAs ?? 'a text'}`}${ended}`;
}

function responseLines(response: ResponseComparison): readonly string[] {
  const { summary, before, after, headers, headersResult, isReordered, body, notes, leftOutHeaders } = response;
  const areBoth = before.status !== null && after.status !== null;
  return [
    summary,
    ...(areBoth ? headerLines(headers, headersResult, sameHeadersText(leftOutHeaders), names) : []),
    ...(isReordered ? ['Headers that both have come in another order.'] : []),
    ...(body === null ? [] : bodyLines(body, names)),
    ...notes,
    ...leftOutLines(response),
  ];
}

function timingLines({ summary, phases, total, notes }: TimingComparison): readonly string[] {
  const shown = (ms: number | null) => (ms === null ? '-' : durationText(ms));
  const row = (label: string, { beforeMs, afterMs, differenceMs }: TimingComparison['total']) => [
    label,
    shown(beforeMs),
    shown(afterMs),
    differenceMs === null ? '-' : differenceText(differenceMs, '-'),
  ];
  const rows = [...phases.map(({ phase, ...ms }) => row(phaseWords[phase], ms)), row('Total', total)];
  return [summary, ...table(['PHASE', 'FIRST', 'SECOND', 'DIFFERENCE'], rows).split('\n'), ...notes];
}

function connectionLines({ summary, facts, notes }: ConnectionComparison): readonly string[] {
  const rows = facts.map(({ fact, before, after, isSame }) => [
    connectionWords[fact],
    before ?? '-',
    isSame === true ? 'the same' : (after ?? '-'),
  ]);
  return [summary, ...(rows.length === 0 ? [] : table(['FACT', 'FIRST', 'SECOND'], rows).split('\n')), ...notes];
}
