import { copyAgain, secretCause, type SecretStep } from './secret-steps.ts';

const copied = 'more than the secret was copied';
const caseChanged = 'something changed the case of the secret';
const fromFile = 'the sender reads the secret from a file with a line break at its end';
const trimAtSender = 'Trim the secret where it is read.';

/** What is copied along with a secret, or lost as it is copied. */
export function copiedSteps(text: string): readonly SecretStep[] {
  return [...aroundSteps, ...severalSteps(text), ...endSteps, ...formatSteps];
}

const aroundSteps: readonly SecretStep[] = [
  step('trimmed', 0.8, 'the white space around the secret is removed', copied, (text) => text.trim()),
  step('unquoted', 0.9, 'the quotes around the secret are removed', copied, (text) => unquoted(text.trim())),
  step('name-removed', 1, 'the name before the secret is removed', 'a line of settings was copied, and not the value alone', (text) =>
    afterName(text.trim()),
  ),
  step('scheme-removed', 1, 'the word before the secret (Bearer, Basic, v1,) is removed', copied, (text) =>
    text.trim().replace(/^(?:Bearer|Basic|Token|HMAC)\s+|^v\d[a-z]?,\s*/i, ''),
  ),
  step('spaces-removed', 1.1, 'the spaces inside the secret are removed', 'the secret was wrapped where it was copied from', (text) =>
    text.replace(/[\s\u200b-\u200d\u2060\ufeff\u00a0]+/g, ''),
  ),
  {
    ...step(
      'quoted',
      1.2,
      'the secret has quotes around it',
      'the sender took the quotes of its settings for part of the secret',
      (text) => `"${text}"`,
      'Take the quotes out of the settings of the sender.',
    ),
  },
  step(
    'single-quoted',
    1.3,
    'the secret has single quotes around it',
    'the sender took the quotes of its settings for part of the secret',
    (text) => `'${text}'`,
    'Take the quotes out of the settings of the sender.',
    true,
  ),
];

const endSteps: readonly SecretStep[] = [
  step('newline', 1.1, 'the secret ends with a newline', fromFile, (text) => `${text}\n`, trimAtSender),
  step(
    'crlf',
    1.1,
    'the secret ends with a newline (CRLF)',
    `${fromFile}, as Windows writes it`,
    (text) => `${text}\r\n`,
    trimAtSender,
    true,
  ),
  step(
    'carriage-return',
    1.2,
    'the secret ends with a carriage return',
    `${fromFile}, as Windows writes it`,
    (text) => `${text}\r`,
    trimAtSender,
    true,
  ),
  step(
    'space-after',
    1.2,
    'the secret ends with a space',
    'the sender has a space after its secret',
    (text) => `${text} `,
    trimAtSender,
    true,
  ),
  step(
    'space-before',
    1.3,
    'the secret begins with a space',
    'the sender has a space before its secret',
    (text) => ` ${text}`,
    trimAtSender,
    true,
  ),
  step(
    'nul',
    1.4,
    'the secret ends with a NUL byte',
    'the sender copies its secret with the end of a C string',
    (text) => `${text}\0`,
    trimAtSender,
    true,
  ),
  step(
    'bom',
    1.4,
    'the secret begins with a byte order mark',
    'the sender reads the secret from a file that an editor marked',
    (text) => `\ufeff${text}`,
    trimAtSender,
    true,
  ),
  step(
    'newline-text',
    1.3,
    'the secret ends with \\n as two characters',
    'the sender took an escape for part of the secret',
    (text) => `${text}\\n`,
    trimAtSender,
    true,
  ),
];

const formatSteps: readonly SecretStep[] = [
  step('prefix-added', 1.1, 'the secret has whsec_ before it', 'the secret was copied without its prefix', (text) =>
    text.startsWith('whsec_') ? null : `whsec_${text}`,
  ),
  step('lower-case', 1.2, 'the secret is in lower case', caseChanged, (text) =>
    /^[0-9a-f]{16,}$/i.test(text) ? text.toLowerCase() : null,
  ),
  step('upper-case', 1.3, 'the secret is in upper case', caseChanged, (text) =>
    /^[0-9a-f]{16,}$/i.test(text) ? text.toUpperCase() : null,
  ),
  step(
    'hyphens-removed',
    1.2,
    'the hyphens of the secret are removed',
    'sender and receiver write the UUID differently',
    (text) => (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) ? text.replaceAll('-', '') : null),
    copyAgain,
    true,
  ),
  step(
    'padding-removed',
    1.2,
    'the = at the end of the secret is removed',
    'the secret was copied without its padding',
    (text) => text.replace(/=+$/, ''),
    copyAgain,
    true,
  ),
  step(
    'padding-added',
    1.2,
    'the secret ends with = as base64 does',
    'the secret was copied without its padding',
    (text) => (/^[A-Za-z0-9+/_-]{6,}$/.test(text) && text.length % 4 > 1 ? text + '='.repeat(4 - (text.length % 4)) : null),
    copyAgain,
    true,
  ),
  step(
    'comment-cut',
    1.2,
    'the secret ends before its first #',
    'the settings of the sender take what follows a # for a comment',
    (text) => (text.includes('#') ? text.slice(0, text.indexOf('#')).trimEnd() : null),
    'Put the secret in quotes in the settings of the sender.',
    true,
  ),
  step(
    'variables-expanded',
    1.2,
    'what looks like a variable ($name) in the secret is gone',
    'a shell or a settings file of the sender expanded it',
    (text) => text.replace(/\$(?:\{\w*\}|\w+)/g, ''),
    'Put the secret in single quotes where the sender is set up.',
    true,
  ),
  step(
    'dollars-halved',
    1.3,
    'each $$ in the secret is one $',
    'the settings of the sender take $$ for one $',
    (text) => text.replaceAll('$$', '$'),
    'Write the secret as the settings of the sender want it.',
    true,
  ),
  step(
    'backslashes-removed',
    1.3,
    'the backslashes in the secret are removed',
    'a shell or a settings file of the sender took them for escapes',
    (text) => text.replace(/\\(.)/g, '$1'),
    'Put the secret in single quotes where the sender is set up.',
    true,
  ),
  ...[32, 64, 72].map((size) =>
    step(
      'cut',
      1.4,
      `the secret is cut at ${size} characters`,
      'the sender keeps no more of the secret',
      (text) => (text.length > size ? text.slice(0, size) : null),
      'Use a secret that the sender keeps whole.',
      true,
    ),
  ),
];

/** Each of several secrets that were pasted as one, as settings for a rotation hold them. */
function severalSteps(text: string): readonly SecretStep[] {
  const pieces = text
    .split(/[|\s;]+|,(?=\S{8})/)
    .map((piece) => unquoted(piece.trim()))
    .filter((piece) => piece !== '' && !/^v\d[a-z]?,?$/i.test(piece));
  if (pieces.length < 2 || pieces.length > 10) return [];
  return pieces.map((piece, index) =>
    step(
      'one-of-several',
      0.9,
      `only secret ${index + 1} of the ${pieces.length} in the text is used`,
      'several secrets were pasted as one',
      () => piece.replace(/^v\d[a-z]?,/i, ''),
      'Enter each secret by itself.',
    ),
  );
}

function step(
  id: string,
  cost: number,
  change: string,
  why: string,
  apply: SecretStep['apply'],
  remedy = copyAgain,
  isAlone = false,
): SecretStep {
  return { cause: secretCause('secret-copy', id, cost, change, why, remedy), apply, isAlone };
}

function unquoted(text: string): string {
  return /^(["'`\u201c\u201d\u2018\u2019])(.+)(["'`\u201c\u201d\u2018\u2019])$/s.exec(text)?.[2] ?? text;
}

/** What follows `NAME=` or `name: `. */
function afterName(text: string): string {
  const rest = /^(?:export\s+)?[A-Za-z][A-Za-z0-9_]*\s*(?:=|:\s)\s*(\S.*)$/s.exec(text)?.[1];
  return rest === undefined || /^=*$/.test(rest) ? text : unquoted(rest);
}
