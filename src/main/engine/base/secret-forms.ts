import { Buffer } from 'node:buffer';

/** The secret as it is, without its prefix, and as JSON, HTML, URLs, base64 and hex write it. Of several lines, such as a key in PEM, each is one. */
export function secretForms(secret: string): readonly string[] {
  const lines = secret.split(/[\r\n]+/).filter((line) => line.trim() !== '' && !line.startsWith('-----'));
  return [...new Set(lines.flatMap((line) => formsOfLine(line.trim())))];
}

function formsOfLine(line: string): readonly string[] {
  const bytes = Buffer.from(line, 'utf8');
  const hex = bytes.toString('hex');
  return [
    line,
    line.replace(/^(?:[A-Za-z]{2,12}_){1,3}(?=.{8})/, ''),
    // What stands behind the name of an authentication scheme: `Bearer x`.
    line.replace(/^[A-Za-z][\w-]{0,30} (?=\S{8})/, ''),
    JSON.stringify(line).slice(1, -1),
    ...inHtml(line),
    encodeURIComponent(line.toWellFormed()),
    hex,
    hex.toUpperCase(),
    ...[0, 1, 2].flatMap((before) => inBase64(bytes, before)),
  ];
}

/** As pages of errors have it: by what frameworks escape with, and by what Handlebars and Mustache do. */
function inHtml(line: string): readonly string[] {
  const usual: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  const handlebars: typeof usual = { ...usual, "'": '&#x27;', '`': '&#x60;', '=': '&#x3D;' };
  const mustache: typeof usual = { ...handlebars, "'": '&#39;', '/': '&#x2F;' };
  return [usual, handlebars, mustache].map((escapes) => line.replace(/[&<>"'`=/]/g, (character) => escapes[character] ?? character));
}

/** What base64 shows of bytes that stand behind as many others, such as a password behind its user: the characters that they alone decide. */
function inBase64(bytes: Uint8Array, before: number): readonly string[] {
  const whole = Buffer.concat([Buffer.alloc(before), bytes]);
  const from = Math.ceil((before * 8) / 6);
  const to = Math.floor((whole.byteLength * 8) / 6);
  return (['base64', 'base64url'] as const).map((coding) => whole.toString(coding).slice(from, to));
}
