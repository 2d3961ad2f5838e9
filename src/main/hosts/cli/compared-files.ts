import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { comparedChoice } from '#shared/compared-choice.ts';
import type { ComparedChoice, TextEntry } from '#shared/contract/comparisons.ts';
import { pasteLimitBytes } from '#shared/import/limits.ts';
import { usageError } from '#hosts/shared/exit-error.ts';
import type { EngineClient } from './engine-client.ts';
import type { FileReader } from './input.ts';
import { formatTime, table } from './output.ts';

/** Reads an argument: the id of something in the log, or a file with a request, which `-`, `file:` or a path names. */
export function sideOf(argument: string, files: FileReader): ComparedChoice {
  const stored = /^\w+$/.test(argument) ? comparedChoice(argument) : null;
  if (stored !== null) return stored;
  const path = argument.startsWith('file:') ? argument.slice('file:'.length) : argument;
  if (path !== '-' && path === argument && !/[/\\]/.test(path) && !existsSync(path))
    throw usageError(
      `${argument} is no id of an attempt (att_…), a delivery (dlv_…) or a capture (cap_…), and there is no such file. Give an id, a file, or - for standard input.`,
    );
  const bytes = files.bytes(path, 'compare', pasteLimitBytes);
  const name = path === '-' ? 'standard input' : basename(path);
  return { textBase64: Buffer.from(bytes).toString('base64'), name: name.slice(0, 200) };
}

/** The numbers of `--entry`: one, or one for each of two files. */
export function readEntries(text: string): readonly number[] {
  const numbers = text.split(',').map((part) => (/^\s*[1-9]\d{0,8}\s*$/.test(part) ? Number(part) : Number.NaN));
  if (numbers.length > 2 || numbers.some(Number.isNaN))
    throw usageError(`--entry takes the number of a request, 1 for the first, or two with a comma between for two files, and not ${text}.`);
  return numbers;
}

/** Both sides with the requests that `--entry` chooses. Throws a usage error that lists them where a file holds several and none is chosen. */
export async function withEntries(
  client: EngineClient,
  given: readonly [ComparedChoice, ComparedChoice],
  entries: readonly number[],
): Promise<readonly [ComparedChoice, ComparedChoice]> {
  const count = given.filter(isFile).length;
  if (entries.length > 0 && count === 0) throw usageError('--entry chooses a request of a file, and none of the two is a file.');
  if (entries.length === 1 && count === 2) throw usageError('Both are files: give --entry two numbers, such as --entry 1,3.');
  if (entries.length === 2 && count === 1) throw usageError('One of the two is a file: give --entry one number.');
  const left = [...entries];
  const [first, second] = given.map((side) => (isFile(side) && left.length > 0 ? { ...side, entry: left.shift() } : side));
  if (first === undefined || second === undefined) return given;
  if (entries.length === 0) {
    await assertOne(client, first, isFile(second) ? undefined : second);
    await assertOne(client, second, isFile(first) ? undefined : first);
  }
  return [first, second];
}

function isFile({ textBase64 }: ComparedChoice): boolean {
  return textBase64 !== undefined;
}

/** How many requests of a file are listed. */
const listed = 50;

async function assertOne(client: EngineClient, side: ComparedChoice, other: ComparedChoice | undefined): Promise<void> {
  const { textBase64, name = 'the file' } = side;
  if (textBase64 === undefined) return;
  const { items } = await client.comparing.entries({ textBase64, name, ...(other === undefined ? {} : { other }) });
  if (items.length < 2) return;
  const more = items.length > listed ? [`and ${items.length - listed} more`] : [];
  throw usageError(
    [`${name} holds ${items.length} requests; choose one with --entry N:`, entryTable(items.slice(0, listed)), ...more].join('\n'),
  );
}

/** The requests of a text as a table. */
function entryTable(items: readonly TextEntry[]): string {
  const rows = items.map(({ entry, method, target, atMs, status, bodyBytes, likeness }) => [
    String(entry),
    method ?? '-',
    (target ?? '-').slice(0, 80),
    atMs === null ? '-' : formatTime(atMs),
    status === null ? '-' : String(status),
    bodyBytes === null ? '-' : String(bodyBytes),
    likeness === null ? '' : `same ${likeness}`,
  ]);
  return table(['ENTRY', 'METHOD', 'TARGET', 'TIME', 'STATUS', 'BYTES', 'LIKELY'], rows);
}
