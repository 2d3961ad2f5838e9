import { boundaryOf, contentKindOf } from '#shared/contract/content-kind.ts';
import { task } from '../background/background.ts';

/** Where a body is not what its content type promises, and why, as a clause. */
export interface BodyProblem {
  readonly line: number;
  readonly column: number;
  readonly reason: string;
}

/** A body and what it promises to be. */
export interface CheckedBody {
  readonly contentType: string;
  readonly body: Uint8Array;
}

/** Finds the first place where a form, XML or multipart body is not well-formed; null where it is, and for every other content type. */
export function findBodyProblem({ contentType, body }: CheckedBody): BodyProblem | null {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
  const problem = problemOf(contentType, text);
  if (problem === null) return null;
  const before = text.slice(0, problem.at);
  return { line: before.split('\n').length, column: problem.at - before.lastIndexOf('\n'), reason: problem.reason };
}

interface Found {
  readonly at: number;
  readonly reason: string;
}

function problemOf(contentType: string, text: string): Found | null {
  switch (contentKindOf(contentType)) {
    case 'form':
      return formProblem(text);
    case 'xml':
      return xmlProblem(text);
    case 'multipart':
      return multipartProblem(contentType, text);
    case 'json':
    case 'other':
      return null;
  }
}

function formProblem(text: string): Found | null {
  const escape = /%(?![0-9a-f]{2})/i.exec(text);
  const other = /[^\x21-\x7e]/.exec(text);
  const first = [escape, other].filter((match) => match !== null).toSorted((one, two) => one.index - two.index)[0];
  if (first === undefined) return null;
  return first === escape
    ? { at: first.index, reason: 'a % without two hex digits behind it: write it with the url_encode filter' }
    : { at: first.index, reason: 'a space, a line break or a character beyond ASCII, which a form escapes: use the url_encode filter' };
}

const nameText = '[A-Za-z_:\\u0080-\\uffff][\\w:.\\-\\u0080-\\uffff]*';
const tagStart = new RegExp(`<(/?)(${nameText})`, 'y');
const attribute = new RegExp(`\\s+(${nameText})\\s*=\\s*("[^"<]*"|'[^'<]*')`, 'y');
const tagEnd = /\s*(\/?)>/y;
const entity = /&(?!(?:[A-Za-z_][\w.-]*|#\d+|#x[0-9a-f]+);)/iy;
/** What is skipped as a whole, with what ends it. */
const skipped = [
  ['<!--', '-->', 'comment'],
  ['<![CDATA[', ']]>', 'CDATA section'],
  ['<?', '?>', 'processing instruction'],
  ['<!DOCTYPE', '>', 'document type'],
] as const;

/** Elements that close as they open, attributes in quotes, one root. Looks at each character once. */
function xmlProblem(text: string): Found | null {
  // Its own declarations can say anything.
  if (/<!DOCTYPE[^>]*\[/.test(text)) return null;
  const open: { readonly name: string; readonly at: number }[] = [];
  let hasRoot = false;
  for (let at = text.startsWith('\ufeff') ? 1 : 0; at < text.length;) {
    const character = text[at];
    if (character === '&' && matchAt(entity, text, at) !== null)
      return { at, reason: 'a & that begins no entity: write &amp;, or use the escape filter' };
    if (character !== '<') {
      if (open.length === 0 && !/\s/.test(character ?? ''))
        return { at, reason: hasRoot ? 'text behind the root element' : 'text before the root element' };
      at += 1;
      continue;
    }
    const whole = skipped.find(([begin]) => text.startsWith(begin, at));
    if (whole !== undefined) {
      const end = text.indexOf(whole[1], at + whole[0].length);
      if (end < 0) return { at, reason: `a ${whole[2]} that is not closed` };
      at = end + whole[1].length;
      continue;
    }
    const tag = readTag(text, at);
    if ('reason' in tag) return tag;
    if (tag.isClosing) {
      const last = open.pop();
      if (last?.name !== tag.name)
        return {
          at,
          reason: last === undefined ? `</${tag.name}> closes nothing` : `</${tag.name}> stands where </${last.name}> is expected`,
        };
    } else {
      if (open.length === 0 && hasRoot) return { at, reason: 'a second root element' };
      hasRoot = true;
      if (!tag.isEmpty) open.push({ name: tag.name, at });
    }
    at = tag.end;
  }
  const unclosed = open.at(-1);
  if (unclosed !== undefined) return { at: unclosed.at, reason: `<${unclosed.name}> is not closed` };
  return hasRoot ? null : { at: 0, reason: 'there is no element' };
}

interface Tag {
  readonly name: string;
  readonly isClosing: boolean;
  readonly isEmpty: boolean;
  readonly end: number;
}

function readTag(text: string, start: number): Tag | Found {
  const begin = matchAt(tagStart, text, start);
  if (begin === null) return { at: start, reason: 'a < that begins no tag: write &lt;, or use the escape filter' };
  const [found, slash, name = ''] = begin;
  let at = start + found.length;
  for (let next = matchAt(attribute, text, at); next !== null; next = matchAt(attribute, text, at)) at += next[0].length;
  const end = matchAt(tagEnd, text, at);
  if (end === null) return { at, reason: `the tag <${name} goes on with something that is no attribute in quotes` };
  return { name, isClosing: slash === '/', isEmpty: end[1] === '/', end: at + end[0].length };
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function multipartProblem(contentType: string, text: string): Found | null {
  const name = boundaryOf(contentType);
  if (name === null) return { at: 0, reason: 'the content type names no boundary: write multipart/form-data; boundary=NAME' };
  const first = `--${name}\r\n`;
  if (!text.startsWith(first) && !text.includes(`\r\n${first}`)) {
    const isLf = text.startsWith(`--${name}\n`) || text.includes(`\n--${name}\n`);
    return {
      at: 0,
      reason: isLf ? 'its lines end with LF, and those of multipart end with CRLF' : `no part begins with the line --${name}`,
    };
  }
  return text.includes(`\r\n--${name}--`) ? null : { at: text.length, reason: `the line --${name}-- is missing at the end` };
}

export const checkBodyTask = task('checkBody', findBodyProblem);
