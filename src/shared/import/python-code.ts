import type { HeaderField } from '../contract/common.ts';
import type { PasteFormat } from './format.ts';
import { withinHeaderLimit } from './header-limit.ts';
import { commandLimitBytes } from './limits.ts';
import { firstVisible, type PasteSource } from './paste-source.ts';
import { missingBody } from './body-gap.ts';
import { noRequest, refusedPaste, type BodyGap, type Pasted, type PastedProblem } from './pasted.ts';
import { readPrintedValue } from './printed/parse-value.ts';
import { formEncoded } from './printed/rebuilt-body.ts';
import { cutsIn, scalarText, type PrintedValue } from './printed/value.ts';
import { pythonStyle, writeJson } from './printed/write-json.ts';
import { bytesOfBinary, readableText } from '../text/text-codec.ts';

const call = /\brequests\.(request|get|post|put|patch|delete|head|options)\(/;

/** A call of the requests library of Python, with the assignments before it. */
export const pythonFormat: PasteFormat = {
  recognises: (source) => {
    const start = source.binary.slice(firstVisible(source), firstVisible(source) + 200_000);
    return /^(?:>>> ?|#!?[^\n]*\n\s*)*(?:import |from |\w+[ \t]*=|requests\.|print\(|r = )/.test(start) && call.test(source.binary);
  },
  read: readPython,
};

/** Reads a call of requests. */
export function readPython(source: PasteSource): Pasted {
  if (source.binary.length > commandLimitBytes)
    return refusedPaste('python', `The code is larger than ${commandLimitBytes} bytes; save the body as a file instead.`);
  const binary = source.binary.replace(/^(?:>>>|\.\.\.) ?/gm, '');
  const found = call.exec(binary);
  if (found === null) return refusedPaste('python', 'The code contains no call of requests.');
  const names = assignments(binary.slice(0, found.index));
  const { positions, named } = argumentsOf(binary, found.index + found[0].length, names);
  const isGeneral = found[1] === 'request';
  const method = isGeneral ? textOf(positions[0] ?? named.get('method')) : (found[1] ?? null);
  const url = textOf(positions[isGeneral ? 1 : 0] ?? named.get('url'));
  const body = bodyOf(named, positions[isGeneral ? 2 : 1]);
  const given = named.get('headers');
  const headers = (given?.kind === 'object' ? given.entries : []).flatMap(([name, value]): HeaderField[] => {
    const text = scalarText(value);
    return text === null ? [] : [[readableText(name), readableText(text)]];
  });
  const unread =
    given !== undefined && given.kind !== 'object'
      ? [{ message: 'The headers are made by code, and the paste does not contain the result.' }]
      : [];
  return {
    ...noRequest,
    kind: 'python',
    confidence: 'certain',
    method: method?.toUpperCase() ?? null,
    url,
    body: body.binary === null ? null : bytesOfBinary(body.binary),
    ...withinHeaderLimit(headers, [...unread, ...body.problems]),
    notes: [...source.notes, ...body.notes],
    ...(body.bodyGap === undefined ? {} : { bodyGap: body.bodyGap }),
    ...(unread.length === 0 && (given === undefined || cutsIn(given).length === 0) ? {} : { lacksHeaders: true }),
  };
}

/** Values that names get, and texts that stand as `json.dumps` writes them. */
type Names = ReadonlyMap<string, PrintedValue>;

const assignment = /(?:^|\n)[ \t]*([A-Za-z_]\w{0,60})[ \t]*=[ \t]*(?!=)/g;

function assignments(binary: string): Names {
  const names = new Map<string, PrintedValue>();
  assignment.lastIndex = 0;
  for (let found = assignment.exec(binary); found !== null; found = assignment.exec(binary)) {
    const read = readArgument(binary, assignment.lastIndex, names);
    if (read === null) continue;
    names.set(found[1] ?? '', read.value);
    assignment.lastIndex = read.end;
  }
  return names;
}

const dumps = /json\.dumps\(\s*/y;
const rest = /\s*(?:,\s*separators\s*=\s*\(\s*(['"])(,|, )\1\s*,\s*(['"])(:|: )\3\s*\))?(?:,\s*\w+\s*=\s*\w+)*\s*\)/y;
const suffix = /\s*\.encode\(\s*(?:['"]utf-?8['"])?\s*\)/iy;
const name = /[A-Za-z_]\w{0,60}(?![\w.(])/y;

/** A value, a name that has one, or the text that `json.dumps` makes. */
function readArgument(binary: string, at: number, names: Names): { readonly value: PrintedValue; readonly end: number } | null {
  dumps.lastIndex = at;
  const isDumped = dumps.exec(binary) !== null;
  const from = isDumped ? dumps.lastIndex : at;
  name.lastIndex = from;
  const known = name.exec(binary)?.[0];
  const read = known !== undefined && names.has(known) ? { value: names.get(known), end: name.lastIndex } : readPrintedValue(binary, from);
  if (read?.value === undefined) return null;
  let { value, end } = { value: read.value, end: read.end };
  if (isDumped) {
    rest.lastIndex = end;
    const style = rest.exec(binary);
    if (style === null) return null;
    end = rest.lastIndex;
    const isTold = style[2] !== undefined;
    value = {
      kind: 'string',
      binary: writeJson(value, { ...pythonStyle, isAscii: true, ...(isTold ? { comma: style[2] ?? ',', colon: style[4] ?? ':' } : {}) }),
    };
  }
  suffix.lastIndex = end;
  if (suffix.exec(binary) !== null) end = suffix.lastIndex;
  return { value, end };
}

interface Arguments {
  readonly positions: readonly PrintedValue[];
  readonly named: ReadonlyMap<string, PrintedValue>;
}

/** Most arguments of a call that are read. */
const argumentLimit = 20;

function argumentsOf(binary: string, at: number, names: Names): Arguments {
  const positions: PrintedValue[] = [];
  const named = new Map<string, PrintedValue>();
  const gap = /[\s,]*(?:([A-Za-z_]\w{0,60})\s*=(?!=)\s*)?/y;
  let to = at;
  while (to < binary.length && binary[to] !== ')' && positions.length + named.size < argumentLimit) {
    gap.lastIndex = to;
    const key = gap.exec(binary)?.[1];
    if (binary[gap.lastIndex] === ')') break;
    const read = readArgument(binary, gap.lastIndex, names) ?? skipUnknown(binary, gap.lastIndex);
    if (key === undefined) positions.push(read.value);
    else named.set(key, read.value);
    to = Math.max(read.end, to + 1);
  }
  return { positions, named };
}

/** What cannot be read, up to the next comma or bracket. */
function skipUnknown(binary: string, at: number): { readonly value: PrintedValue; readonly end: number } {
  const unknown = /[^,()\n]*(?:\([^()\n]*\))?/y;
  unknown.lastIndex = at;
  const text = unknown.exec(binary)?.[0] ?? '';
  return { value: { kind: 'cut', text: text.slice(0, 60) }, end: unknown.lastIndex };
}

function textOf(value: PrintedValue | undefined): string | null {
  return value?.kind === 'string' ? readableText(value.binary) : null;
}

interface CodeBody {
  readonly binary: string | null;
  readonly problems: readonly PastedProblem[];
  readonly notes: readonly string[];
  readonly bodyGap?: BodyGap;
}

function bodyOf(named: ReadonlyMap<string, PrintedValue>, position: PrintedValue | undefined): CodeBody {
  const json = named.get('json');
  const files = named.get('files');
  if (files !== undefined)
    return { binary: null, problems: [], notes: [], bodyGap: missingBody('has several parts (files=), whose bytes are not in the text') };
  if (json !== undefined && cutsIn(json).length === 0)
    return {
      binary: writeJson(json, { ...pythonStyle, isAscii: true }),
      problems: [],
      notes: ['The body was written as requests writes json=: with spaces after commas and colons.'],
    };
  const data = named.get('data') ?? named.get('content') ?? position ?? json;
  if (data === undefined) return { binary: null, problems: [], notes: [] };
  if (data.kind === 'string') return { binary: data.binary, problems: [], notes: [] };
  if (data.kind === 'object' && data.entries.every(([, value]) => scalarText(value) !== null))
    return {
      binary: data.entries.map(([key, value]) => `${formEncoded(key)}=${formEncoded(scalarText(value) ?? '')}`).join('&'),
      problems: [],
      notes: ['The body was written as a form, as requests writes data= with a dictionary.'],
    };
  return {
    binary: null,
    problems: [{ message: 'The body is made by code, and the paste does not contain the result; add its bytes as the body.' }],
    notes: [],
    bodyGap: missingBody('is made by code, and the text does not hold the result'),
  };
}
