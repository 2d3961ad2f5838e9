import { percentEscape } from '../text/escapes.ts';
import { hasHeader } from '../text/headers.ts';
import type { HeaderField } from '../contract/common.ts';
import { parseHeaderText } from '../header-text.ts';
import { fromChoices } from './choices.ts';
import { readCmdWords } from './cmd-words.ts';
import { callsOf, commandFinder, withUnfilled } from './command-lines.ts';
import { readCurlOptions, type CurlOption } from './curl-options.ts';
import { missingBody } from './body-gap.ts';
import { base64Text } from '../text/declared-body.ts';
import type { PasteFormat } from './format.ts';
import { withinHeaderLimit } from './header-limit.ts';
import { choiceLimit, commandLimitBytes } from './limits.ts';
import type { PasteSource } from './paste-source.ts';
import { refusedPaste, type BodyGap, type Pasted, type PastedProblem, type PastedRequest } from './pasted.ts';
import { readPosixWords } from './shell-words.ts';
import { bytesOfBinary, readableText } from '../text/text-codec.ts';

const findCurl = commandFinder('curl');

/** A curl command, or several, perhaps behind a prompt or comments, or with a body that is piped into it. */
export const curlFormat: PasteFormat = { recognises: ({ binary }) => findCurl(binary) !== null, read: readCurl };

/** Reads curl commands as a shell and curl would, without their defaults where those change the signed bytes unseen. */
export function readCurl(source: PasteSource): Pasted {
  const { binary } = source;
  if (binary.length > commandLimitBytes)
    return refusedPaste(
      'curl',
      `The command is larger than ${commandLimitBytes} bytes, which common systems do not accept; save the body as a file instead.`,
    );
  const found = findCurl(binary) ?? { lines: binary, notes: [] };
  const line = found.lines;
  const isCmd = isForCommandPrompt(line);
  const reading = isCmd ? readCmdWords(line) : readPosixWords(line);
  const { calls, notes } = callsOf(reading, (word) => /^(?:.*\/)?curl(?:\.exe)?$/.test(word));
  const requests = calls.flatMap(({ words, stdin }) =>
    transfersOf(readCurlOptions(words)).map((options) => withUnfilled(applyOptions(options, stdin), reading.unfilled)),
  );
  const read = fromChoices(
    'curl',
    'certain',
    requests.length === 0 ? [applyOptions([], null)] : requests.slice(0, choiceLimit),
    Math.max(1, requests.length),
  );
  return {
    ...read,
    problems: [...(reading.problem === null ? [] : [{ message: reading.problem }]), ...read.problems],
    notes: [
      ...source.notes,
      ...found.notes,
      ...(isCmd ? cmdNotes(line) : []),
      ...reading.notes,
      ...notes,
      ...quoteNotes(binary),
      ...read.notes,
    ],
  };
}

/** The options of each transfer; `--next` begins another. */
function transfersOf(options: readonly CurlOption[]): readonly (readonly CurlOption[])[] {
  const transfers: CurlOption[][] = [[]];
  for (const option of options) {
    if (option.name === '--next' || option.name === '-:') transfers.push([]);
    else transfers.at(-1)?.push(option);
  }
  return transfers;
}

/** Browsers put a caret before the first quote of a command for cmd, and at the end of its lines. */
function isForCommandPrompt(line: string): boolean {
  const firstQuote = /['"]/.exec(line)?.index ?? -1;
  if (firstQuote > 0 && line[firstQuote] === '"' && line[firstQuote - 1] === '^') return true;
  const firstEnd = line.search(/\r?\n/);
  if (firstEnd > 0 && line[firstEnd - 1] === '^') return true;
  // Firefox for Windows writes each quote within quotes twice, which no other shell takes for a quote.
  return (
    line[firstQuote] === '"' &&
    (/[ =]"[\s[{]{0,100}[[{]\s{0,100}""[^"\s]/.test(line) || /-H "[^"\r\n]{1,1000}""[^"\r\n]{1,1000}""/.test(line))
  );
}

/** Browsers write each backslash twice in this form, and the program gets both where no quote follows. */
function cmdNotes(line: string): readonly string[] {
  const isDoubled = /\^\\\^\\\^?[^"\\^]/.test(line) || /[^"\\]\\\\[^"\\]/.test(line);
  return [
    'Read as a command for the Windows command prompt (cmd).',
    ...(/[^\s=]""[^\s"]/.test(line) ? ['Within quotes "" stands for one quote.'] : []),
    ...(isDoubled
      ? ['It has two backslashes in a row: a browser that copies for cmd doubles them, and curl would send both, so both were kept.']
      : []),
  ];
}

/** A smart quote where the command should have a straight one. */
function quoteNotes(binary: string): readonly string[] {
  const at = /[\s=:]\u00e2\u0080[\u0098\u0099\u009c\u009d]/.exec(binary)?.index;
  return at === undefined
    ? []
    : [`Smart quotes found at byte ${at + 1} of the command; a shell does not treat them as quotes, so replace them with straight ones.`];
}

/** What the options gather. */
interface Gathered {
  method: string | null;
  urls: string[];
  headers: HeaderField[];
  data: string | null;
  isGet: boolean;
  isHead: boolean;
  isJson: boolean;
  hasFile: boolean;
  bodyGap: BodyGap | null;
  lacksHeaders: boolean;
  readonly problems: PastedProblem[];
  readonly notes: string[];
}

function applyOptions(options: readonly CurlOption[], stdin: string | null): PastedRequest {
  const gathered: Gathered = {
    method: null,
    urls: [],
    headers: [],
    data: null,
    isGet: false,
    isHead: false,
    isJson: false,
    hasFile: false,
    bodyGap: null,
    lacksHeaders: false,
    problems: [],
    notes: [],
  };
  for (const option of options) applyOption(option, gathered, stdin);
  const { data, headers, problems, notes } = gathered;
  if (gathered.isJson)
    for (const name of ['Content-Type', 'Accept']) if (!hasHeader(headers, name)) headers.push([name, 'application/json']);
  const isBody = data !== null && !gathered.isGet;
  if (isBody && !hasHeader(headers, 'Content-Type'))
    notes.push('The command names no Content-Type, so curl would add application/x-www-form-urlencoded.');
  return {
    method: gathered.method ?? (gathered.isHead ? 'HEAD' : isBody || gathered.hasFile ? 'POST' : 'GET'),
    url: urlOf(gathered),
    body: isBody ? bytesOfBinary(data) : null,
    ...withinHeaderLimit(headers, problems),
    notes,
    ...(gathered.bodyGap === null || gathered.isGet ? {} : { bodyGap: gathered.bodyGap }),
    ...(gathered.lacksHeaders ? { lacksHeaders: true } : {}),
  };
}

function urlOf({ urls, isGet, data, problems, notes }: Gathered): string | null {
  const first = urls.find((url) => url !== '');
  if (first === undefined) {
    problems.push({ message: 'The command names no URL.' });
    return null;
  }
  if (urls.length > 1) problems.push({ message: `The command names ${urls.length} URLs; only the first is used: ${readableText(first)}` });
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(first);
  if (!hasScheme) notes.push('The URL has no scheme; http:// was put before it, as curl does.');
  const url = `${hasScheme ? '' : 'http://'}${first}${isGet && data !== null ? `${first.includes('?') ? '&' : '?'}${data}` : ''}`;
  return readableText(url);
}

function applyOption({ name, use, value }: CurlOption, gathered: Gathered, stdin: string | null): void {
  const text = value ?? '';
  const append = (data: string, separator = '&') =>
    void (gathered.data = gathered.data === null ? data : `${gathered.data}${separator}${data}`);
  switch (use) {
    case 'method':
      return void (gathered.method = readableText(text));
    case 'url':
      return void gathered.urls.push(text);
    case 'header':
      return addHeader(text, gathered);
    case 'data':
    case 'json': {
      if (use === 'json') gathered.isJson = true;
      const data = text.startsWith('@') ? fileData(name, text.slice(1), gathered, stdin) : text;
      return data === null ? undefined : append(data, use === 'json' ? '' : '&');
    }
    case 'data_raw':
      return append(text);
    case 'data_urlencode': {
      const data = encodedData(name, text, gathered, stdin);
      return data === null ? undefined : append(data);
    }
    case 'user':
      return void gathered.headers.push(['Authorization', `Basic ${base64Text(bytesOfBinary(text))}`]);
    case 'bearer':
      return void gathered.headers.push(['Authorization', `Bearer ${readableText(text)}`]);
    case 'user_agent':
      return void gathered.headers.push(['User-Agent', readableText(text)]);
    case 'referer':
      return void gathered.headers.push(['Referer', readableText(text)]);
    case 'cookie':
      if (text.includes('=')) gathered.headers.push(['Cookie', readableText(text)]);
      else {
        gathered.lacksHeaders = true;
        gathered.problems.push({ message: `The cookies are in the file ${readableText(text)}, which cannot be read from here.` });
      }
      return;
    case 'get':
      return void (gathered.isGet = true);
    case 'head':
      return void (gathered.isHead = true);
    case 'unreadable':
      gathered.hasFile = true;
      gathered.bodyGap = missingBody(`is what curl makes of ${name}, which is not in the command`);
      // The signature of AWS and what a file of options says are headers, too.
      if (/^(?:-K|--config|--aws-sigv4)$/.test(name)) gathered.lacksHeaders = true;
      return void gathered.problems.push({
        message: `${name} is not supported: what curl makes of it is not in the command. Paste the request as it was sent instead.`,
      });
    case 'unknown':
      return void gathered.notes.push(`The option ${readableText(name)} is not known and was left out.`);
    case 'ignored':
    case 'value_ignored':
      return;
  }
}

/** `Name: value`, or `Name;` for one without value; a name with nothing behind its colon takes a header away. */
function addHeader(text: string, gathered: Gathered): void {
  const { headers, problems, notes } = gathered;
  const readable = readableText(text);
  if (readable.startsWith('@')) {
    gathered.lacksHeaders = true;
    return void problems.push({ message: `The headers are in the file ${readable.slice(1)}, which cannot be read from here.` });
  }
  const empty = /^([^:;]+);\s*$/.exec(readable)?.[1];
  if (empty !== undefined) return void headers.push([empty, '']);
  const removed = /^([^:]+):\s*$/.exec(readable)?.[1];
  if (removed !== undefined)
    return void notes.push(`-H '${removed}:' keeps curl from sending ${removed}, so the request does not have that header.`);
  // A line that looks like a request line would be taken for one.
  const read = parseHeaderText(`X: \n${readable}`);
  const added = read.headers.slice(1);
  headers.push(...added);
  if (added.length !== 1 || read.problems.length > 0)
    problems.push({
      message: `-H ${JSON.stringify(readable.slice(0, 60))} is not a header: ${read.problems[0]?.message ?? 'write it as Name: value on one line.'}`,
    });
}

/** The contents of `@file`: only standard input can be known, and only if the command pipes it in. */
function fileData(name: string, path: string, gathered: Gathered, stdin: string | null): string | null {
  gathered.hasFile = true;
  if (path === '-' && stdin !== null)
    return name === '-d' || name === '--data' || name === '--data-ascii' ? stdin.replace(/[\r\n\0]/g, '') : stdin;
  const what = path === '-' ? 'standard input' : `the file ${readableText(path)}`;
  gathered.bodyGap = missingBody(`is in ${what}, which cannot be read from here`);
  gathered.problems.push({ message: `The body is in ${what}, which cannot be read from here; add its bytes as the body.` });
  return null;
}

/** `content`, `=content`, `name=content`, `@file` or `name@file`, percent-encoded as curl does. */
function encodedData(name: string, text: string, gathered: Gathered, stdin: string | null): string | null {
  const [, key = '', sign = '', rest = ''] = /^([^=@]*)([=@]?)([\s\S]*)$/.exec(text) ?? [];
  const content = sign === '@' ? fileData(name, rest, gathered, stdin) : sign === '=' ? rest : key;
  if (content === null) return null;
  if (content.includes(' ')) gathered.notes.push('--data-urlencode writes a space as +; before version 7.79 curl wrote %20.');
  const encoded = content.replace(/[^A-Za-z0-9\-._~]/g, (byte) => (byte === ' ' ? '+' : percentEscape(byte)));
  return sign === '' || key === '' ? encoded : `${key}=${encoded}`;
}
