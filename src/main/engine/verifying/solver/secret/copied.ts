import { partsOfSecret } from '#shared/secret-edits.ts';
import type { SecretEditName } from '#shared/contract/solver-fix.ts';
import { copyAgain, editStep, secretCause, type SecretStep } from './secret-steps.ts';

const copied = 'more than the secret was copied';
const caseChanged = 'something changed the case of the secret';
const fromFile = 'the sender reads the secret from a file with a line break at its end';
const ofWindows = `${fromFile}, as Windows writes it`;
const quotesTaken = 'the sender took the quotes of its settings for part of the secret';
const withoutPadding = 'the secret was copied without its padding';
const trimAtSender = 'Trim the secret where it is read.';
const unquoteAtSender = 'Take the quotes out of the settings of the sender.';

/** What is copied together with a secret, or lost when copying. */
export function copiedSteps(text: string): readonly SecretStep[] {
  return [...aroundSteps, ...severalSteps(text), ...endSteps, ...formatSteps];
}

const aroundSteps: readonly SecretStep[] = [
  step('trimmed', 0.8, 'the white space around the secret is removed', copied),
  step('unquoted', 0.9, 'the quotes around the secret are removed', copied),
  step('name-removed', 1, 'the name before the secret is removed', 'a line of settings was copied, and not the value alone'),
  step('scheme-removed', 1, 'the word before the secret (Bearer, Basic, v1,) is removed', copied),
  step('spaces-removed', 1.1, 'the spaces inside the secret are removed', 'the secret was wrapped where it was copied from'),
  step('quoted', 1.2, 'the secret has quotes around it', quotesTaken, unquoteAtSender),
  alone('single-quoted', 1.3, 'the secret has single quotes around it', quotesTaken, unquoteAtSender),
];

const endSteps: readonly SecretStep[] = [
  step('newline', 1.1, 'the secret ends with a newline', fromFile, trimAtSender),
  alone('crlf', 1.1, 'the secret ends with a newline (CRLF)', ofWindows, trimAtSender),
  alone('carriage-return', 1.2, 'the secret ends with a carriage return', ofWindows, trimAtSender),
  alone('space-after', 1.2, 'the secret ends with a space', 'the sender has a space after its secret', trimAtSender),
  alone('space-before', 1.3, 'the secret begins with a space', 'the sender has a space before its secret', trimAtSender),
  alone('nul', 1.4, 'the secret ends with a NUL byte', 'the sender copies its secret with the end of a C string', trimAtSender),
  alone(
    'bom',
    1.4,
    'the secret begins with a byte order mark',
    'the sender reads the secret from a file that an editor marked',
    trimAtSender,
  ),
  alone(
    'newline-text',
    1.3,
    'the secret ends with \\n as two characters',
    'the sender took an escape for part of the secret',
    trimAtSender,
  ),
];

const formatSteps: readonly SecretStep[] = [
  step('prefix-added', 1.1, 'the secret has whsec_ before it', 'the secret was copied without its prefix'),
  step('lower-case', 1.2, 'the secret is in lower case', caseChanged),
  step('upper-case', 1.3, 'the secret is in upper case', caseChanged),
  alone('hyphens-removed', 1.2, 'the hyphens of the secret are removed', 'sender and receiver write the UUID differently'),
  alone('padding-removed', 1.2, 'the = at the end of the secret is removed', withoutPadding),
  alone('padding-added', 1.2, 'the secret ends with = as base64 does', withoutPadding),
  alone(
    'comment-cut',
    1.2,
    'the secret ends before its first #',
    'the settings of the sender take what follows a # for a comment',
    'Put the secret in quotes in the settings of the sender.',
  ),
  alone(
    'variables-expanded',
    1.2,
    'what looks like a variable ($name) in the secret is gone',
    'a shell or a settings file of the sender expanded it',
    'Put the secret in single quotes where the sender is set up.',
  ),
  alone(
    'dollars-halved',
    1.3,
    'each $$ in the secret is one $',
    'the settings of the sender take $$ for one $',
    'Write the secret as the settings of the sender want it.',
  ),
  alone(
    'backslashes-removed',
    1.3,
    'the backslashes in the secret are removed',
    'a shell or a settings file of the sender took them for escapes',
    'Put the secret in single quotes where the sender is set up.',
  ),
  ...([32, 64, 72] as const).map((size) =>
    editStep(
      secretCause(
        'secret-copy',
        'cut',
        1.4,
        `the secret is cut at ${size} characters`,
        'the sender keeps no more of the secret',
        'Use a secret that the sender keeps whole.',
      ),
      `first-${size}`,
      true,
    ),
  ),
];

const places = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] as const;

/** Each of several secrets that were pasted as one, as in settings during a rotation. */
function severalSteps(text: string): readonly SecretStep[] {
  const count = partsOfSecret(text).length;
  if (count < 2 || count > places.length) return [];
  return places
    .slice(0, count)
    .map((place) =>
      editStep(
        secretCause(
          'secret-copy',
          'one-of-several',
          0.9,
          `only secret ${place} of the ${count} in the text is used`,
          'several secrets were pasted as one',
          'Enter each secret by itself.',
        ),
        `part-${place}`,
        false,
      ),
    );
}

function step(id: SecretEditName, cost: number, change: string, why: string, remedy = copyAgain): SecretStep {
  return editStep(secretCause('secret-copy', id, cost, change, why, remedy), id, false);
}

function alone(id: SecretEditName, cost: number, change: string, why: string, remedy = copyAgain): SecretStep {
  return editStep(secretCause('secret-copy', id, cost, change, why, remedy), id, true);
}
