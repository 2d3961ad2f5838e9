import { isDeepStrictEqual } from 'node:util';
import { isMap, isScalar, type Document, type Pair, type YAMLMap } from 'yaml';
import { task, TaskEnded, type Background } from '../background/background.ts';
import { conflict, invalid } from '../base/refusal.ts';
import { indentOf, lineOf, linesOf, memberOf, openFile, valueIn, valueOf, type FileText } from './file-sections.ts';
import { plainYaml, schemaLine, yamlStyle } from './project-text.ts';
import type { Fields } from './read-project.ts';

export interface PutOrder {
  readonly name: string;
  readonly run: Fields;
  /** The file that it is put into; empty for a new one. */
  readonly file: FileText | null;
  readonly replace: boolean;
}

/** A run as text. */
export interface PutRun {
  /** The run by itself, under `runs:`. */
  readonly text: string;
  readonly fileText: string | null;
}

/** Writes a run, and puts it into a file. Rejects with a Refusal where the file has one of this name or cannot be read. */
export async function putRun(background: Pick<Background, 'run'>, order: PutOrder): Promise<PutRun> {
  try {
    return await background.run('imports', putRunTask, order);
  } catch (error) {
    if (!(error instanceof TaskEnded)) throw error;
    throw invalid('file', 'This takes too long to write: choose fewer, or write the run into a file of its own.', { cause: error });
  }
}

export const putRunTask = task<PutOrder, PutRun>('putRun', ({ name, run, file, replace }) => {
  const text = plainYaml({ runs: { [name]: run } });
  return { text, fileText: file === null ? null : fileWith(file, { name, run, text, replace }) };
});

interface New extends Pick<PutOrder, 'name' | 'run' | 'replace'> {
  readonly text: string;
}

function fileWith(given: FileText, { name, run, text, replace }: New): string {
  const file = given.text.trim() === '' ? { name: given.name, text: `${schemaLine}\nhookyard: 1\n` } : given;
  const document = openFile(file);
  const before = valueOf(document);
  const runs = memberOf(document.contents, 'runs')?.value;
  if (!isMap(runs) && !isEmpty(runs))
    throw invalid('file', `The runs of ${file.name} do not stand under their names: write them so first.`);
  if (memberOf(runs, name) !== undefined && !replace) {
    const message = `${file.name} has a run ${name} already: choose another name, or replace it.`;
    throw conflict('name', message);
  }
  const written = withLineEndsOf(file.text, spliced(file.text, document, name, text));
  const wanted = { ...before, runs: { ...((before?.['runs'] ?? {}) as Fields), [name]: run } };
  if (written !== null && isDeepStrictEqual(valueIn(written), plain(wanted))) return written;
  // A file in another layout is written anew as a whole; its comments stay.
  if (isMap(runs)) document.setIn(['runs', name], document.createNode(run));
  else document.set('runs', document.createNode({ [name]: run }));
  return document.toString(yamlStyle);
}

/** Whether nothing stands there yet, as in `runs:`. */
function isEmpty(runs: unknown): boolean {
  return runs === undefined || runs === null || (isScalar(runs) && runs.value === null);
}

/** A changed text with the line ends of the one before, where these are all CRLF. */
function withLineEndsOf(before: string, changed: string | null): string | null {
  return changed !== null && /^(?:[^\n]*\r\n)+[^\n]*$/.test(before) ? changed.replace(/\r?\n/g, '\r\n') : changed;
}

/** The text with the run in it, nothing else of it changed; null where the layout does not allow that. */
function spliced(text: string, document: Document, name: string, runText: string): string | null {
  const top = document.contents;
  const pair = memberOf(top, 'runs');
  if (pair === undefined) return `${text.trimEnd()}\n${runText}`;
  const section = linesOf(text, top, pair, text.length);
  const runs = pair.value;
  if (isEmpty(runs)) return withFirst(text, pair, runText);
  if (section === null || !isMap(runs) || runs.flow === true || runs.items.length === 0) return null;
  const [, ...lines] = runText.trimEnd().split('\n');
  const indent = ' '.repeat(indentOf(text, runs));
  const own = lines.map((line) => (line === '' ? '' : `${indent}${line.slice(2)}`)).join('\n');
  const old = memberOf(runs, name);
  const place = old === undefined ? { from: section.to, to: section.to } : placeOf(text, runs, old, section.to);
  if (place === null) return null;
  const head = text.slice(0, place.from).trimEnd();
  const gap = /\s*$/.exec(text.slice(0, place.to))?.[0] ?? '';
  return `${head}\n${own}${gap.includes('\n') ? gap : '\n'}${text.slice(place.to)}`;
}

/** Where a run begins and ends; comments before it stay, since its name does. */
function placeOf(text: string, runs: YAMLMap, old: Pair, end: number): { readonly from: number; readonly to: number } | null {
  const lines = linesOf(text, runs, old, end);
  return lines === null ? null : { from: lineOf(text, old), to: lines.to };
}

/** The text with the first run under a `runs:` that has none. */
function withFirst(text: string, { key }: Pair, runText: string): string | null {
  const offset = isScalar(key) ? (key.range?.[1] ?? 0) : 0;
  const line = /^\s*:[^\n]*/.exec(text.slice(offset))?.[0];
  if (line === undefined) return null;
  const end = offset + line.length;
  const [, ...lines] = runText.trimEnd().split('\n');
  return `${text.slice(0, end)}\n${lines.join('\n')}${text.slice(end) === '' ? '\n' : text.slice(end)}`;
}

/** As it is read again: what is undefined is not there. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
