import { Buffer } from 'node:buffer';
import { bodyCause, type BodyStep } from './body-steps.ts';
import type { BodyDoc } from './body-doc.ts';
import { isForm } from './form-fields.ts';

/** How many fields have their values tried, one at a time. */
const fieldLimit = 24;

const whites: readonly (readonly [string, string, number])[] = [
  ['+', 'a space', 1.3],
  ['%0A', 'a newline', 1.4],
  ['%0D%0A', 'a newline (CRLF)', 1.5],
];

/** White space that a parser may have trimmed off the values of a form, one value at a time. */
export function formValueSteps(doc: BodyDoc): readonly BodyStep[] {
  const text = doc.bytes.byteLength > 65_536 ? null : doc.utf8();
  if (text === null || !isForm(text)) return [];
  const fields = text.split('&');
  return fields
    .slice(0, fieldLimit)
    .flatMap((field, at) =>
      whites.flatMap(([white, words, cost]) => [
        step(
          cost,
          `the value of ${shownName(field)} ends with ${words}`,
          fields.with(at, `${field.includes('=') ? field : `${field}=`}${white}`),
        ),
        step(cost + 0.1, `the value of ${shownName(field)} begins with ${words}`, fields.with(at, field.replace('=', `=${white}`))),
      ]),
    );
}

function step(cost: number, change: string, fields: readonly string[]): BodyStep {
  return {
    cause: bodyCause(
      'form-value-trimmed',
      cost,
      change,
      'something trimmed the values of the form',
      'Verify the raw form, before a parser or middleware that trims values.',
    ),
    stage: 5,
    family: 'form-values',
    isAlone: true,
    apply: () => Buffer.from(fields.join('&')),
  };
}

/** Names come from the customer; long or unusual ones are not quoted. */
function shownName(field: string): string {
  const name = field.split('=')[0] ?? '';
  return /^[\w.[\]-]{1,40}$/.test(name) ? name : 'one field';
}
