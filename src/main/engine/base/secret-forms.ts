import { Buffer } from 'node:buffer';

/** Longer secrets are looked for in the forms of one writing only: with those of two they would fill the memory. */
const longestTwice = 1024;

/**
 * The secret as it is, without its prefix, and as JSON, HTML, forms, URLs, base64 and hex write it, also where two of these follow each
 * other, such as base64 in a URL. Of several lines, such as a key in PEM, each is one. What stands in gzip, or in more than two writings, has no form:
 * `wrapped-text.ts` looks into it.
 */
export function secretForms(secret: string): readonly string[] {
  const lines = secret.split(/[\r\n]+/).filter((line) => line.trim() !== '' && !line.startsWith('-----'));
  return [...new Set(lines.flatMap((line) => formsOfLine(line.trim())))];
}

function formsOfLine(line: string): readonly string[] {
  const plain = [
    line,
    line.replace(/^(?:[A-Za-z]{2,12}_){1,3}(?=.{8})/, ''),
    // What stands behind the name of an authentication scheme: `Bearer x`.
    line.replace(/^[A-Za-z][\w-]{0,30} (?=\S{8})/, ''),
  ];
  if (line.length > longestTwice) return [...plain, ...writtenOnce(line)];
  return [...plain, ...writtenOnce(line), ...writtenTwice(line)];
}

function writtenOnce(line: string): readonly string[] {
  const bytes = Buffer.from(line, 'utf8');
  return [...escaped(line), ...inHex(bytes), ...[0, 1, 2].flatMap((before) => inBase64(bytes, before))];
}

/** What the usual writers make of each other's work. */
function writtenTwice(line: string): readonly string[] {
  const bytes = Buffer.from(line, 'utf8');
  const json = JSON.stringify(line).slice(1, -1);
  const inUrl = encodeURIComponent(line.toWellFormed());
  const base64 = bytes.toString('base64');
  const base64Url = bytes.toString('base64url');
  const hex = inHex(bytes);
  return [
    ...[json, inUrl, base64, base64.replace(/=+$/, ''), base64Url, ...hex]
      .filter((once) => once !== line)
      .flatMap((once) => [0, 1, 2].flatMap((before) => inBase64(Buffer.from(once, 'utf8'), before))),
    ...[json, inUrl, base64].flatMap(urlEscaped),
    JSON.stringify(json).slice(1, -1),
    ...[base64, hex[0] ?? ''].flatMap((once) => inHex(Buffer.from(once, 'utf8'))),
  ];
}

/** A text in which the characters that mean something else are escaped, or all are. */
function escaped(line: string): readonly string[] {
  const codes = Array.from({ length: line.length }, (_, at) => line.charCodeAt(at).toString(16).padStart(4, '0'));
  return [
    JSON.stringify(line).slice(1, -1),
    codes.map((code) => `\\u${code}`).join(''),
    codes.map((code) => `\\u${code.toUpperCase()}`).join(''),
    ...inHtml(line),
    Array.from({ length: line.length }, (_, at) => `&#${line.charCodeAt(at)};`).join(''),
    ...urlEscaped(line),
  ];
}

/** As pages of errors have it: by what writers of content, frameworks and Go escape with, and by what Handlebars and Mustache do. */
function inHtml(line: string): readonly string[] {
  const content: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
  const attribute: typeof content = { ...content, '"': '&quot;' };
  const usual: typeof content = { ...attribute, "'": '&#39;' };
  const go: typeof content = { ...usual, '"': '&#34;' };
  const handlebars: typeof content = { ...usual, "'": '&#x27;', '`': '&#x60;', '=': '&#x3D;' };
  const mustache: typeof content = { ...handlebars, "'": '&#39;', '/': '&#x2F;' };
  return [content, attribute, usual, go, handlebars, mustache].map((escapes) =>
    line.replace(/[&<>"'`=/]/g, (character) => escapes[character] ?? character),
  );
}

/** A text as URLs and forms hold it: as a component, in its escapes of small letters, with each byte escaped, and with `+` read as a space. */
function urlEscaped(text: string): readonly string[] {
  const whole = text.toWellFormed();
  const component = encodeURIComponent(whole);
  const strict = component.replaceAll(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
  const every = Buffer.from(whole, 'utf8').toString('hex').replaceAll(/../g, '%$&');
  const forms = [component, encodeURI(whole), strict, strict.replaceAll('%20', '+'), every];
  return [
    ...forms,
    ...forms.map((form) => form.replaceAll(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase())),
    every.toUpperCase(),
    whole.replaceAll('+', ' '),
  ];
}

function inHex(bytes: Buffer): readonly string[] {
  const hex = bytes.toString('hex');
  return [hex, hex.toUpperCase()];
}

/** What base64 shows of bytes that stand behind as many others, such as a password behind its user: the characters that they alone decide. */
function inBase64(bytes: Uint8Array, before: number): readonly string[] {
  const whole = Buffer.concat([Buffer.alloc(before), bytes]);
  const from = Math.ceil((before * 8) / 6);
  const to = Math.floor((whole.byteLength * 8) / 6);
  return (['base64', 'base64url'] as const).map((coding) => whole.toString(coding).slice(from, to));
}
