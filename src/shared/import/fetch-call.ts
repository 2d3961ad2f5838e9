import { fromChoices } from './choices.ts';
import { createCallFinder, looksLikeFetch } from './fetch-find.ts';
import { fetchRequest } from './fetch-request.ts';
import type { PasteFormat } from './format.ts';
import { choiceLimit, commandLimitBytes } from './limits.ts';
import { firstVisible, type PasteSource } from './paste-source.ts';
import { refusedPaste, type Pasted, type PastedRequest } from './pasted.ts';
import { spaceEnd } from './printed/script-scanner.ts';
import { readScriptValue } from './printed/script-value.ts';
import type { PrintedValue } from './printed/value.ts';
import { readableText } from '../text/text-codec.ts';

/** Calls of `fetch` in JavaScript, as browsers copy them. */
export const fetchFormat: PasteFormat = {
  recognises: (source) => looksLikeFetch(source.binary, firstVisible(source)),
  read: (source) => {
    const read = readFetch(source);
    return read.problems.length > 0 && read.headers.length === 0 && read.url === null ? null : read;
  },
};

/** Reads calls of `fetch`. */
export function readFetch(source: PasteSource): Pasted {
  const { binary } = source;
  if (binary.length > commandLimitBytes)
    return refusedPaste('fetch', `The code is larger than ${commandLimitBytes} bytes; save the body as a file instead.`);
  const { requests, isSure, hasMore, isWhole, unread } = readCalls(binary);
  if (requests.length === 0) return refusedPaste('fetch', 'The code contains no call of fetch with a URL.');
  const read = fromChoices('fetch', isSure ? 'certain' : 'likely', requests, requests.length, hasMore);
  const notes = isWhole ? [] : ['The end of the code was not read, since brackets, quotes or comments before it do not close.'];
  return { ...read, notes: [...source.notes, ...notes, ...unreadNotes(binary, unread), ...read.notes] };
}

/** A call that could not be read: where its arguments begin and end, and why. */
type UnreadCall = readonly [start: number, end: number, why: string];

interface ReadCalls {
  readonly requests: readonly PastedRequest[];
  /** Whether every call was read, and has nothing in it that is not known or that fetch refuses. */
  readonly isSure: boolean;
  /** Whether there are more calls than are read. */
  readonly hasMore: boolean;
  /** Whether the code was read to its end. */
  readonly isWhole: boolean;
  readonly unread: readonly UnreadCall[];
}

/** The calls of a text. Takes linear time. */
function readCalls(binary: string): ReadCalls {
  const requests: PastedRequest[] = [];
  const unread: UnreadCall[] = [];
  let isSure = true;
  const finder = createCallFinder(binary);
  const found = (isWhole: boolean, hasMore: boolean): ReadCalls => ({
    requests,
    isSure: isSure && isWhole && unread.length === 0,
    hasMore,
    isWhole,
    unread,
  });
  // Behind an argument that does not close, calls may follow that are whole, so the same characters are looked at again, but not for each call.
  let again = 2 * binary.length;
  for (let call = finder.next(); call !== null; call = finder.next()) {
    const { start, why } = call;
    if (requests.length === choiceLimit) return found(finder.isWhole(), true);
    if (again < 0) return found(false, false);
    if (why !== null) {
      unread.push([start, start + 60, why]);
      continue;
    }
    const url = readScriptValue(binary, start);
    if (url.value === null) {
      again -= url.end - start;
      unread.push([start, start + 60, 'its brackets or quotes do not close']);
      continue;
    }
    const hasOptions = binary[url.end] === ',';
    const options = hasOptions ? readScriptValue(binary, url.end + 1) : null;
    if (options?.value === null) again -= options.end - url.end;
    const end = options === null || options.value === null ? url.end : options.end;
    finder.moveTo(end);
    // Without its parenthesis the call is cut off.
    const given = hasOptions ? (options?.value ?? 'unread') : binary[url.end] === ')' ? null : 'unread';
    if (isCall(url.value, given)) {
      const { request, isRefused } = fetchRequest(url.value, given);
      requests.push(request);
      if (isRefused || request.problems.length > 0) isSure = false;
    } else if (binary[end] !== ')' || binary[spaceEnd(binary, end + 1)] !== '{') unread.push([start, end, 'its URL is not in the paste']);
    // Else it says what a function of this name does.
  }
  return found(finder.isWhole(), false);
}

/** Whether a call says enough of a request: a URL, were it made by code, or options. */
function isCall(url: PrintedValue, options: PrintedValue | 'unread' | null): boolean {
  if (url.kind === 'string' || (url.kind === 'cut' && /^["'`]/.test(url.text))) return true;
  return url.kind === 'cut' && options !== null && options !== 'unread' && options.kind === 'object' && options.entries.length > 0;
}

function callText(binary: string, start: number, end: number): string {
  const length = Math.min(end - start, 60);
  const text =
    readableText(binary.slice(start, start + length))
      .split('\n')[0]
      ?.trim() ?? '';
  return `The call fetch(${text}${end - start > length ? '…' : binary[end] === ')' ? ')' : ' …'}`;
}

/** Most calls that are named. */
const namedLimit = 5;

function unreadNotes(binary: string, unread: readonly UnreadCall[]): readonly string[] {
  const more = unread.length - namedLimit;
  const rest = more <= 0 ? [] : [more === 1 ? 'One more call of fetch was not read.' : `${more} more calls of fetch were not read.`];
  const named = unread.slice(0, namedLimit).map(([start, end, why]) => `${callText(binary, start, end)} was not read: ${why}.`);
  return [...named, ...rest];
}
