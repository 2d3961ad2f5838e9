import type { HeaderField } from '../contract/common.ts';
import { parseHeaderText } from '../header-text.ts';
import { fromChoices } from './choices.ts';
import { missingBody } from './body-gap.ts';
import { callsOf, commandFinder, withUnfilled } from './command-lines.ts';
import type { PasteFormat } from './format.ts';
import { withinHeaderLimit } from './header-limit.ts';
import { choiceLimit, commandLimitBytes } from './limits.ts';
import type { PasteSource } from './paste-source.ts';
import { noRequest, refusedPaste, type BodyGap, type Pasted, type PastedProblem, type PastedRequest } from './pasted.ts';
import { readPosixWords } from './shell-words.ts';
import { bytesOfBinary, readableText } from '../text/text-codec.ts';

const findWget = commandFinder('wget');

/** A call of wget. */
export const wgetFormat: PasteFormat = { recognises: ({ binary }) => findWget(binary) !== null, read: readWget };

/** Reads calls of wget as a shell and wget would. */
export function readWget(source: PasteSource): Pasted {
  if (source.binary.length > commandLimitBytes)
    return refusedPaste(
      'wget',
      `The command is larger than ${commandLimitBytes} bytes, which common systems do not accept; save the body as a file instead.`,
    );
  const found = findWget(source.binary) ?? { lines: source.binary, notes: [] };
  const reading = readPosixWords(found.lines);
  const { calls, notes } = callsOf(reading, (word) => /^(?:.*\/)?wget(?:\.exe)?$/.test(word));
  if (calls.length === 0) return refusedPaste('wget', 'The paste contains no wget command.');
  const read = fromChoices(
    'wget',
    'certain',
    calls.slice(0, choiceLimit).map(({ words }) => withUnfilled(requestOf(words), reading.unfilled)),
    calls.length,
  );
  const problems: readonly PastedProblem[] = reading.problem === null ? [] : [{ message: reading.problem }];
  return {
    ...read,
    problems: [...problems, ...read.problems],
    notes: [...source.notes, ...found.notes, ...reading.notes, ...notes, ...read.notes],
  };
}

/** Options of wget that take a value as the next word. */
const valued =
  /^(?:-[OoaPUtTwQADR]|--(?:output-document|output-file|user-agent|header|method|body-data|body-file|post-data|post-file|timeout|tries|referer|user|password))$/;

function requestOf(words: readonly string[]): PastedRequest {
  const headers: HeaderField[] = [];
  const problems: PastedProblem[] = [];
  let method: string | null = null;
  let url: string | null = null;
  let data: string | null = null;
  let bodyGap: BodyGap | null = null;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const [, named, joined] = /^(--[a-z-]+)=([\s\S]*)$/.exec(word) ?? [];
    const name = named ?? word;
    const value = joined ?? (valued.test(name) ? (words[(at += 1)] ?? '') : '');
    if (name === '--header') headers.push(...parseHeaderText(`X: \n${readableText(value)}`).headers.slice(1));
    else if (name === '--method') method = readableText(value);
    else if (name === '-U' || name === '--user-agent') headers.push(['User-Agent', readableText(value)]);
    else if (name === '--referer') headers.push(['Referer', readableText(value)]);
    else if (name === '--body-data' || name === '--post-data') data = value;
    else if (name === '--body-file' || name === '--post-file') {
      bodyGap = missingBody(`is in the file ${readableText(value)}, which cannot be read from here`);
      problems.push({
        message: `The body is in the file ${readableText(value)}, which cannot be read from here; add its bytes as the body.`,
      });
    } else if (!name.startsWith('-')) url ??= readableText(word);
  }
  return {
    ...noRequest,
    method: method ?? (data === null && problems.length === 0 ? 'GET' : 'POST'),
    url,
    body: data === null ? null : bytesOfBinary(data),
    ...withinHeaderLimit(headers, problems),
    ...(bodyGap === null ? {} : { bodyGap }),
  };
}
