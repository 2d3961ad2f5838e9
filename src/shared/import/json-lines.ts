import { parseJsonWithRepeats } from '../json-repeats.ts';
import { fromChoices } from './choices.ts';
import type { PasteFormat, ReadInner } from './format.ts';
import { withRecords } from './json-paste.ts';
import { choiceLimit } from './limits.ts';
import { derivedSource, firstVisible, type PasteSource } from './paste-source.ts';
import type { Pasted } from './pasted.ts';
import { isRecord, readRequestRecord, requestRecordOf } from './request-record.ts';
import { binaryText, bytesOfBinary, utf8Bytes, utf8TextOrNull } from '../text/text-codec.ts';

/** A log of one JSON object a line, of which some hold requests; or one whose lines hold the text that was logged. */
export const jsonLinesFormat: PasteFormat = {
  recognises: (source) => source.binary[firstVisible(source)] === '{',
  read: readJsonLines,
};

/** Fields in which logs keep the text of a line. */
const messageKeys = ['log', 'message', '@message', 'msg', 'textPayload', 'MESSAGE', 'line', 'event'];

function readJsonLines(source: PasteSource, inner: ReadInner): Pasted | null {
  const lines = source.binary.split('\n').filter((line) => line.trim() !== '');
  const records: Readonly<Record<string, unknown>>[] = [];
  for (const line of lines) {
    const value = parsed(line);
    // The last line may well be cut off.
    if (value === null && line !== lines.at(-1)) return null;
    if (value !== null) records.push(value);
  }
  const found = records.map(requestRecordOf).filter((record) => record !== null);
  if (found.length > 0 && records.length > 1) {
    const requests = found
      .slice(0, choiceLimit)
      .map(({ record, extras }) => withRecords(readRequestRecord(record, extras), [record, extras], source));
    const read = fromChoices('request_json', 'certain', requests, found.length);
    const others = records.length - found.length;
    const left = others === 0 ? [] : [`Of ${records.length} lines ${others} contain no request and were left out.`];
    return { ...read, notes: [...source.notes, ...left, ...read.notes] };
  }
  const key = messageKeys.find((name) => typeof records[0]?.[name] === 'string');
  if (found.length > 0 || key === undefined) return null;
  const text = records.flatMap((record) => (typeof record[key] === 'string' ? [record[key].replace(/\n$/, '')] : [])).join('\n');
  return inner(
    derivedSource(source, binaryText(utf8Bytes(text)), [`The text that was logged (${key}) was read from the JSON of the log.`]),
  );
}

function parsed(line: string): Readonly<Record<string, unknown>> | null {
  const text = utf8TextOrNull(bytesOfBinary(line));
  try {
    const value = text === null ? null : parseJsonWithRepeats(text);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}
