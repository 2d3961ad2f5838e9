import type { PasteFormat, ReadInner } from './format.ts';
import { printedLimitBytes } from './limits.ts';
import { derivedSource, firstVisible, type PasteSource } from './paste-source.ts';
import type { Pasted } from './pasted.ts';

/** Words with which pages head the parts of a request, and those that name method and address. */
const heading =
  /^(?:#+ *)?(?:general|(?:raw |request |http )*headers(?: \(\d+\))?|(?:raw |request )*(?:body|payload|content)|query(?: strings?| parameters?)?|form values|request details|response(?: headers| body)?|(?:view )?raw|pretty(?: print)?)\s*:?\s*$/i;
const bodyHeading = /^(?:#+ *)?(?:raw |request )*(?:body|payload|content)\s*:?\s*$/i;
const endHeading = /^(?:#+ *)?response(?: headers| body)?\s*:?\s*$/i;
const address = /^(?:request )?url:?[ \t]+(\S+)\s*$/i;
const method = /^(?:request )?method:?[ \t]+([A-Za-z]{1,20})\s*$/i;
const facts =
  /^(?:status code|remote address|referrer policy|scheme|host name|address|version|transferred|size|date|id|ip|note|files|time|duration)(?::|\t)/i;
const short = /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)[ \t]+(https?:\/\/\S+)\s*$/;

/** A request as pages show it: the deliveries of GitHub, webhook.site, Hookdeck, and the headers of a browser's network panel. */
export const pageFormat: PasteFormat = {
  recognises: (source) => {
    if (source.binary.length > printedLimitBytes) return false;
    const start = source.binary.slice(firstVisible(source), firstVisible(source) + 20_000);
    const lines = start.split(/\r?\n/);
    return lines
      .slice(0, 40)
      .some((line, at) => address.test(line) || method.test(line) || (heading.test(line) && (at === 0 || bodyHeading.test(line))));
  },
  read: readPage,
};

function readPage(source: PasteSource, inner: ReadInner): Pasted | null {
  const lines = source.binary.split('\n').map((line) => line.replace(/\r$/, ''));
  const { verb, url, head, kept, end: headEnd, hasBodyHeading } = readTop(lines);
  if (head.length === 0 || (verb === null && url === null && !hasBodyHeading)) return null;
  const from = hasBodyHeading ? filledFrom(lines, headEnd) : headEnd;
  const end = lines.findIndex((line, index) => index >= from && endHeading.test(line));
  const body = lines.slice(from, end === -1 ? lines.length : end);
  const text = body.join('\n');
  const own = end === -1 ? text : text.trimEnd();
  const hasBody = own.trim() !== '';
  const read = inner(
    derivedSource(
      source,
      hasBody ? `${head.join('\n')}\n\n${own}` : head.join('\n'),
      ['Read as a page shows a request: its headings were left out, and method and URL taken from their own lines.'],
      [...kept, ...(hasBody ? [from - 1, ...body.map((_, index) => from + index)] : [])],
    ),
  );
  return read === null || read.headers.length === 0
    ? null
    : { ...read, method: read.method ?? verb?.toUpperCase() ?? null, url: read.url ?? url };
}

/** What stands above the body. */
interface Top {
  readonly verb: string | null;
  readonly url: string | null;
  /** The lines that are headers, and their places. */
  readonly head: readonly string[];
  readonly kept: readonly number[];
  /** The place of the line behind it. */
  readonly end: number;
  readonly hasBodyHeading: boolean;
}

function readTop(lines: readonly string[]): Top {
  const head: string[] = [];
  const kept: number[] = [];
  let verb: string | null = null;
  let url: string | null = null;
  const endedAt = (end: number, hasBodyHeading = false): Top => ({ verb, url, head, kept, end, hasBodyHeading });
  for (const [at, line] of lines.entries()) {
    if (endHeading.test(line)) return endedAt(at);
    if (bodyHeading.test(line)) return endedAt(at + 1, true);
    if (line.trim() === '') {
      if (head.length > 0 && !moreHeaders(lines, at + 1)) return endedAt(at + 1);
      continue;
    }
    const whole: RegExpExecArray | null = url === null ? short.exec(line) : null;
    const inUrl: string | undefined = url === null ? address.exec(line)?.[1] : undefined;
    const inMethod: string | undefined = verb === null ? method.exec(line)?.[1] : undefined;
    if (whole !== null) [verb, url] = [whole[1] ?? null, whole[2] ?? null];
    else if (inUrl !== undefined) url = inUrl;
    else if (inMethod !== undefined) verb = inMethod;
    else if (!heading.test(line) && !(head.length === 0 && facts.test(line))) {
      head.push(line);
      kept.push(at);
    }
  }
  return endedAt(lines.length);
}

/** The place of the first line from one on that is not empty. */
function filledFrom(lines: readonly string[], from: number): number {
  const found = lines.findIndex((line, index) => index >= from && line.trim() !== '');
  return found === -1 ? lines.length : found;
}

/** Whether headers go on behind an empty line, below a heading or not. */
function moreHeaders(lines: readonly string[], at: number): boolean {
  const next = lines.slice(at, at + 200).find((line) => line.trim() !== '');
  return (
    next !== undefined &&
    !/^\s*[{[<]/.test(next) &&
    (heading.test(next) || address.test(next) || method.test(next) || /^[A-Za-z0-9]+(?:-[A-Za-z0-9]+)+:?(?:\s|$)/.test(next))
  );
}
