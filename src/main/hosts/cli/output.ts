import { styleText } from 'node:util';
import type { Verification } from '#shared/contract/verifying.ts';
import { plainJson, plainText } from '../shared/plain-text.ts';

/** The colours that {@link toned} gives to a word on a terminal, and the end of them. */
// oxlint-disable-next-line no-control-regex -- they begin with one
const tones = /(\u001b\[3[1239]m)/;

/** Prints one line for people, or several. Of what a terminal obeys only the colours of {@link toned} are left. */
export function printLine(text: string): void {
  // After splitting, every second part is a colour code.
  const parts = process.stdout.isTTY ? text.split(tones) : [text];
  process.stdout.write(`${parts.map((part, index) => (index % 2 === 1 ? part : plainText(part))).join('')}\n`);
}

/** Prints one JSON document over several lines. */
export function printJson(value: unknown): void {
  process.stdout.write(`${plainJson(JSON.stringify(value, null, 2))}\n`);
}

/** Prints one line of JSON Lines. */
export function printJsonLine(value: unknown): void {
  process.stdout.write(`${plainJson(JSON.stringify(value))}\n`);
}

/** Prints a note on standard error. */
export function printNote(text: string): void {
  process.stderr.write(`hookyard: ${plainText(text)}\n`);
}

/** Colours a word by its meaning, only on a terminal. */
export function toned(text: string, tone: 'good' | 'bad' | 'waiting'): string {
  const color = { good: 'green', bad: 'red', waiting: 'yellow' } as const;
  return styleText(color[tone], text, { stream: process.stdout, validateStream: true });
}

/** A coloured verdict on a signature. */
export function tonedVerdict(verdict: Verification['verdict']): string {
  return toned(verdict, verdict === 'valid' ? 'good' : verdict === 'unchecked' ? 'waiting' : 'bad');
}

/**
 * Rows with a heading, columns aligned by their widest cell; the last column is not padded. Cells are plain text: what a terminal would
 * obey is written out before it is measured, and so is a line break, which would begin another row.
 */
export function table(heading: readonly string[], cells: readonly (readonly string[])[]): string {
  const rows = cells.map((row) => row.map((cell) => plainText(cell).replaceAll('\n', '\\n')));
  const widths = heading.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))).join('  ');
  return [heading, ...rows].map((row) => line(row).trimEnd()).join('\n');
}

/** A local time of day with its date, such as `2026-08-17 14:03:09`. */
export function formatTime(atMs: number): string {
  const date = new Date(atMs);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
