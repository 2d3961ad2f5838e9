import { decodeDeclaredBody, type DecodedBody } from '../text/declared-body.ts';
import { missingBody } from './body-gap.ts';
import type { PastedRequest } from './pasted.ts';
import type { ShellReading, ShellToken } from './shell-words.ts';
import { binaryText, readableText } from '../text/text-codec.ts';

/** How far into a text its first command may stand behind comments and assignments, in bytes. */
const leadLimitBytes = 262_144;

/** The signs that prompts end with, as bytes: $ # % > and those of fancier shells. */
const promptEnd = '(?:[$#%>]|\u00e2\u009d\u00af|\u00ce\u00bb|\u00c2\u00bb|\u00e2\u009c\u0097|\u00e2\u009e\u009c[^\\r\\n\'"]{0,100})';
const wrappers = '(?:(?:sudo|time|command|exec)[ \\t]+)?(?:[A-Za-z_]\\w{0,60}=\\S{0,500}[ \\t]{1,20}){0,20}(?:\\S{0,200}\\/)?';

/** Where commands stand in a text, behind a prompt or not. */
export interface FoundCommand {
  /** The lines without the prompt that was found before the first, and before others where it is the same. */
  readonly lines: string;
  readonly notes: readonly string[];
}

/** A reader of the lines that call a program by one of some names, given as the alternatives of a pattern. */
export function commandFinder(names: string): (binary: string) => FoundCommand | null {
  const call = new RegExp(`${wrappers}(?:${names})(?:\\.exe)?(?:[ \\t]|\\\\?\\r?\\n|\\^)`, 'y');
  const prompted = new RegExp(`[^\\r\\n'"\`]{0,200}?${promptEnd}[ \\t]+(?=${call.source})`, 'y');
  // What may stand before the first call: a comment, a set of the shell, an assignment, or what is piped into the call.
  const lead = /(?:#|\/\/|::|rem[ \t]|set[ \t]|export[ \t]|[A-Za-z_]\w{0,60}=|(?:printf|echo|cat|base64)[ \t])/iy;
  const matches = (pattern: RegExp, binary: string, at: number) => {
    pattern.lastIndex = at;
    return pattern.exec(binary)?.[0] ?? null;
  };
  return (binary) => {
    const start = (/^(?:\u00ef\u00bb\u00bf)?\s*/.exec(binary.slice(0, 10_000))?.[0] ?? '').length;
    if (matches(call, binary, start) !== null) return { lines: binary.slice(start), notes: [] };
    const prompt = matches(prompted, binary, start);
    if (prompt !== null) return withoutPrompt(binary.slice(start), prompt, new RegExp(`^(?=${call.source})`));
    if (matches(lead, binary, start) === null) return null;
    const limit = binary.slice(start, start + leadLimitBytes);
    const later = new RegExp(`(?:^|\\n)[ \\t]*(?:[^\\r\\n'"\`]{0,100}?[$%>] )?(?=${call.source})|\\|[ \\t]*(?=${call.source})`).exec(limit);
    if (later === null) return null;
    const comments = /^(?:[ \t]*(?:(?:#|\/\/|::|rem[ \t])[^\n]*)?\r?\n)+/i.exec(limit)?.[0] ?? '';
    const notes = comments === '' ? [] : ['Comments before the command were left out.'];
    const rest = binary.slice(start + comments.length);
    const behind = matches(prompted, rest, 0);
    if (behind === null) return { lines: rest, notes };
    const found = withoutPrompt(rest, behind, new RegExp(`^(?=${call.source})`));
    return { ...found, notes: [...notes, ...found.notes] };
  };
}

function withoutPrompt(lines: string, prompt: string, call: RegExp): FoundCommand {
  const kept = lines
    .split('\n')
    .map((line) => (line.startsWith(prompt) && call.test(`${line.slice(prompt.length)}\n`) ? line.slice(prompt.length) : line));
  return { lines: kept.join('\n'), notes: [`The prompt before the command was left out: ${readableText(prompt.trim())}`] };
}

/** Most programs that a pipe is followed back through. */
const pipeLimit = 10;

/** One call of a program. */
export interface Call {
  /** The words behind its name. */
  readonly words: readonly string[];
  /** What is given to it as standard input, or null when that is nothing or not known. */
  readonly stdin: string | null;
  /** Whether it is given a standard input of which the text is not known. */
  readonly isStdinUnknown: boolean;
}

interface Command {
  readonly words: string[];
  readonly operator: string;
  stdin: string | null;
}

/** The calls of a program in command lines, with a note on what stands behind them. */
export function callsOf(
  { tokens }: ShellReading,
  isName: (word: string) => boolean,
): { readonly calls: readonly Call[]; readonly notes: readonly string[] } {
  const commands = commandsOf(tokens);
  const places = commands.flatMap(({ words }, index) => (words.some(isName) ? [index] : []));
  const calls = places.map((at): Call => {
    const command = commands[at];
    let first = at;
    while (first > 0 && at - first < pipeLimit && commands[first]?.operator === '|') first -= 1;
    const words = command?.words ?? [];
    const stdin = command?.stdin ?? pipedText(commands.slice(first, at));
    const isGiven = command?.operator === '|' || commands[at + 1]?.operator === '<';
    return { words: words.slice(words.findIndex(isName) + 1), stdin, isStdinUnknown: isGiven && stdin === null };
  });
  const isLeft = ({ words, operator }: Command, index: number) =>
    index > (places[0] ?? commands.length) &&
    !(commands[index]?.words.some(isName) ?? false) &&
    (words.length > 0 || /[<>|]/.test(operator));
  const behind = commands.find(isLeft);
  const text = behind === undefined ? '' : readableText([behind.operator, ...behind.words].join(' ').trim()).slice(0, 40);
  if (behind?.operator === '<')
    return { calls, notes: [`Standard input comes from the file ${text.slice(1).trim()}, which cannot be read from here.`] };
  return { calls, notes: text === '' ? [] : [`The text after the command was left out: ${text}`] };
}

function commandsOf(tokens: readonly ShellToken[]): readonly Command[] {
  const commands: Command[] = [{ words: [], operator: '', stdin: null }];
  for (const { kind, text } of tokens) {
    const last = commands.at(-1);
    if (kind === 'operator') commands.push({ words: [], operator: text, stdin: null });
    else if (kind === 'word') last?.words.push(text);
    else if (last !== undefined) last.stdin = text;
  }
  return commands;
}

/** What `printf %s … | base64 -d`, `echo …` and `cat <<EOF` write; null for anything else. */
function pipedText(commands: readonly Command[]): string | null {
  let text: string | null = null;
  for (const { words, stdin } of commands) {
    const [name, ...rest] = words;
    const input: string | null = stdin ?? text;
    if (name === 'base64' && input !== null && /^(?:-d|-D|--decode)$/.test(rest[0] ?? '')) {
      const decoded: DecodedBody = decodeDeclaredBody(input, 'base64');
      if (!decoded.ok) return null;
      text = binaryText(decoded.bytes);
    } else if (name === 'printf' && rest[0] === '%s' && rest.length === 2) text = rest[1] ?? '';
    else if (name === 'echo') text = rest[0] === '-n' ? rest.slice(1).join(' ') : `${rest.join(' ')}\n`;
    else if (name === 'cat' && rest.every((word) => word === '-') && stdin !== null) text = stdin;
    else return null;
  }
  return text;
}

/** A request out of a command, where its body holds something that only the shell could fill in. */
export function withUnfilled(request: PastedRequest, unfilled: readonly string[]): PastedRequest {
  if (request.body === null || request.bodyGap !== undefined || unfilled.length === 0) return request;
  const text = binaryText(request.body);
  const name = unfilled.find((each) => text.includes(each));
  if (name === undefined) return request;
  return { ...request, bodyGap: missingBody(`holds ${readableText(name).slice(0, 60)}, whose value is not in the text`) };
}
