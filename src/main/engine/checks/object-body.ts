import { utf8Bytes } from '#shared/text/text-codec.ts';
import { skip, toSurvive, type Case, type toAccept } from './case.ts';
import { objectText } from './json-bodies.ts';

/** The reason for cases about the fields of a body that has none. */
export const noObject = 'The body of this event is not a JSON object.';

/** A case with one request whose body, a JSON object, is changed as text before it is signed. */
export function withObject(change: (text: string) => string, plan: typeof toAccept | typeof toSurvive = toSurvive): Case['plan'] {
  return (subject, [event]) => {
    const text = objectText(event.body);
    return text === null ? skip(noObject) : plan(subject, subject.build(event, { body: utf8Bytes(change(text)) }));
  };
}
