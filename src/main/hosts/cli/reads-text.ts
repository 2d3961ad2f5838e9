import type { ProjectRead } from '#shared/contract/project.ts';
import { cutMiddle } from '#shared/text/cut-middle.ts';
import { readPlaces } from '#shared/read-places.ts';
import { plainText } from '../shared/plain-text.ts';
import { table } from './output.ts';

/** Columns that the list takes at most: those of a terminal of the usual size. */
const columns = 80;
/** Characters of a name that a row has room for. */
const nameCharacters = { what: 30, thing: 24 };
/** Characters of one that is written out below its row. */
const longNameCharacters = 3 * columns;
const indent = '    ';
const room = columns - indent.length;

interface Row {
  readonly what: string;
  readonly thing: string;
  readonly state: string;
  readonly places: readonly string[];
}

/**
 * What is read, for what, and where it goes; what is new comes first, and documents, which stay in the workspace, last. A name or a list of hosts
 * that has no room in its row stands below it, so that no row hides another one.
 */
export function readsText(reads: readonly ProjectRead[], documents: readonly string[]): string {
  const rows = [
    ...reads
      .toSorted((one, other) => Number(one.isKnown) - Number(other.isKnown))
      .map(({ what, thing, hosts, isKnown }) => ({
        what,
        thing,
        state: isKnown ? '' : 'new',
        places: [...readPlaces(hosts), ...beyond(thing, hosts)],
      })),
    ...documents.map((name) => ({ what: name, thing: 'eventTypes', state: '', places: ['the workspace'] })),
  ].map(plain);
  const heads = rows.map(({ what, thing, state }) => [cut(what, nameCharacters.what), cut(thing, nameCharacters.thing), state]);
  const start = table(
    ['READS', 'FOR', 'NEW', '.'],
    heads.map((head) => [...head, '.']),
  ).indexOf('.');
  const isShort = rows.map(({ places }) => start + places.join(', ').length <= columns);
  const lines = table(
    ['READS', 'FOR', 'NEW', 'GOES TO'],
    heads.map((head, index) => [...head, isShort[index] === true ? (rows[index]?.places.join(', ') ?? '') : 'see below:']),
  ).split('\n');
  return lines
    .flatMap((line, index) => {
      const row = rows[index - 1];
      return row === undefined ? [line] : [line, ...below(row, isShort[index - 1] === true)];
    })
    .join('\n');
}

/** What a row has no room for. */
function below({ what, thing, places }: Row, hasPlaces: boolean): readonly string[] {
  const whole = (name: string, most: number) => (name.length > most ? inLines(cut(name, longNameCharacters)) : []);
  const names = [...whole(what, nameCharacters.what), ...whole(thing, nameCharacters.thing)];
  return [...names, ...(hasPlaces ? [] : places.flatMap((each) => inLines(`→ ${each}`)))].map((line) => `${indent}${line}`);
}

function plain({ what, thing, state, places }: Row): Row {
  const written = (text: string) => plainText(text).replaceAll('\n', '\\n');
  return { what: written(what), thing: written(thing), state, places: places.map(written) };
}

/** A text with a mark in place of its middle where it is longer. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = Math.floor((most - 1) / 2);
  const ends = cutMiddle(text, { start: most - 1 - end, end });
  return `${ends.start}…${ends.end}`;
}

function inLines(text: string): readonly string[] {
  return Array.from({ length: Math.ceil(text.length / room) }, (_, index) => text.slice(index * room, (index + 1) * room));
}

/** Where a secret of a thing goes besides. */
function beyond(thing: string, hosts: readonly string[]): readonly string[] {
  if (thing.startsWith('environments.')) return ['any request that uses this variable'];
  if (thing.startsWith('auths.')) return ['any request that uses this authentication'];
  if (thing.startsWith('bins.')) return ['the bin'];
  return hosts.length === 0 ? ['no URL of the project'] : [];
}
