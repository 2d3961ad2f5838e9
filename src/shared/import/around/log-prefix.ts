import type { PasteFormat, ReadInner } from '../format.ts';
import { printedLimitBytes } from '../limits.ts';
import { derivedSource, firstVisible, type PasteSource } from '../paste-source.ts';
import type { Pasted } from '../pasted.ts';
import { readableText } from '../../text/text-codec.ts';

const time = '\\[?\\d{4}[-/]\\d\\d[-/]\\d\\d[T ]\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d{1,9})?(?:Z| ?[+-]\\d\\d:?\\d\\d| UTC)?\\]?';
const syslogTime = '[A-Z][a-z]{2} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d [\\w.-]{1,100}';
const clock = '\\[?\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d{1,9})?\\]?';
const level = '\\[?(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|FATAL|CRITICAL|trace|debug|info|notice|warn(?:ing)?|error|fatal)\\]?';
/** A container before its bar (`web-1  |`), a pod in brackets, a number of a request (CloudWatch), a thread or process. */
const others = [
  '[\\w.-]{1,100} *\\|',
  '\\[[\\w./: -]{1,120}\\]',
  '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}',
  '[\\w.-]{1,60}\\[[\\w.]{1,20}\\]:',
  '\\d{1,7} ---',
  '--',
  '[DIWEF],',
  '#\\d{1,9}',
];
const first = new RegExp(`^(?:${[time, syslogTime, clock, others[0], others[1], '[DIWEF], \\[[^\\]\\n]{1,60}\\]'].join('|')})[ \\t]+`);
const more = new RegExp(`^(?:${[time, clock, level, ...others, 'std(?:out|err) [FP]'].join('|')})[ \\t]+:?[ \\t]*`);
/** The logger before a colon: one word in lower case or with dots, and not a header's name. */
const logger = /^(?:[a-z][\w$]*(?:[./][\w$]+)*|[\w$]+(?:[.][\w$]+)+)[ \t]*:[ \t]+(?=\S)/;

/** Lines of a log with time, level and logger before each: what docker, Kubernetes, journald and frameworks print. */
export const logPrefixFormat: PasteFormat = {
  recognises: (source) => source.binary.length <= printedLimitBytes && first.test(source.binary.slice(firstVisible(source)).slice(0, 500)),
  read: readPrefixed,
};

function readPrefixed(source: PasteSource, inner: ReadInner): Pasted | null {
  const lines = source.binary.split('\n').map((line) => line.replace(/\r$/, ''));
  const prefixes = lines.map((line) => prefixOf(line));
  const whole = lines.map((line, index) => line.slice(prefixes[index] ?? 0));
  const marked = prefixes.filter((size) => size > 0).length;
  if (marked === 0) return null;
  const sample = (lines.find((_, index) => (prefixes[index] ?? 0) > 0) ?? '').slice(
    0,
    prefixes.find((size) => size > 0),
  );
  const note = `What the log puts before ${marked === 1 ? 'the text' : `${marked} of its lines`} was removed: ${readableText(sample.trim()).slice(0, 80)}`;
  for (const texts of [withoutLogger(whole), whole]) {
    const { head, body, lineOf } = split(texts);
    const text = body === null ? head.join('\n') : `${head.join('\n')}\n\n${body}`;
    const read = inner(
      derivedSource(source, text, [note, ...(body === null || lineOf === null ? [] : [`The body was taken from line ${lineOf + 1}.`])]),
    );
    if (read !== null) return read;
  }
  return null;
}

function prefixOf(line: string): number {
  const start = first.exec(line.slice(0, 500))?.[0].length ?? 0;
  if (start === 0) return 0;
  let at = start;
  for (let found = more.exec(line.slice(at, at + 300)); found !== null; found = more.exec(line.slice(at, at + 300))) at += found[0].length;
  return at;
}

/** The lines without the name of a logger, where nearly all have the same one. */
function withoutLogger(lines: readonly string[]): readonly string[] {
  const names = lines.map((line) => logger.exec(line.slice(0, 200))?.[0] ?? '');
  const [common = ''] = names.filter((name) => name !== '');
  if (common === '' || names.filter((name) => name === common).length * 2 < lines.filter((line) => line.trim() !== '').length) return lines;
  return lines.map((line) => (line.startsWith(common) ? line.slice(common.length) : line));
}

const bodyLabel = /^(?:request |raw )?(?:body|payload)[ \t]*[:=][ \t]*/i;

/** Headers and a body that stands behind the word for it. */
function split(lines: readonly string[]): {
  readonly head: readonly string[];
  readonly body: string | null;
  readonly lineOf: number | null;
} {
  const at = lines.findIndex((line) => bodyLabel.test(line));
  if (at <= 0) return { head: lines, body: null, lineOf: null };
  const [begin = '', ...rest] = lines.slice(at);
  const body = [begin.replace(bodyLabel, ''), ...rest].join('\n').trim();
  return { head: lines.slice(0, at).filter((line) => line.trim() !== ''), body, lineOf: at };
}
