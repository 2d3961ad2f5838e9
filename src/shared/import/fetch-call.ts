import { fromChoices } from './choices.ts';
import { fetchRequest } from './fetch-request.ts';
import type { PasteFormat } from './format.ts';
import { choiceLimit, commandLimitBytes } from './limits.ts';
import { firstVisible, type PasteSource } from './paste-source.ts';
import { refusedPaste, type Pasted, type PastedRequest } from './pasted.ts';
import { readScriptValue } from './printed/script-value.ts';

const call = /(?:^|[\s;=(])(?:await[ \t]+)?(?:window\.)?fetch\(\s*(?=["'`])/g;

/** Calls of `fetch` in JavaScript, as browsers copy them. */
export const fetchFormat: PasteFormat = {
  recognises: (source) => {
    const start = source.binary.slice(firstVisible(source), firstVisible(source) + 2000);
    return /^(?:\/\/[^\n]*\n\s*|const[ \t]|let[ \t]|var[ \t]|return[ \t]|await[ \t]|window\.|async[ \t])*(?:[\s\S]{0,200}?=[ \t]*(?:await[ \t]+)?)?(?:await[ \t]+)?fetch\(/.test(
      start,
    );
  },
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
  const { requests, isWhole } = readCalls(binary);
  if (requests.length === 0) return refusedPaste('fetch', 'The code contains no call of fetch with a URL.');
  const isSure = requests.every(({ problems }) => problems.length === 0);
  const read = fromChoices('fetch', isSure ? 'certain' : 'likely', requests, requests.length);
  const notes = isWhole ? [] : ['The end of the code was not read, since brackets or quotes of several calls before it do not close.'];
  return { ...read, notes: [...source.notes, ...notes, ...read.notes] };
}

/** The calls of a text, and whether it was read to its end. Takes linear time. */
function readCalls(binary: string): { readonly requests: readonly PastedRequest[]; readonly isWhole: boolean } {
  const requests: PastedRequest[] = [];
  // Behind an argument that does not close, calls may follow that are whole, so the same characters are looked at again, but not for each call.
  let again = 2 * binary.length;
  call.lastIndex = 0;
  for (let found = call.exec(binary); found !== null && requests.length < choiceLimit; found = call.exec(binary)) {
    if (again < 0) return { requests, isWhole: false };
    const url = readScriptValue(binary, call.lastIndex);
    if (url.value === null) {
      again -= url.end - call.lastIndex;
      continue;
    }
    call.lastIndex = url.end;
    const hasOptions = binary[url.end] === ',';
    const options = hasOptions ? readScriptValue(binary, url.end + 1) : null;
    if (options?.value === null) again -= options.end - url.end;
    else if (options !== null) call.lastIndex = options.end;
    requests.push(fetchRequest(url.value, hasOptions ? (options?.value ?? 'unread') : null));
  }
  return { requests, isWhole: true };
}
