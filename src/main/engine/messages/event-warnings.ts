import type { Warning } from '#shared/contract/common.ts';
import { JsonText } from '#shared/contract/json.ts';
import { isUrl, nearestName } from '#shared/names/nearest-name.ts';
import type { EventNames } from '../events/name-book.ts';
import type { BodyProblem } from '../templates/well-formed.ts';
import { listed, quoted } from '../signing/header-values.ts';

/** A remark on names that an object of the data has more than once: they are sent as they stand, and receivers differ in what they make of it. */
export function repeatedNameWarning(data: unknown): Warning[] {
  if (!(data instanceof JsonText) || data.repeats.length === 0) return [];
  const names = listed(data.repeats.map((name) => quoted(name)));
  return [
    {
      code: 'NAME_REPEATED',
      message: `An object in the data has ${names} more than once. All of it is sent as it stands, but a template reads the last one only, and so do most receivers.`,
      path: 'data',
    },
  ];
}

/** A remark on a body that is not the form, XML or multipart that its content type promises. */
export function bodyWarning(problem: BodyProblem | null): Warning[] {
  if (problem === null) return [];
  const { line, column, reason } = problem;
  const message = `The body is not what its content type promises, at line ${line}, column ${column} of the result: ${reason}.`;
  return [{ code: 'BODY_NOT_WELL_FORMED', message, path: 'template' }];
}

/** Comparing names costs time on the path of a message, so a huge catalogue is not gone through. */
const namesCompared = 1000;

/** A warning about an event type that is not in the catalogue, with the one that was probably meant. */
export function unknownTypeWarning(
  names: Pick<EventNames, 'has' | 'first'>,
  type: string,
  isOfProfile: () => boolean = () => false,
): Warning[] {
  if (names.has(type) || isOfProfile()) return [];
  return [
    {
      code: 'EVENT_TYPE_UNKNOWN',
      message: `The catalogue has no event type ${type}. ${unknownTypeHint(type, names.first(namesCompared))}`,
      path: 'type',
    },
  ];
}

function unknownTypeHint(type: string, known: readonly string[]): string {
  if (isUrl(type)) return 'It looks like a URL: give that as the target, and the name of what happened, such as invoice.paid, as the type.';
  const nearest = nearestName(type, known);
  return nearest === null ? 'Add it under Events to give it a sample.' : `Did you mean ${nearest}?`;
}
