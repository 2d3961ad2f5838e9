import { isMap, isScalar, parseDocument, visit, type Document, type ScalarTag, type Tags } from 'yaml';
import { importCharacters } from '#shared/contract/event-import.ts';
import { isJsonDeeper } from '#shared/json-depth.ts';
import { isExactNumber, numberOf } from './document-value.ts';

/** Why a text cannot be used, as a sentence about it that begins with a verb. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

/** Levels that a document may be nested. Its samples are inputs of the contract later, which has the same limit. */
const depthLimit = 400;

/** Values that a document may have, each counted as often as aliases repeat it. */
const valueLimit = 2_000_000;

/** Aliases of a YAML document, multiplied by how often each repeats others. Real documents have a few hundred. */
const aliasLimit = 10_000;

/** Reads JSON or YAML. Throws an {@link Unreadable}. */
export function readText(text: string): unknown {
  const trimmed = text.replace(/^\uFEFF/, '').trim();
  if (trimmed === '') throw new Unreadable('is empty');
  const value = /^[[{]/.test(trimmed) ? readBracketed(trimmed) : readYaml(trimmed);
  assertBounded(value);
  return value;
}

/** What begins with a bracket is JSON, or YAML in its short form. */
function readBracketed(text: string): unknown {
  if (isJsonDeeper(Buffer.from(text, 'utf8'), depthLimit)) throw new Unreadable(tooDeep);
  try {
    return readJson(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    // A comma too many is fine in YAML. For what is neither, the complaint about JSON is the one to act on.
    try {
      return readYaml(text);
    } catch {
      throw new Unreadable(`is not valid JSON: ${why}`);
    }
  }
}

/** Numbers that may not be written as JavaScript would write them: long ones, 1.10, 1e3, -0. Also met in a text, which only costs time. */
const unusualNumber = /[:[,]\s*-?(?:\d[\d.]{15,}|\d+\.\d*0[\s,\]}]|\d+(?:\.\d+)?[eE]|0[\s,\]}])/;

/** Reads JSON with every number as it is written. Throws a SyntaxError. */
export function readJson(text: string): unknown {
  return unusualNumber.test(text) ? (JSON.parse(text, asWritten) as unknown) : (JSON.parse(text) as unknown);
}

function asWritten(_name: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === 'number' && context?.source !== undefined ? numberOf(context.source) : value;
}

function readYaml(text: string): unknown {
  try {
    const document = parseDocument(text, {
      // Merge keys are of YAML 1.1, and documents of today still have them.
      merge: true,
      // The parser compares each key with every other; repeated ones are looked for below.
      uniqueKeys: false,
      logLevel: 'error',
      customTags: (tags) => tags.map(keepingDigits),
    });
    const [problem] = document.errors;
    if (problem?.code === 'MULTIPLE_DOCS')
      throw new Unreadable('holds several YAML documents: import them one by one, or as several files');
    if (problem?.message.includes('call stack') === true) throw new Unreadable(tooDeep);
    if (problem !== undefined) throw new Unreadable(`is not valid YAML: ${firstLine(problem.message)}`);
    refuseRepeatedKeys(document, text);
    return document.toJS({ maxAliasCount: aliasLimit }) as unknown;
  } catch (error) {
    if (error instanceof Unreadable) throw error;
    if (error instanceof RangeError) throw new Unreadable(tooDeep, { cause: error });
    if (error instanceof ReferenceError)
      throw new Unreadable('repeats its parts by YAML aliases so often that it would become too large: write them out', { cause: error });
    throw error;
  }
}

/** The tag of a kind of number, for numbers whose digits JavaScript does not keep. */
export function keepingDigits(tag: Tags[number]): Tags[number] {
  if (typeof tag !== 'object' || !/:(?:int|float)$/.test(tag.tag) || !('test' in tag)) return tag;
  const known = tag as ScalarTag;
  return {
    ...known,
    resolve: (...[source, onError, options]: Parameters<ScalarTag['resolve']>) => {
      const usual = known.resolve(source, onError, options);
      const exact = numberOf(source);
      return isExactNumber(exact) ? exact : usual;
    },
  };
}

function refuseRepeatedKeys(document: Document, text: string): void {
  visit(document, {
    Map: (_key, map) => {
      if (!isMap(map)) return;
      const met = new Set<unknown>();
      for (const { key } of map.items) {
        if (!isScalar(key) || key.value === '<<') continue;
        if (met.has(key.value)) {
          const line = text.slice(0, key.range?.[0] ?? 0).split('\n').length;
          throw new Unreadable(
            `has the key ${String(key.value)} twice in one place, for the second time in line ${line}: keep one of them`,
          );
        }
        met.add(key.value);
      }
    },
  });
}

const tooDeep = `is nested more than ${depthLimit} levels deep: write it flatter`;

/** Counts values and their characters as they would be written out, since aliases and merges share them. */
function assertBounded(root: unknown): void {
  let level = [root];
  let count = 0;
  let characters = 0;
  const take = (text: string) => {
    characters += text.length;
    if (characters > importCharacters)
      throw new Unreadable(
        `has more than ${importCharacters / 1_000_000} million characters when its aliases are written out: import it in parts`,
      );
  };
  for (let depth = 0; level.length > 0; depth += 1) {
    count += level.length;
    if (count > valueLimit)
      throw new Unreadable(`has more than ${valueLimit.toLocaleString('en')} values when its aliases are written out: import it in parts`);
    if (depth > depthLimit) throw new Unreadable(tooDeep);
    const next: unknown[] = [];
    for (const value of level) {
      if (typeof value === 'string') take(value);
      if (typeof value !== 'object' || value === null || isExactNumber(value)) continue;
      if (!Array.isArray(value)) for (const key of Object.keys(value)) take(key);
      for (const each of Array.isArray(value) ? (value as readonly unknown[]) : Object.values(value)) next.push(each);
      if (next.length > valueLimit) break;
    }
    level = next;
  }
}

function firstLine(message: string): string {
  return (message.split('\n')[0] ?? '').replace(/:$/, '').slice(0, 300);
}
