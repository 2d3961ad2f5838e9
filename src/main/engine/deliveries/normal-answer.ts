/** So many characters of an answer are compared and shown, placeholders included. */
export const normalAnswerChars = 300;

/**
 * An answer as it would be for any other event: ids, numbers, times and quoted values become placeholders, and of HTML only the text is
 * left. Takes the beginning of a body; the work grows with its length, so that has to be bounded.
 */
export function normalAnswer(text: string): string {
  const start = text.trimStart();
  const normal = /^[[{"]/.test(start) ? normalJson(start) : normalText(isHtml(start) ? textOfHtml(start) : start);
  return normal.replace(/\s+/g, ' ').trim().slice(0, normalAnswerChars);
}

/** Words with a digit that say what failed, as in `invalid_utf8` and `missing_ipv4`. */
const technical = '(?!(?:[uU]tf|UTF|base|oauth|https?|ipv|sha|md|mp|hs|rs|es|ps|ed|tls|ssl|iso|rfc|v|x)\\d{1,5}\\b)';

/** What differs between two events of the same kind, in the order in which it is looked for. */
const placeholders: readonly (readonly [RegExp, string])[] = [
  // An apostrophe within a word is no quotation mark.
  [/"[^"\n]{0,200}"|`[^`\n]{0,200}`|\u201c[^\u201d\n]{0,200}\u201d|(?<!\w)'[^'\n]{0,200}'(?!\w)/g, '"\u2026"'],
  [/\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?: ?(?:Z|UTC|GMT|[+-]\d{2}:?\d{2}))?)?/g, '{time}'],
  [
    /\b(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6},? )?\d{1,2}[ -](?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}[ -]\d{2,4}(?: \d{2}:\d{2}(?::\d{2})?)?(?: (?:GMT|UTC|[+-]\d{4}))?/g,
    '{time}',
  ],
  [/\b\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?\b/g, '{time}'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '{id}'],
  [/\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}/g, '{email}'],
  [/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?\b/g, '{address}'],
  // Ids that say what they are of, such as cus_9s6XKzkNRiz8i3.
  [new RegExp(`\\b([a-z]{2,12}(?:_[a-z]{2,12}){0,2})_${technical}(?=[A-Za-z]{0,40}\\d)[A-Za-z0-9]{6,64}\\b`, 'g'), '$1_{id}'],
  // Short ones, such as ord_17 and cus_A1; what names an error, or counts the parts of a message rather than the events, stays.
  [
    new RegExp(
      `\\b(?!(?:err|error|code|status|http|sql|sqlstate|type|line|step|part|rule|field|column|version|level)_)([a-z]{2,12})_${technical}(?=[A-Za-z]{0,19}\\d)[A-Za-z0-9]{1,20}\\b`,
      'g',
    ),
    '$1_{id}',
  ],
  [/\b0x[0-9a-f]{1,64}\b|\b(?=[a-f]{0,64}\d)(?=\d{0,64}[a-f])[0-9a-f]{8,128}\b/gi, '{hex}'],
  [/\b(?=[A-Za-z]{0,64}\d)(?=\d{0,64}[A-Za-z])[A-Za-z0-9]{16,128}\b|\b[A-Za-z]{1,12}\d{4,32}\w{0,64}/g, '{id}'],
  [/(?<!\w)\d+(?:[.,]\d+)*/g, '{number}'],
];

/** Without one of these no placeholder can come; most pieces of JSON have none. */
const mayDiffer = /[\d"'`\u201c@]/;

function normalText(text: string): string {
  if (!mayDiffer.test(text)) return text;
  return placeholders.reduce((normal, [pattern, placeholder]) => normal.replace(pattern, placeholder), text);
}

/** Members whose value says what failed; of others, such as the name of a customer, only that they are there is kept. */
const tellingName =
  /(?:error|errors|message|messages|msg|code|type|reason|title|detail|details|description|status|cause|exception|field|param|pointer|loc|rule|issue|problem)$/i;
/** Members whose number is a name rather than an amount. */
const codeName = /(?:code|status|errno)$/i;

/** Tokens of JSON, which may be cut off anywhere: a string with a colon if it is a name, or what stands between strings. */
const jsonToken = /"((?:[^"\\]|\\.)*)(?:"(\s*:)?|$)|[^"]+/gs;

function normalJson(text: string): string {
  let name: string | null = null;
  return text.replace(jsonToken, (token: string, inner: string | undefined, colon: string | undefined) => {
    if (inner === undefined)
      return name !== null && codeName.test(name) ? token.replace(/\s+/g, '') : normalText(token.replace(/\s+/g, ''));
    if (colon !== undefined) {
      name = inner;
      return `"${normalText(inner)}":`;
    }
    return name === null || tellingName.test(name) ? `"${normalText(unescaped(inner))}"` : '"\u2026"';
  });
}

function unescaped(inner: string): string {
  try {
    return JSON.parse(`"${inner}"`) as string;
  } catch {
    return inner;
  }
}

function isHtml(text: string): boolean {
  return /^<(?:!doctype html|html|head|body|title|pre|h1|p|center)\b/i.test(text);
}

const entities: Readonly<Record<string, string>> = { quot: '"', apos: "'", '#39': "'", lt: '<', gt: '>', amp: '&', nbsp: ' ' };

function textOfHtml(html: string): string {
  return html
    .replace(/<!--.*?(?:-->|$)|<(script|style)\b.*?(?:<\/\1[^>]*>|$)/gis, ' ')
    .replace(/<[^>]*(?:>|$)/g, ' ')
    .replace(/&(#39|[a-z]{2,4});/g, (whole, name: string) => entities[name] ?? whole);
}
