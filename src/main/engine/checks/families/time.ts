import type { WireRequest } from '../../http/sender.types.ts';
import { movedTime, withTimeText } from '../tamper.ts';
import { skip, toAccept, toRefuse, unsigned, type Case, type Skip } from '../case.ts';
import type { CheckEvent, Subject, SubjectScheme } from '../subject.ts';

const noTime =
  'The scheme signs no time, so a request of last year looks like one of today: all a receiver can do is to remember the ids of what it handled.';
const noLimit = 'The provider sets no limit to the age of a request.';
const elsewhere = 'The time stands in no header, so it is not changed here.';

/** How far beyond the limit a time lies that has to be refused. */
const beyondSeconds = 3600;

function timed(
  subject: Subject,
  then: (signed: SubjectScheme, toleranceSeconds: number) => ReturnType<Case['plan']>,
): ReturnType<Case['plan']> {
  const { signed } = subject;
  if (signed === null) return unsigned();
  if (signed.recipe !== null && signed.recipe.time === null) return skip(noTime);
  if (signed.toleranceSeconds === null) return skip(noLimit);
  return then(signed, signed.toleranceSeconds);
}

/** The genuine request with its time, as text, replaced after it was signed. */
function withOtherTime(
  subject: Subject,
  event: CheckEvent,
  change: (text: string, signed: SubjectScheme) => string | null,
): WireRequest | Skip {
  const { signed } = subject;
  if (signed === null) return unsigned();
  if (signed.recipe === null) return skip(elsewhere);
  const { time, signature } = signed.recipe;
  if (time === null) return skip(noTime);
  const place =
    time.place === 'header'
      ? { header: time.name, label: '' }
      : {
          header: signature.kind === 'entries' ? signature.header : time.name,
          label: signature.kind === 'entries' ? (signature.timeLabel ?? '') : '',
        };
  return withTimeText(subject.build(event), time, place, (text) => change(text, signed)) ?? skip(elsewhere);
}

/** What a receiver does with the time of a request. */
export const timeCases: readonly Case[] = [
  {
    id: 'stale-time',
    family: 'time',
    level: 'must',
    title: 'Signed long ago',
    expects: 'Refuses it with a 4xx, although its signature is right.',
    why: 'A request that somebody recorded could otherwise be sent again for ever.',
    plan: (subject, [event]) =>
      timed(subject, (_signed, toleranceSeconds) =>
        toRefuse(subject, subject.build(event, { atMs: subject.nowMs - (toleranceSeconds + beyondSeconds) * 1000 }), noLimit),
      ),
  },
  {
    id: 'future-time',
    family: 'time',
    level: 'must',
    title: 'Signed with a time that lies ahead',
    expects: 'Refuses it with a 4xx.',
    why: 'A request from the future stays fresh until then, which is as good as one that never gets old.',
    plan: (subject, [event]) =>
      timed(subject, (_signed, toleranceSeconds) =>
        toRefuse(
          subject,
          subject.build(event, { atMs: subject.nowMs + (toleranceSeconds + beyondSeconds) * 1000 }),
          'The scheme takes times that lie ahead.',
        ),
      ),
  },
  {
    id: 'time-within-limit',
    family: 'time',
    level: 'must',
    title: 'Signed a while ago, within the limit',
    expects: 'Takes it with a 2xx.',
    why: 'Clocks differ and networks are slow: a receiver that is stricter than its provider loses events.',
    plan: (subject, [event]) =>
      timed(subject, (_signed, toleranceSeconds) =>
        toAccept(subject, subject.build(event, { atMs: subject.nowMs - Math.floor(toleranceSeconds / 2) * 1000 })),
      ),
  },
  {
    id: 'time-changed',
    family: 'time',
    level: 'must',
    title: 'Another time than the signed one',
    expects: 'Refuses it with a 4xx.',
    why: 'A time that the signature does not cover can be set to now by whoever sends an old request again.',
    plan: (subject, [event]) => {
      const made = withOtherTime(subject, event, (text, { recipe }) => movedTime(text, recipe?.time?.unit ?? 's', -1));
      return 'kind' in made ? made : toRefuse(subject, made, 'The scheme does not sign its time.');
    },
  },
  {
    id: 'time-missing',
    family: 'time',
    level: 'must',
    title: 'No time',
    expects: 'Refuses it with a 4xx.',
    why: 'Without a time there is nothing to compare, and a comparison with nothing often comes out as fine.',
    plan: (subject, [event]) => {
      const made = withOtherTime(subject, event, () => null);
      return 'kind' in made ? made : toRefuse(subject, made, 'The scheme takes requests without a time.');
    },
  },
  {
    id: 'time-not-a-number',
    family: 'time',
    level: 'must',
    title: 'A time that is not a number',
    expects: 'Refuses it with a 4xx, and does not fail over it.',
    why: 'Comparisons with what is not a number come out as false, so that "too old" is never true.',
    plan: (subject, [event]) => {
      const made = withOtherTime(subject, event, (text) => text.replace(/./, 'x'));
      return 'kind' in made ? made : toRefuse(subject, made, 'The scheme takes any text for a time.');
    },
  },
];
