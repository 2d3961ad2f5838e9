import { LineCounter, parseDocument } from 'yaml';
import { projectFile, projectKinds, type ProjectKind } from '#shared/contract/project-file.ts';
import { run, runName, type Run } from '#shared/contract/project-runs.ts';
import { JsonText, exactJson } from '#shared/contract/json.ts';
import { fieldIssues } from '#shared/issue-text.ts';
import { task } from '../background/background.ts';
import { isExactNumber, member } from '../events/import/document-value.ts';
import { keepingDigits } from '../events/import/read-text.ts';
import type { Room } from './alias-room.ts';
import { documentProblems, wholeRoom } from './document-problems.ts';
import { oddName, standInFor, withoutOddVariable } from './odd-name.ts';
import { createPlaceFinder, placeText, type Place, type PlaceFinder, type Problem } from './places.ts';
import { entryReferences, isSecret, referencesIn } from './secrets.ts';
import { thingKey } from './thing-key.ts';

/** A file of a project, by the name that errors give it. */
export interface ProjectText {
  readonly name: string;
  readonly text: string;
}

/** Fields of an entry by name. */
export type Fields = Readonly<Record<string, unknown>>;

/** An entry as it stands in a file: checked by its schema, secrets as references. */
export interface ReadEntry {
  readonly kind: ProjectKind;
  readonly name: string;
  readonly fields: Fields;
  readonly place: Place;
  /** Places of values that name other things, of secrets, and of what is not deep in the entry, by their dotted path in it. */
  readonly places: Readonly<Record<string, Place>>;
}

/** A run as it stands in a file: checked by its schema, secrets as references. */
export interface ReadRun {
  readonly name: string;
  readonly run: Run;
  readonly place: Place;
  readonly secrets: ReadProject['secrets'];
}

/** What the files of a project say, or what is wrong with them. */
export interface ReadProject {
  readonly entries: readonly ReadEntry[];
  /** Documents to import event types from, with where they are named. */
  readonly documents: readonly { readonly name: string; readonly place: Place }[];
  /** Of the entries; runs have their own. */
  readonly secrets: readonly { readonly reference: string; readonly place: Place }[];
  readonly runs: readonly ReadRun[];
  readonly problems: readonly Problem[];
}

/** Reads the files of a project, which may be large. */
export const readProjectTask = task<readonly ProjectText[], ReadProject>('readProject', readProject);

/** At most this many problems are told. */
const shownProblems = 50;

/** Reads the files of a project together. */
export function readProject(files: readonly ProjectText[]): ReadProject {
  const problems: Problem[] = [];
  const entries: ReadEntry[] = [];
  const documents: { readonly name: string; readonly place: Place }[] = [];
  const runs: ReadRun[] = [];
  const room = wholeRoom();
  for (const file of files) {
    const read = readOneFile(file, problems, room);
    if (read === null) continue;
    entries.push(...read.entries);
    documents.push(...read.documents);
    runs.push(...read.runs);
  }
  problems.push(
    ...repeatedNames(entries.map(({ kind, name, place }) => ({ kind, name, place, key: thingKey(kind, name) }))),
    ...repeatedNames(runs.map(({ name, place }) => ({ kind: 'runs', name, place, key: name }))),
  );
  return { entries, documents, secrets: secretsOfEntries(entries), runs, problems: problems.slice(0, shownProblems) };
}

/** What entries refer to, with where that stands. */
export function secretsOfEntries(entries: readonly ReadEntry[]): ReadProject['secrets'] {
  return entries.flatMap((entry) => entryReferences(entry).map(({ reference, path }) => ({ reference, place: placeIn(entry, path) })));
}

/** Where a value of an entry stands, or else what it is in. */
export function placeIn({ place, places }: Pick<ReadEntry, 'place' | 'places'>, path: string): Place {
  const parts = path.split('.');
  const known = parts.map((_part, index) => parts.slice(0, parts.length - index).join('.')).find((each) => Object.hasOwn(places, each));
  return (known === undefined ? undefined : places[known]) ?? place;
}

type ReadFile = Pick<ReadProject, 'entries' | 'documents' | 'runs'>;

function readOneFile({ name, text }: ProjectText, problems: Problem[], room: Room): ReadFile | null {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    merge: true,
    // The parser compares each key with every other; repeated ones are looked for below.
    uniqueKeys: false,
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'error',
    customTags: (tags) => tags.map(keepingDigits),
  });
  const find = createPlaceFinder(name, document, lines);
  const found = documentProblems(name, document, lines, room);
  problems.push(...found);
  if (found.length > 0) return null;
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 1000 });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    problems.push({ place: find([]), path: '', message: `This cannot be read: ${why}. Write its aliases out.` });
    return null;
  }
  return readValue(value, find, problems);
}

/** Checks each entry by itself, so that an error in one does not hide those of others. */
function readValue(value: unknown, find: PlaceFinder, problems: Problem[]): ReadFile | null {
  const given = plainNumbers(value);
  const schema = projectFile.shape;
  const isMapping = typeof given === 'object' && given !== null && !Array.isArray(given);
  const top = isMapping ? (given as Fields) : {};
  const withoutEntries = Object.fromEntries(Object.entries(top).filter(([key]) => ![...projectKinds, 'runs'].includes(key)));
  const shell = projectFile.safeParse(isMapping ? withoutEntries : given);
  if (!shell.success)
    for (const { path, message } of fieldIssues(shell.error.issues, { schema: projectFile, input: withoutEntries }))
      problems.push({ place: find(path.split('.')), path, message });
  const entries = projectKinds.flatMap((kind) => {
    const things = top[kind] ?? {};
    if (typeof things !== 'object' || Array.isArray(things)) {
      problems.push({ place: find([kind]), path: kind, message: 'Write entries by their names here.' });
      return [];
    }
    return Object.entries(things as Fields).flatMap(([name, fields]): readonly ReadEntry[] => {
      const input = kind === 'environments' ? withoutOddVariable(fields) : { fields, back: (parsed: Fields) => parsed };
      const as = name === oddName ? standInFor([]) : name;
      const one = schema[kind].safeParse({ [as]: kind === 'eventTypes' ? withExactSamples(fields) : (input.fields ?? {}) });
      if (one.success) {
        const [[known = as, parsed] = []] = Object.entries(one.data);
        const entry = input.back(parsed as Fields);
        const own = known === as ? name : known;
        return [{ kind, name: own, fields: entry, place: find([kind, name]), places: placesIn(entry, find, [kind, name]) }];
      }
      const issues = one.error.issues.map((issue) => ({ ...issue, path: issue.path.slice(1) }));
      for (const { path, message } of fieldIssues(issues as typeof one.error.issues, {
        schema: schema[kind].unwrap().valueType,
        input: fields,
      }))
        problems.push({
          place: find([kind, name, ...path.split('.')]),
          path: [kind, name, path].filter((part) => part !== '').join('.'),
          message,
        });
      return [];
    });
  });
  const documents = shell.success ? shell.data.eventTypesFrom.map((name, index) => ({ name, place: find(['eventTypesFrom', index]) })) : [];
  return { entries, documents, runs: readRuns(top['runs'] ?? {}, find, problems) };
}

/** Checks each run by itself, too. */
function readRuns(given: unknown, find: PlaceFinder, problems: Problem[]): readonly ReadRun[] {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    problems.push({ place: find(['runs']), path: 'runs', message: 'Write runs by their names here.' });
    return [];
  }
  return Object.entries(given as Fields).flatMap(([name, fields]): readonly ReadRun[] => {
    const base = ['runs', name];
    const named = runName.safeParse(name);
    for (const { message } of named.error?.issues ?? []) problems.push({ place: find(base), path: base.join('.'), message });
    const input = withExactSteps(fields);
    const read = run.safeParse(input);
    if (read.success) {
      const secrets = referencesIn(secretsAlone(read.data));
      return [
        {
          name,
          run: read.data,
          place: find(base),
          secrets: secrets.map(({ reference, path }) => ({ reference, place: find([...base, ...path.split('.')]) })),
        },
      ];
    }
    for (const { path, message } of fieldIssues(read.error.issues, { schema: run, input }))
      problems.push({ place: find([...base, ...path.split('.')]), path: [...base, path].filter((part) => part !== '').join('.'), message });
    return [];
  });
}

/** Of a run its secrets, in their places: what looks like one in the data of an event is content. */
function secretsAlone({ secret, steps }: Run): Fields {
  return {
    ...(secret === undefined ? {} : { secret }),
    steps: steps.map((step) => (step.secret === undefined ? {} : { secret: step.secret })),
  };
}

/** A run whose data and expected numbers are text where JavaScript would not keep what they say. */
function withExactSteps(fields: unknown): unknown {
  const steps = (fields as Fields | null)?.['steps'];
  return Array.isArray(steps)
    ? { ...(fields as Fields), steps: steps.map((step) => withExactAnswer(withExactData(step))) }
    : (fields ?? {});
}

/** A step whose expected numbers are text where JavaScript would not keep their digits. */
function withExactAnswer(step: unknown): unknown {
  const expect = member(step, 'expect');
  const answer = member(expect, 'answer');
  const json = Object.entries((member(answer, 'json') ?? {}) as Fields);
  const exact = json.flatMap(([path, value]) => (isExactNumber(value) ? [[path, value.rawJSON]] : []));
  if (exact.length === 0) return step;
  const others = json.filter(([, value]) => !isExactNumber(value));
  const written = {
    json: Object.fromEntries(others),
    jsonText: { ...(member(answer, 'jsonText') as Fields), ...Object.fromEntries(exact) },
  };
  return { ...(step as Fields), expect: { ...(expect as Fields), answer: { ...(answer as Fields), ...written } } };
}

/** Numbers as JavaScript has them: only samples, the data of events and what an answer has to be keep their digits. */
function plainNumbers(value: unknown, path: readonly string[] = []): unknown {
  if (isExactNumber(value)) return isData(path) ? value : Number(value.rawJSON);
  if (Array.isArray(value)) return value.map((each, index) => plainNumbers(each, [...path, String(index)]));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plainNumbers(each, [...path, key])]));
}

function isData([part, , list, , field, ...within]: readonly string[]): boolean {
  if (part === 'eventTypes') return list === 'samples';
  if (part !== 'runs' || list !== 'steps') return false;
  return field === 'data' || (field === 'expect' && within[0] === 'answer' && within[1] === 'json');
}

/** An event type whose samples are text where JavaScript would not keep what they say. */
function withExactSamples(fields: unknown): unknown {
  const samples = (fields as Fields | null)?.['samples'];
  if (!Array.isArray(samples)) return fields ?? {};
  return { ...(fields as Fields), samples: samples.map(withExactData) };
}

function withExactData(holder: unknown): unknown {
  if (typeof holder !== 'object' || holder === null || !('data' in holder)) return holder;
  const data = exactJson(JSON.stringify(holder.data));
  if (!(data instanceof JsonText)) return holder;
  const { data: _, ...rest } = holder;
  return { ...rest, dataText: data.text };
}

/** So deep in an entry the place of each value is kept. */
const placedDepth = 3;

/** Fields of entries that name other things. */
const naming = new Set(['auth', 'bin', 'endpoint', 'policy', 'profile']);

/** Fields of which only the whole is of interest. */
const content: ReadonlySet<string> = new Set(['samples', 'schema', 'eventTypes', 'facts']);

function placesIn(value: unknown, find: PlaceFinder, base: readonly string[], path: readonly string[] = []): Record<string, Place> {
  if (typeof value !== 'object' || value === null) return {};
  const found: Record<string, Place> = {};
  for (const [key, each] of Object.entries(value)) {
    const at = [...path, key];
    if (content.has(key)) continue;
    const isEnd = isSecret(each);
    if (isEnd || naming.has(key) || at.length <= placedDepth) found[at.join('.')] = find([...base, ...at]);
    if (!isEnd) Object.assign(found, placesIn(each, find, base, at));
  }
  return found;
}

/** Something in a file that has a name, with what this is compared by. */
interface Named {
  readonly kind: string;
  readonly name: string;
  readonly place: Place;
  readonly key: string;
}

/** Names are what things are known by, so two cannot share one, wherever they stand. */
function repeatedNames(named: readonly Named[]): readonly Problem[] {
  const met = new Map<string, Named>();
  return named.flatMap((each): readonly Problem[] => {
    const { kind, name, place, key } = each;
    const first = met.get(key);
    if (first === undefined) {
      met.set(key, each);
      return [];
    }
    return [{ place, path: `${kind}.${name}`, message: `${first.name} is at ${placeText(first.place)} already: keep one of them.` }];
  });
}
