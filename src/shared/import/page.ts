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
  const head: string[] = [];
  const kept: number[] = [];
  let verb: string | null = null;
  let url: string | null = null;
  let at = 0;
  let hasBodyHeading = false;
  for (; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const whole = short.exec(line);
    const inUrl = address.exec(line)?.[1];
    const inMethod = method.exec(line)?.[1];
    if (endHeading.test(line)) break;
    if (bodyHeading.test(line)) {
      hasBodyHeading = true;
      at += 1;
      break;
    }
    if (whole !== null && url === null) [verb, url] = [whole[1] ?? null, whole[2] ?? null];
    else if (inUrl !== undefined && url === null) url = inUrl;
    else if (inMethod !== undefined && verb === null) verb = inMethod;
    else if (line.trim() === '') {
      if (head.length > 0 && !moreHeaders(lines, at + 1)) {
        at += 1;
        break;
      }
    } else if (!heading.test(line) && !(head.length === 0 && facts.test(line))) {
      head.push(line);
      kept.push(at);
    }
  }
  if (head.length === 0 || (verb === null && url === null && !hasBodyHeading)) return null;
  while (hasBodyHeading && (lines[at] ?? 'x').trim() === '' && at < lines.length) at += 1;
  const end = lines.findIndex((line, index) => index >= at && endHeading.test(line));
  const body = endHeading.test(lines[at] ?? '') ? [] : lines.slice(at, end === -1 ? lines.length : end);
  const text = body.join('\n');
  const own = end === -1 ? text : text.trimEnd();
  const read = inner(
    derivedSource(
      source,
      own.trim() === '' ? head.join('\n') : `${head.join('\n')}\n\n${own}`,
      ['Read as a page shows a request: its headings were left out, and method and URL taken from their own lines.'],
      [...kept, ...(own.trim() === '' ? [] : [at - 1, ...body.map((_, index) => at + index)])],
    ),
  );
  return read === null || read.headers.length === 0
    ? null
    : { ...read, method: read.method ?? verb?.toUpperCase() ?? null, url: read.url ?? url };
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
