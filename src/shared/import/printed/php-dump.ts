import { jsonDepthLimit } from '../limits.ts';
import type { PrintedEntry, PrintedValue, ReadValue } from './value.ts';

/** Reads what `print_r` of PHP writes, from a place in a text; null where there is none. It does not tell numbers from texts. */
export function readPrintR(binary: string, at: number): ReadValue | null {
  const opening = /\s*(?:Array|[\w\\]{1,100} Object)\s*\r?\n?\s*\(\r?\n/y;
  opening.lastIndex = at;
  if (opening.exec(binary) === null) return null;
  return readPrintRItems(binary, opening.lastIndex, 0);
}

const printRLine = /([ \t]*)(?:\[([^\]\r\n]{0,500})\] => ?([^\r\n]*)|([)(])[ \t]*|([^\r\n]*))(\r?\n|$)/y;

function readPrintRItems(binary: string, at: number, depth: number): ReadValue | null {
  if (depth > jsonDepthLimit) return null;
  const entries: [string, PrintedValue][] = [];
  let to = at;
  while (to < binary.length) {
    printRLine.lastIndex = to;
    const line = printRLine.exec(binary);
    if (line === null) return null;
    to = printRLine.lastIndex;
    const [whole, , name, text = '', bracket, more] = line;
    if (bracket === ')') return { value: { kind: 'object', entries }, end: to };
    if (name !== undefined && /^(?:Array|[\w\\]{1,100} Object)$/.test(text.trim())) {
      const opening = /[ \t]*\(\r?\n/y;
      opening.lastIndex = to;
      if (opening.exec(binary) === null) return null;
      const inner = readPrintRItems(binary, opening.lastIndex, depth + 1);
      if (inner === null) return null;
      entries.push([name.replace(/:[\w\\]{1,100}:?(?:private|protected)?$/, ''), inner.value]);
      to = inner.end;
    } else if (name !== undefined) entries.push([name, { kind: 'string', binary: text }]);
    else if (more !== undefined && more !== '') {
      // A text of several lines goes on without a name.
      const last = entries.at(-1);
      if (last === undefined || last[1].kind !== 'string') return null;
      last[1] = { kind: 'string', binary: `${last[1].binary}\n${whole.replace(/\r?\n$/, '')}` };
    }
  }
  return null;
}

/** Reads what `var_dump` of PHP writes, where each text stands with its size in bytes; null where there is none. */
export function readVarDump(binary: string, at: number): ReadValue | null {
  return readDumped(binary, at, 0);
}

const dumpedHead =
  /\s*(?:string\((\d{1,9})\) "|int\((-?\d{1,25})\)|float\(([^)\s]{1,40})\)|bool\((true|false)\)|(NULL)|(?:array\(\d{1,9}\)|object\([^)\n]{1,200}\)#\d{1,9} \(\d{1,9}\)) \{)/y;
const dumpedKey = /\s*\[(?:"([^"\n]{0,500})"(?::[^\]\n]{0,100})?|(\d{1,20}))\]=>/y;

function readDumped(binary: string, at: number, depth: number): ReadValue | null {
  dumpedHead.lastIndex = at;
  const head = dumpedHead.exec(binary);
  if (head === null || depth > jsonDepthLimit) return null;
  const start = dumpedHead.lastIndex;
  const [, size, whole, fraction, truth, nothing] = head;
  if (size !== undefined) {
    const end = start + Number(size);
    return binary[end] === '"' ? { value: { kind: 'string', binary: binary.slice(start, end) }, end: end + 1 } : null;
  }
  const number = whole ?? fraction;
  if (number !== undefined) return { value: { kind: 'number', text: number }, end: start };
  if (truth !== undefined) return { value: { kind: 'literal', text: truth === 'true' ? 'true' : 'false' }, end: start };
  if (nothing !== undefined) return { value: { kind: 'literal', text: 'null' }, end: start };
  return readDumpedItems(binary, start, depth);
}

function readDumpedItems(binary: string, at: number, depth: number): ReadValue | null {
  const entries: PrintedEntry[] = [];
  let to = at;
  for (;;) {
    dumpedKey.lastIndex = to;
    const key = dumpedKey.exec(binary);
    if (key === null) break;
    const inner = readDumped(binary, dumpedKey.lastIndex, depth + 1);
    if (inner === null) return null;
    entries.push([key[1] ?? key[2] ?? '', inner.value]);
    to = inner.end;
  }
  const closing = /\s*\}/y;
  closing.lastIndex = to;
  if (closing.exec(binary) === null) return null;
  const isList = entries.length > 0 && entries.every(([name], index) => name === String(index));
  const value: PrintedValue = isList ? { kind: 'list', items: entries.map(([, one]) => one) } : { kind: 'object', entries };
  return { value, end: closing.lastIndex };
}
