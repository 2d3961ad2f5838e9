import type { ComparedResult, RequestComparison } from '#shared/contract/comparing.ts';
import { changeWord, firstDifferenceText } from '#shared/comparison-words.ts';
import { leftOutText, sameHeadersText } from '#shared/left-out-words.ts';
import { table } from './output.ts';

/** What the two requests are called. */
export interface SideNames {
  readonly before: string;
  readonly after: string;
  /** Both are one request, so that what differs was changed on its way. */
  readonly isSameRequest: boolean;
}

/** A comparison in lines for people: request line, headers, body. */
export function comparisonLines(comparison: RequestComparison, names: SideNames): readonly string[] {
  const { line, headers, headersResult, isReordered, body, leftOutHeaders } = comparison;
  return [
    ...(line.isSame === true
      ? ['Request line: the same']
      : [`Request line:${line.isSame === null ? ' not compared whole' : ''}`, ...pair(names, lineText(line.before), lineText(line.after))]),
    ...headerLines(headers, headersResult, sameHeadersText(leftOutHeaders), names),
    ...(isReordered ? ['Headers that both have come in another order.'] : []),
    '',
    ...bodyLines(body, names),
    ...leftOutLines(comparison),
  ];
}

function lineText({ method, target }: RequestComparison['line']['before']): string {
  return `${method ?? '(method not known)'} ${target ?? '(target not known)'}`;
}

/** How many differences were left out, by their kind, and where; nothing for none. */
export function leftOutLines(leftOut: Pick<RequestComparison, 'leftOut' | 'leftOutHeaders'>): readonly string[] {
  const left = leftOutText(leftOut);
  return left === '' ? [] : ['', `Left out: ${left}.`];
}

/** Headers that differ; `same` is what is said where none does. */
export function headerLines(
  headers: RequestComparison['headers'],
  result: ComparedResult,
  same: string,
  { isSameRequest }: SideNames,
): readonly string[] {
  if (headers.length === 0) return [`Headers: ${result === 'same' ? same : 'not compared whole'}`];
  const rows = headers.map(({ kind, name, before, after, isHopByHop, note }) => [
    `${changeWord(kind, isSameRequest)}${isHopByHop ? ' (hop)' : ''}`,
    name,
    before === null || after === null ? (before ?? after ?? '') : `${before} -> ${after}`,
    note ?? '',
  ]);
  const isUntold = headers.some(({ kind }) => kind === 'untold');
  return [
    'Headers:',
    ...table(['CHANGE', 'NAME', 'VALUE', 'NOTE'], rows).split('\n'),
    ...(isUntold ? ['What is not told, one side does not say whether it has it, so it does not count.'] : []),
  ];
}

/** How two bodies differ. */
export function bodyLines(body: RequestComparison['body'], names: SideNames): readonly string[] {
  const { isSame, beforeBytes, afterBytes, afterSha256, firstDifference, rewrites, changes, changeCount, notes } = body;
  if (isSame) return [`Body: the same ${beforeBytes} bytes${afterSha256 === null || beforeBytes === 0 ? '' : `, SHA-256 ${afterSha256}`}`];
  return [
    `Body: ${sizeText(beforeBytes)} ${names.before}, ${sizeText(afterBytes)} ${names.after}`,
    ...(firstDifference === null
      ? []
      : [
          `${firstDifferenceText({ ...body, offset: firstDifference.offset })}; from byte ${firstDifference.before.fromByte}:`,
          ...pair(names, bytesText(firstDifference.before), bytesText(firstDifference.after)),
        ]),
    ...rewrites.map(({ sentence }) => `- ${sentence}`),
    ...changes.map(
      ({ kind, path, before, after, note }) =>
        `- ${path}${kind === 'changed' ? '' : `, ${changeWord(kind, names.isSameRequest)}`}: ${[before, after].filter((value) => value !== null).join(' -> ')}${note === null ? '' : ` (${note})`}`,
    ),
    ...(changeCount > changes.length ? [`- and ${changeCount - changes.length} more`] : []),
    ...notes,
  ];
}

function sizeText(bytes: number | null): string {
  return bytes === null ? 'not known' : `${bytes} bytes`;
}

function bytesText({ hex, text }: { readonly hex: string; readonly text: string }): string {
  return hex === '' ? '(the end of the body)' : `${hex}  ${text}`;
}

function pair({ before, after }: SideNames, one: string, other: string): readonly string[] {
  const width = Math.max(before.length, after.length);
  return [`  ${before.padEnd(width)}  ${one}`, `  ${after.padEnd(width)}  ${other}`];
}
