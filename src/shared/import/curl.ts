import type { HeaderField } from '../contract/common.ts';
import { parseHeaderText } from '../header-text.ts';
import { bodyNotes } from './body-notes.ts';
import { readCmdWords } from './cmd-words.ts';
import { readCurlOptions, type CurlOption } from './curl-options.ts';
import { base64Text, decodeDeclaredBody, type DecodedBody } from './declared-body.ts';
import { withinHeaderLimit } from './header-limit.ts';
import { commandLimitBytes } from './limits.ts';
import type { PasteSource } from './paste-source.ts';
import { noRequest, refusedPaste, type Pasted, type PastedProblem } from './pasted.ts';
import { readPosixWords, type ShellReading } from './shell-words.ts';
import { binaryText, bytesOfBinary, readableText } from './text-codec.ts';

const promptPattern = /^(?:\u00ef\u00bb\u00bf)?\s*(?:(?:\$|#|%|PS [^>\n]{0,200}>|[A-Za-z]:\\[^>\n]{0,200}>)[ \t]*)?(?=\S)/;
const commandPattern = /^(?:[A-Za-z_]\w{0,60}=\S{0,500}[ \t]+)*(?:\S{0,200}\/)?curl(?:\.exe)?(?:[ \t]|\\?\r?\n|\^)/;
const pipelinePattern = /^(?:printf|echo)[ \t]/;

/** Whether a text is a curl command, perhaps behind a prompt or with its body piped into it. */
export function isCurl(binary: string): boolean {
  const start = promptPattern.exec(binary.slice(0, 1000))?.[0].length ?? 0;
  const beginning = binary.slice(start, start + 1000);
  return commandPattern.test(beginning) || (pipelinePattern.test(beginning) && /\|\s*curl\s/.test(binary.slice(0, commandLimitBytes)));
}

/** Reads a curl command as a shell and curl would, without their defaults where those change the signed bytes unseen. */
export function readCurl(source: PasteSource): Pasted {
  const { binary } = source;
  if (binary.length > commandLimitBytes)
    return refusedPaste(
      'curl',
      `The command is larger than ${commandLimitBytes} bytes, which common systems do not take; save the body as a file instead.`,
    );
  const line = binary.slice(promptPattern.exec(binary.slice(0, 1000))?.[0].length ?? 0);
  const isCmd = isForCommandPrompt(line);
  const reading = isCmd ? readCmdWords(line) : readPosixWords(line);
  const { words, stdin, notes } = pickCommand(reading);
  const request = applyOptions(readCurlOptions(words), stdin);
  const problems = reading.problem === null ? [] : [{ message: reading.problem }];
  return {
    ...noRequest,
    kind: 'curl',
    confidence: 'certain',
    ...request,
    problems: [...problems, ...request.problems],
    notes: [
      ...source.notes,
      ...(isCmd ? cmdNotes(line) : []),
      ...reading.notes,
      ...notes,
      ...quoteNotes(binary),
      ...request.notes,
      ...(request.body === null ? [] : bodyNotes(request.body, request.headers)),
    ],
  };
}

/** Browsers put a caret before the first quote of a command for cmd, and at the end of its lines. */
function isForCommandPrompt(line: string): boolean {
  const firstQuote = /['"]/.exec(line)?.index ?? -1;
  if (firstQuote > 0 && line[firstQuote] === '"' && line[firstQuote - 1] === '^') return true;
  const firstEnd = line.search(/\r?\n/);
  return firstEnd > 0 && line[firstEnd - 1] === '^';
}

/** Browsers write each backslash twice in this form, and the program gets both where no quote follows. */
function cmdNotes(line: string): readonly string[] {
  const isDoubled = /\^\\\^\\\^?[^"\\^]/.test(line);
  return [
    'Read as a command for the Windows command prompt (cmd).',
    ...(isDoubled
      ? ['It holds two backslashes in a row: a browser that copies for cmd doubles them, and curl would send both, as they stand here.']
      : []),
  ];
}

/** A smart quote where the command should have a straight one. */
function quoteNotes(binary: string): readonly string[] {
  const at = /[\s=:]\u00e2\u0080[\u0098\u0099\u009c\u009d]/.exec(binary)?.index;
  return at === undefined
    ? []
    : [`Smart quotes found at byte ${at + 1} of the command; a shell does not take them for quotes, so put straight ones there.`];
}

interface Picked {
  readonly words: readonly string[];
  /** What is piped into curl, or null when that is nothing or not known. */
  readonly stdin: string | null;
  readonly notes: readonly string[];
}

/** The words behind `curl`, what is piped into it, and a note on what stands behind the command. */
function pickCommand({ tokens }: ShellReading): Picked {
  const commands: { words: string[]; operator: string }[] = [{ words: [], operator: '' }];
  for (const { kind, text } of tokens) {
    if (kind === 'operator') commands.push({ words: [], operator: text });
    else commands.at(-1)?.words.push(text);
  }
  const isName = (word: string) => /^(?:.*\/)?curl(?:\.exe)?$/.test(word);
  const at = commands.findIndex(({ words }) => words.some(isName));
  const command = commands[at];
  if (command === undefined) return { words: [], stdin: null, notes: [] };
  let first = at;
  while (first > 0 && commands[first]?.operator === '|') first -= 1;
  const stdin = pipedText(commands.slice(first, at).map(({ words }) => words));
  const behind = commands.slice(at + 1).find(({ words, operator }) => words.length > 0 || /[<>&|]/.test(operator));
  const left = behind === undefined ? '' : readableText([behind.operator, ...behind.words].join(' ').trim()).slice(0, 40);
  return {
    words: command.words.slice(command.words.findIndex(isName) + 1),
    stdin,
    notes: left === '' ? [] : [`What stands behind the command was left out: ${left}`],
  };
}

/** What `printf %s … | base64 -d` and `echo …` write; null for anything else. */
function pipedText(commands: readonly (readonly string[])[]): string | null {
  let text: string | null = null;
  for (const [name, ...rest] of commands) {
    if (name === 'base64' && text !== null && /^(?:-d|-D|--decode)$/.test(rest[0] ?? '')) {
      const decoded: DecodedBody = decodeDeclaredBody(text, 'base64');
      if (!decoded.ok) return null;
      text = binaryText(decoded.bytes);
    } else if (name === 'printf' && rest[0] === '%s' && rest.length === 2) text = rest[1] ?? '';
    else if (name === 'echo') text = rest[0] === '-n' ? rest.slice(1).join(' ') : `${rest.join(' ')}\n`;
    else return null;
  }
  return text;
}

type CurlRequest = Pick<Pasted, 'method' | 'url' | 'headers' | 'body' | 'problems' | 'notes'>;

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
  readonly problems: PastedProblem[];
  readonly notes: string[];
}

function applyOptions(options: readonly CurlOption[], stdin: string | null): CurlRequest {
  const gathered: Gathered = {
    method: null,
    urls: [],
    headers: [],
    data: null,
    isGet: false,
    isHead: false,
    isJson: false,
    hasFile: false,
    problems: [],
    notes: [],
  };
  for (const option of options) applyOption(option, gathered, stdin);
  const { data, headers, problems, notes } = gathered;
  const has = (name: string) => headers.some(([key]) => key.toLowerCase() === name);
  if (gathered.isJson)
    for (const name of ['Content-Type', 'Accept']) if (!has(name.toLowerCase())) headers.push([name, 'application/json']);
  const isBody = data !== null && !gathered.isGet;
  if (isBody && !has('content-type')) notes.push('The command names no Content-Type, so curl would add application/x-www-form-urlencoded.');
  return {
    method: gathered.method ?? (gathered.isHead ? 'HEAD' : isBody || gathered.hasFile ? 'POST' : 'GET'),
    url: urlOf(gathered),
    body: isBody ? bytesOfBinary(data) : null,
    ...withinHeaderLimit(headers, problems),
    notes,
  };
}

function urlOf({ urls, isGet, data, problems, notes }: Gathered): string | null {
  const first = urls.find((url) => url !== '');
  if (first === undefined) {
    problems.push({ message: 'The command names no URL.' });
    return null;
  }
  if (urls.length > 1) problems.push({ message: `The command names ${urls.length} URLs; only the first is taken: ${readableText(first)}` });
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
      else gathered.problems.push({ message: `The cookies are in the file ${readableText(text)}, which cannot be read from here.` });
      return;
    case 'get':
      return void (gathered.isGet = true);
    case 'head':
      return void (gathered.isHead = true);
    case 'unreadable':
      gathered.hasFile = true;
      return void gathered.problems.push({
        message: `${name} is not read here: what curl makes of it is not in the command. Paste the request as it was sent instead.`,
      });
    case 'unknown':
      return void gathered.notes.push(`The option ${readableText(name)} is not known and was left out.`);
    case 'ignored':
    case 'value_ignored':
      return;
  }
}

/** `Name: value`, or `Name;` for one without value; a name with nothing behind its colon takes a header away. */
function addHeader(text: string, { headers, problems, notes }: Gathered): void {
  const readable = readableText(text);
  if (readable.startsWith('@'))
    return void problems.push({ message: `The headers are in the file ${readable.slice(1)}, which cannot be read from here.` });
  const empty = /^([^:;]+);\s*$/.exec(readable)?.[1];
  if (empty !== undefined) return void headers.push([empty, '']);
  const removed = /^([^:]+):\s*$/.exec(readable)?.[1];
  if (removed !== undefined)
    return void notes.push(`-H '${removed}:' keeps curl from sending ${removed}, so it is no header of the request.`);
  // A line that looks like a request line would be taken for one.
  const read = parseHeaderText(`X: \n${readable}`);
  const added = read.headers.slice(1);
  headers.push(...added);
  if (added.length !== 1 || read.problems.length > 0)
    problems.push({
      message: `-H ${JSON.stringify(readable.slice(0, 60))} is no header: ${read.problems[0]?.message ?? 'write it as Name: value on one line.'}`,
    });
}

/** What `@file` stands for: only standard input can be known, and only where the command pipes it in. */
function fileData(name: string, path: string, gathered: Gathered, stdin: string | null): string | null {
  gathered.hasFile = true;
  if (path === '-' && stdin !== null)
    return name === '-d' || name === '--data' || name === '--data-ascii' ? stdin.replace(/[\r\n\0]/g, '') : stdin;
  const what = path === '-' ? 'standard input' : `the file ${readableText(path)}`;
  gathered.problems.push({ message: `The body is in ${what}, which cannot be read from here; add its bytes as the body.` });
  return null;
}

/** `content`, `=content`, `name=content`, `@file` or `name@file`, percent-encoded as curl does. */
function encodedData(name: string, text: string, gathered: Gathered, stdin: string | null): string | null {
  const [, key = '', sign = '', rest = ''] = /^([^=@]*)([=@]?)([\s\S]*)$/.exec(text) ?? [];
  const content = sign === '@' ? fileData(name, rest, gathered, stdin) : sign === '=' ? rest : key;
  if (content === null) return null;
  if (content.includes(' ')) gathered.notes.push('--data-urlencode writes a space as +; before version 7.79 curl wrote %20.');
  const encoded = content.replace(/[^A-Za-z0-9\-._~]/g, (byte) =>
    byte === ' ' ? '+' : `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
  return sign === '' || key === '' ? encoded : `${key}=${encoded}`;
}
