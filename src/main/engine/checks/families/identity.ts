import { disordered } from '#shared/seeded-random.ts';
import { inTurn, skip, toRefuse, unsigned, type Case, type Plan, type PlannedSend } from '../case.ts';
import type { Subject } from '../subject.ts';
import { withHeader } from '../tamper.ts';

const noId = 'The scheme signs no id in a header.';
const inABurst = 20;
const outOfOrder = 5;

/** A header of the scheme that holds the id of the event; null without one. */
function idHeaderOf({ signed }: Subject): string | null {
  return signed?.recipe?.idHeader ?? null;
}

function together(requests: readonly PlannedSend[], mostEffects: number): Plan {
  return { kind: 'plan', steps: [requests], expects: { kind: 'accept' }, mostEffects };
}

/** What a receiver does with ids and with events that come again, at once or in another order. */
export const identityCases: readonly Case[] = [
  {
    id: 'id-changed',
    family: 'identity',
    level: 'must',
    title: 'Another id than the signed one',
    expects: 'Refuses it with a 4xx.',
    why: 'With an id that is not covered, a recorded request can be sent again as a new event.',
    plan: (subject, [event]) => {
      const header = idHeaderOf(subject);
      if (subject.signed === null) return unsigned();
      if (header === null) return skip(noId);
      return toRefuse(subject, withHeader(subject.build(event), header, `${event.id}x`), 'The scheme does not sign its id.');
    },
  },
  {
    id: 'id-missing',
    family: 'identity',
    level: 'must',
    title: 'No id',
    expects: 'Refuses it with a 4xx.',
    why: 'Part of what is signed is missing, and an empty text must not stand in for it.',
    plan: (subject, [event]) => {
      const header = idHeaderOf(subject);
      if (subject.signed === null) return unsigned();
      if (header === null) return skip(noId);
      return toRefuse(subject, withHeader(subject.build(event), header, null), 'The scheme takes requests without an id.');
    },
  },
  {
    id: 'sent-again',
    family: 'identity',
    level: 'should',
    title: 'The same request twice',
    expects: 'Takes both with a 2xx, and acts once.',
    why: 'Senders repeat what they are not sure of. An error for the second one makes them go on repeating it.',
    plan: (subject, [event]) => {
      const request = subject.build(event);
      return inTurn('accept', [request, request], { mostEffects: 1 });
    },
  },
  {
    id: 'signed-again',
    family: 'identity',
    level: 'should',
    title: 'The same event again with a new signature, as at a retry',
    expects: 'Takes both with a 2xx, and acts once.',
    why: 'A retry has a new time and a new signature, so only the id shows that it is the same event.',
    plan: (subject, [event]) =>
      inTurn('accept', [subject.build(event, { atMs: subject.nowMs - 2000 }), subject.build(event)], { mostEffects: 1 }),
  },
  {
    id: 'sent-at-once',
    family: 'identity',
    level: 'should',
    title: 'The same request four times at once',
    expects: 'Takes all with a 2xx, and acts once.',
    why: 'Looking whether an id is known and writing it down are two steps, between which the other request gets through.',
    plan: (subject, [event]) => {
      const request = subject.build(event);
      return together([{ request }, { request }, { request }, { request }], 1);
    },
  },
  {
    id: 'out-of-order',
    family: 'identity',
    level: 'should',
    title: `${outOfOrder} events in another order`,
    expects: 'Takes all with a 2xx.',
    why: 'No provider promises an order: an update may come before what it updates.',
    events: outOfOrder,
    plan: (subject, events) =>
      inTurn(
        'accept',
        disordered(events, subject.random).map((event) => subject.build(event)),
        { mostEffects: events.length },
      ),
  },
  {
    id: 'burst',
    family: 'identity',
    level: 'should',
    title: `${inABurst} events at once`,
    expects: 'Takes all with a 2xx.',
    why: 'An import or the end of a month makes thousands of events in a second.',
    events: inABurst,
    plan: (subject, events) =>
      together(
        events.map((event) => ({ request: subject.build(event) })),
        events.length,
      ),
  },
];
