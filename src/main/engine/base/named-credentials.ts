import { decodedName } from '#shared/text/private-names.ts';

/** A credential in a text, by what stands around it. */
export interface NamedCredential {
  readonly start: number;
  readonly end: number;
  /** Whether it is a parameter of a URL or a form. */
  readonly isParameter: boolean;
}

/**
 * Where a value is: the parameters of a URL end at the next one, values of plain text at a space or the next value, those of JSON, XML and
 * attributes at the mark that closes them.
 */
type Place = 'query' | 'path' | 'text';

/** What ends a name; the same written as an escape, as often as it was escaped. */
const joints = /%(?:25)*3[ade]|&gt;|[=:>]/gi;
const closesTag = /^(?:>|&gt;|%(?:25)*3e)$/i;
const longestName = 100;
const longestTag = 300;
const nameCharacter = /[\w.%[\]-]/;
/** Escapes of what no name holds, such as `?` or `&`. */
const escapedEnd = /%(?:25)*(?!25)(?:[01][0-9a-f]|2[0-9acf]|3[a-f]|40|5c|60|7[b-f])/gi;
/** An opening mark, as it is or as JSON, URLs and HTML escape it. */
const opening = /^(?:\\*["'`]|%(?:25)*2[27]|&quot;|&#3[49];|&#x2[27];|\\+u002[27])/i;
const shownBefore = /^\[(?:redacted|secret|hidden)\b[^\]]*\]/;

/** Values that say themselves that they let their bearer in. */
const selfNamed =
  /(?<![\w-])(?:bearer(?:[\s,]+|%(?:25)*20|\+)(?!realm=|error=|scope=)[\w.~+/%=-]{4,}|(?:basic|token|apikey)(?:[\s,]+|%(?:25)*20|\+)(?=[\w.~+/%=-]{0,200}[A-Z0-9])[\w.~+/%=-]{8,})|(?<![\w-])(?:eyJ[\w-]{8,}\.[\w-]{2,}\.[\w-]*|whsec_[\w+/=-]{8,}|(?:sk|rk)_(?:live|test)_\w{8,}|gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abposr]-[\w-]{10,}|xapp-[\w-]{10,}|shp(?:at|ca|pa|ss)_[0-9a-f]{32}|SG\.[\w-]{16,}\.[\w-]{16,}|npm_\w{36}|AIza[\w-]{30,})/gi;
const schemeBefore = /^(?:bearer|basic|token|apikey)(?:[\s,]+|%(?:25)*20|\+)/i;

/** Addresses of webhooks that let in whoever has them: of Slack, Discord and Telegram. */
const privateAddresses =
  /(?<before>hooks\.slack\.com\/(?:services|workflows|triggers)\/|discord(?:app)?\.com\/api\/(?:v\d+\/)?webhooks\/\d+\/|api\.telegram\.org\/bot)(?<value>[\w/:-]{8,})/gi;

/** A value behind its name as Postman, HAR files and HTML have it: `"name": "pin", "value": "x"`, `<input name="pin" value="x">`. */
const pairs =
  /(["']?)(?<![\w-])(?:name|key|field)\1\s{0,8}[=:]\s{0,8}(["'])(?<name>[^"'<>\\]{1,100})\2[^<>{}]{0,120}?(["']?)(?<![\w-])(?:value|content)\4\s{0,8}[=:]\s{0,8}(?<quote>["'])/gi;

/** An option of a command with its value: `--password x`. */
const options = /(?<![\w-])--(?<name>[a-z][\w-]{0,60})[ \t]{1,8}(?<quote>["']?)(?=[^\s"'-])/gi;

/**
 * Where a text holds a credential that something names: as a value behind a name (`token=x`, `"password": "x"`, `<pin>x</pin>`), as a
 * parameter of a URL, wherever that stands and however often it was escaped, as user and password of a URL, or by its own beginning
 * (`Bearer x`, a JWT). In order and apart; in a time that grows with the text alone.
 */
export function namedCredentials(text: string, isPrivate: (name: string) => boolean): readonly NamedCredential[] {
  const found = [...byName(text, isPrivate), ...byPair(text, isPrivate), ...ofUsers(text), ...bySelf(text)].toSorted(
    (one, other) => one.start - other.start,
  );
  const apart: { start: number; end: number; isParameter: boolean }[] = [];
  for (const { start, end, isParameter } of found) {
    const last = apart.at(-1);
    if (last === undefined || start > last.end) apart.push({ start, end, isParameter });
    else {
      last.end = Math.max(last.end, end);
      last.isParameter ||= isParameter;
    }
  }
  return apart;
}

/** A text with something in the place of each credential that is named in it, and these. */
export function withoutNamed(
  text: string,
  isPrivate: (name: string) => boolean,
  shown: string,
): { readonly text: string; readonly values: readonly string[] } {
  const values: string[] = [];
  let rest = '';
  let at = 0;
  for (const { start, end } of namedCredentials(text, isPrivate)) {
    rest += text.slice(at, start) + shown;
    values.push(text.slice(start, end));
    at = end;
  }
  return { text: rest + text.slice(at), values };
}

function* byName(text: string, isPrivate: (name: string) => boolean): Generator<NamedCredential> {
  let done = 0;
  // No name goes over a joint and no tag over the end of another, so nothing is read twice.
  let lastJoint = 0;
  let lastTag = 0;
  for (const { index, 0: joint } of text.matchAll(joints)) {
    const isTag = closesTag.test(joint);
    const from = Math.max(done, isTag ? lastTag : lastJoint);
    lastJoint = index + joint.length;
    if (isTag) lastTag = lastJoint;
    if (index < done) continue;
    const name = isTag ? tagBefore(text, index, from) : nameBefore(text, index, from);
    if (name === null || !isPrivate(decodedName(name.text.replaceAll(/%(?:25)+/g, '%')))) continue;
    // What is called code in a text is one of an error, mostly, and a key in data is a name.
    if (name.place === 'text' && (joint === ':' ? /^(?:code|key)$/i : /^code$/i).test(name.text)) continue;
    const value = isTag ? elementFrom(text, lastJoint) : valueFrom(text, lastJoint, joint, name);
    if (value === null) continue;
    done = value.end;
    yield { ...value, isParameter: name.place !== 'text' };
  }
}

type Span = Pick<NamedCredential, 'start' | 'end'>;

interface Name {
  readonly text: string;
  readonly place: Place;
  readonly isQuoted: boolean;
}

/** The name that ends at a place, and what kind of place that is; null for none. */
function nameBefore(text: string, end: number, from: number): Name | null {
  let at = end;
  while (at > from && end - at < 8 && /\s/.test(text[at - 1] ?? '')) at -= 1;
  const before = text.slice(Math.max(from, at - 8), at);
  const quote = /(?:\\*["'`]|%(?:25)*2[27]|&quot;|&#3[49];|\\+u002[27])$/i.exec(before)?.[0] ?? '';
  at -= quote.length;
  const last = at;
  while (at > from && last - at < longestName && nameCharacter.test(text[at - 1] ?? '')) at -= 1;
  const run = text.slice(at, last);
  const ends = [...run.matchAll(escapedEnd)];
  const mark = ends.at(-1);
  const name = mark === undefined ? run : run.slice(mark.index + mark[0].length);
  if (name === '') return null;
  return { text: name, place: placeOf(mark?.[0] ?? text[at - 1] ?? ''), isQuoted: quote !== '' };
}

function placeOf(mark: string): Place {
  const plain = mark.length === 1 ? mark : String.fromCharCode(Number.parseInt(mark.slice(-2), 16));
  if (plain === ';') return 'path';
  return plain === '?' || plain === '&' || plain === '#' ? 'query' : 'text';
}

/** The name of the opening tag that ends at a place, without its prefix. */
function tagBefore(text: string, end: number, from: number): Name | null {
  const before = text.slice(Math.max(from, end - longestTag), end);
  const open = Math.max(before.lastIndexOf('<'), before.lastIndexOf('&lt;'), before.toLowerCase().lastIndexOf('%3c'));
  if (open === -1) return null;
  const name = /^(?:<|&lt;|%3c)(?:[\w-]{1,40}:)?([\w.-]{1,100})(?=$|[\s/%+])/i.exec(before.slice(open))?.[1];
  return name === undefined || before.endsWith('/') ? null : { text: name, place: 'text', isQuoted: false };
}

function elementFrom(text: string, from: number): Span | null {
  const ends = /(?=<(?!!\[CDATA\[))|&lt;|%(?:25)*3c/gi;
  ends.lastIndex = from;
  const end = ends.exec(text)?.index ?? text.length;
  return placed(text, from, end);
}

function valueFrom(text: string, from: number, joint: string, { place, isQuoted }: Name): Span | null {
  let at = from;
  // As Ruby and PHP print what they hold: `"password"=>"x"`, `[password] => x`.
  if (place === 'text' && joint === '=') at += /^(?:>|&gt;)/i.exec(text.slice(at, at + 4))?.[0].length ?? 0;
  const isArrow = at > from;
  while (place === 'text' && at < text.length && at - from < 16 && /\s/.test(text[at] ?? '')) at += 1;
  const quote = opening.exec(text.slice(at, at + 12))?.[0];
  if (quote !== undefined && place === 'text') {
    const start = at + quote.length;
    return placed(text, start, closingOf(text, start, quote));
  }
  const first = text[at] ?? '';
  if (isQuoted && (first === '[' || first === '{')) return placed(text, at, groupEnd(text, at));
  return placed(text, at, plainEnd(text, at, joint, place, isQuoted && !isArrow));
}

function placed(text: string, start: number, end: number): Span | null {
  if (end <= start) return null;
  const shown = shownBefore.exec(text.slice(start, start + 60));
  if (shown !== null && start + shown[0].length >= end) return null;
  return /^(?:null|true|false|undefined)$/.test(text.slice(start, Math.min(end, start + 10))) ? null : { start, end };
}

/** Where the mark stands that closes what another opened, or the end of the text. */
function closingOf(text: string, from: number, quote: string): number {
  let at = text.indexOf(quote, from);
  // A mark that is escaped further is a part of the value.
  while (at > from && text[at - 1] === '\\') at = text.indexOf(quote, at + quote.length);
  return at === -1 ? text.length : at;
}

/** Behind the bracket that closes a list or an object of JSON, or the end of the text. */
function groupEnd(text: string, from: number): number {
  const brackets = /[[\]{}]/g;
  brackets.lastIndex = from;
  let depth = 0;
  for (let mark = brackets.exec(text); mark !== null; mark = brackets.exec(text)) {
    depth += mark[0] === '[' || mark[0] === '{' ? 1 : -1;
    if (depth === 0) return mark.index + 1;
  }
  return text.length;
}

const endOfText = /[\s"<>]|[,;&](?=\s|$|["'\\]|[\w.%-]{1,40}[=:])|%(?:25)*(?:26|22|20|0[ad])/gi;
const endOfQuery = /[\s&#"<>]|%(?:25)*(?:26|23|22|3c|3e|20|0[ad])/gi;
const endOfPath = /[\s&#"<>/?;,]|%(?:25)*(?:26|23|22|2f|3f|3b|20|0[ad])/gi;
const endOfNumber = /[\s,}\]]/g;

function plainEnd(text: string, from: number, joint: string, place: Place, isQuoted: boolean): number {
  const ends = isQuoted ? endOfNumber : place === 'query' ? endOfQuery : place === 'path' ? endOfPath : endOfText;
  ends.lastIndex = from;
  for (let mark = ends.exec(text); mark !== null; mark = ends.exec(text)) {
    // What is escaped more often than the joint is a part of the value.
    if (escapesOf(mark[0]) > escapesOf(joint)) continue;
    return mark.index;
  }
  return text.length;
}

/** How often a mark is escaped: not at all for `=`, once for `%3D`, twice for `%253D`. */
function escapesOf(mark: string): number {
  return mark.startsWith('%') ? (mark.length - 1) / 2 : 0;
}

/** Values whose name stands otherwise than right before a joint. */
function* byPair(text: string, isPrivate: (name: string) => boolean): Generator<NamedCredential> {
  for (const pattern of [pairs, options])
    for (const { index, 0: whole, groups = {} } of text.matchAll(pattern)) {
      if (!isPrivate(groups['name'] ?? '')) continue;
      const start = index + whole.length;
      const quote = groups['quote'] ?? '';
      const value = placed(text, start, quote === '' ? plainEnd(text, start, '=', 'text', false) : closingOf(text, start, quote));
      if (value !== null) yield { ...value, isParameter: false };
    }
}

/** User and password of URLs, wherever one stands. */
function* ofUsers(text: string): Generator<NamedCredential> {
  for (const { index, 0: whole } of text.matchAll(
    /:\/\/[^/?#\s"<>]*@|(?<![\w:/])\/\/[^/?#\s"<>:@]*:[^/?#\s"<>]*@|%(?:25)*3a(?:%(?:25)*2f){2}(?:(?!%(?:25)*(?:2f|3f|23))[^/?#\s"<>&])*%(?:25)*40/gi,
  )) {
    const start = index + (/^(?::?\/\/|%(?:25)*3a(?:%(?:25)*2f){2})/i.exec(whole)?.[0].length ?? 0);
    const end = index + whole.length - (/(?:@|%(?:25)*40)$/i.exec(whole)?.[0].length ?? 0);
    const value = placed(text, start, end);
    if (value !== null) yield { ...value, isParameter: false };
  }
}

function* bySelf(text: string): Generator<NamedCredential> {
  for (const { index, 0: whole } of text.matchAll(selfNamed)) {
    const value = placed(text, index + (schemeBefore.exec(whole)?.[0].length ?? 0), index + whole.length);
    if (value !== null) yield { ...value, isParameter: false };
  }
  for (const { index, 0: whole, groups = {} } of text.matchAll(privateAddresses)) {
    const value = placed(text, index + (groups['before'] ?? '').length, index + whole.length);
    if (value !== null) yield { ...value, isParameter: false };
  }
}
