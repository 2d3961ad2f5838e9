import type { SecretEditName } from '#shared/contract/solver-fix.ts';
import { editStep, secretCause, type SecretStep } from './secret-steps.ts';

const why = 'a form, a template or a settings file of the sender escaped the secret as it was stored';
const whyUndone = 'the secret was copied in its escaped form';
const remedy = 'Enter the secret at the sender again in a form that needs no escapes, such as letters and digits.';
const remedyUndone = 'Copy the secret as it is, and not out of the source of a page or a program.';

/** The secret escaped for another format, and the reverse. */
export const escapedSteps: readonly SecretStep[] = [
  escaped('html-escaped', 1.1, 'HTML entities stand in the secret (&amp; for &)'),
  escaped('html-escaped-39', 1.2, 'HTML entities stand in the secret (&#39; for an apostrophe)'),
  escaped('html-escaped-x27', 1.2, 'HTML entities stand in the secret (&#x27; for an apostrophe)'),
  escaped('json-escaped', 1.1, '\\u escapes in capitals stand in the secret (\\u003D for =)'),
  escaped('json-escaped-lower', 1.1, '\\u escapes stand in the secret (\\u003d for =)'),
  escaped('json-escaped-html', 1.2, '\\u escapes stand in the secret (\\u0026 for &)'),
  escaped('json-escaped-dotnet', 1.2, '\\u escapes in capitals stand in the secret (\\u002B for +)'),
  escaped('slashes-escaped', 1.1, 'each / in the secret is \\/'),
  escaped('backslash-escaped', 1.2, 'quotes and backslashes in the secret have a backslash before them'),
  escaped('json-string', 1.2, 'the secret is written as in a JSON string'),
  escaped('percent-encoded', 1.1, 'the secret is percent-encoded'),
  escaped('percent-encoded-plus', 1.2, 'the secret is percent-encoded, with + for spaces'),
  escaped('percent-encoded-lower', 1.3, 'the secret is percent-encoded in lower case'),
  escaped('plus-to-space', 1.1, 'each + in the secret is a space'),
  undone('space-to-plus', 1.1, 'each space in the secret is a +'),
  undone('html-unescaped', 1, 'the HTML entities in the secret are decoded'),
  undone('json-unescaped', 1, 'the escapes in the secret are decoded'),
  undone('percent-decoded', 1, 'the secret is percent-decoded'),
  undone('percent-decoded-plus', 1.1, 'the secret is percent-decoded, with spaces for +'),
];

function escaped(id: SecretEditName, cost: number, change: string): SecretStep {
  return editStep(secretCause('secret-escapes', id, cost, change, why, remedy), id, true);
}

function undone(id: SecretEditName, cost: number, change: string): SecretStep {
  return editStep(secretCause('secret-escapes', id, cost, change, whyUndone, remedyUndone), id, true);
}
