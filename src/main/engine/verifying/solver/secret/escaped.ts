import { secretCause, type SecretStep } from './secret-steps.ts';

const why = 'a form, a template or a settings file of the sender escaped the secret as it was stored';
const whyUndone = 'the secret was copied in its escaped form';
const remedy = 'Enter the secret at the sender again in a form that needs no escapes, such as letters and digits.';
const remedyUndone = 'Copy the secret as it is, and not out of the source of a page or a program.';

/** The secret as text for another place holds it, and the other way round. */
export const escapedSteps: readonly SecretStep[] = [
  escaped('html-escaped', 1.1, 'HTML entities stand in the secret (&amp; for &)', (text) => html(text, '&#039;')),
  escaped('html-escaped-39', 1.2, 'HTML entities stand in the secret (&#39; for an apostrophe)', (text) => html(text, '&#39;')),
  escaped('html-escaped-x27', 1.2, 'HTML entities stand in the secret (&#x27; for an apostrophe)', (text) => html(text, '&#x27;')),
  escaped('json-escaped', 1.1, '\\u escapes in capitals stand in the secret (\\u003D for =)', (text) => unicode(text, /[<>&=]/g, true)),
  escaped('json-escaped-lower', 1.1, '\\u escapes stand in the secret (\\u003d for =)', (text) => unicode(text, /[<>&='+]/g, false)),
  escaped('json-escaped-html', 1.2, '\\u escapes stand in the secret (\\u0026 for &)', (text) => unicode(text, /[<>&]/g, false)),
  escaped('json-escaped-dotnet', 1.2, '\\u escapes in capitals stand in the secret (\\u002B for +)', (text) =>
    unicode(text, /[<>&'+"`]/g, true),
  ),
  escaped('slashes-escaped', 1.1, 'each / in the secret is \\/', (text) => text.replaceAll('/', '\\/')),
  escaped('backslash-escaped', 1.2, 'quotes and backslashes in the secret have a backslash before them', (text) =>
    text.replace(/["'\\]/g, '\\$&'),
  ),
  escaped('json-string', 1.2, 'the secret is written as in a JSON string', (text) => JSON.stringify(text).slice(1, -1)),
  escaped('percent-encoded', 1.1, 'the secret is percent-encoded', (text) => percent(text)),
  escaped('percent-encoded-plus', 1.2, 'the secret is percent-encoded, with + for spaces', (text) => percent(text).replaceAll('%20', '+')),
  escaped('percent-encoded-lower', 1.3, 'the secret is percent-encoded in lower case', (text) =>
    percent(text).replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase()),
  ),
  escaped('plus-to-space', 1.1, 'each + in the secret is a space', (text) => text.replaceAll('+', ' ')),
  undone('space-to-plus', 1.1, 'each space in the secret is a +', (text) => text.replaceAll(' ', '+')),
  undone('html-unescaped', 1, 'the HTML entities in the secret are decoded', unhtml),
  undone('json-unescaped', 1, 'the escapes in the secret are decoded', unjson),
  undone('percent-decoded', 1, 'the secret is percent-decoded', (text) => unpercent(text)),
  undone('percent-decoded-plus', 1.1, 'the secret is percent-decoded, with spaces for +', (text) => unpercent(text.replaceAll('+', ' '))),
];

function escaped(id: string, cost: number, change: string, apply: (text: string) => string | null): SecretStep {
  return { cause: secretCause('secret-escapes', id, cost, change, why, remedy), apply, isAlone: true };
}

function undone(id: string, cost: number, change: string, apply: (text: string) => string | null): SecretStep {
  return { cause: secretCause('secret-escapes', id, cost, change, whyUndone, remedyUndone), apply, isAlone: true };
}

function html(text: string, apostrophe: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", apostrophe);
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  '#39': "'",
  '#039': "'",
  '#x27': "'",
};

function unhtml(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|apos|#0?39|#x27);/gi, (whole, name: string) => entities[name.toLowerCase()] ?? whole);
}

function unicode(text: string, signs: RegExp, isUpper: boolean): string {
  return text.replace(signs, (sign) => {
    const hex = sign.charCodeAt(0).toString(16).padStart(4, '0');
    return `\\u${isUpper ? hex.toUpperCase() : hex}`;
  });
}

function unjson(text: string): string | null {
  if (!text.includes('\\')) return null;
  try {
    const value: unknown = JSON.parse(`"${text}"`);
    return typeof value === 'string' ? value : null;
  } catch {
    return null;
  }
}

function percent(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

function unpercent(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
