import { inTurn, skip, type Case } from '../case.ts';

/** The request that all else is measured by. */
export const genuineCases: readonly Case[] = [
  {
    id: 'genuine',
    family: 'genuine',
    level: 'must',
    title: 'A genuine request',
    expects: 'Takes it with a 2xx.',
    why: 'If the receiver refuses what is right, its answers to what is wrong say nothing.',
    plan: (subject, [event]) => inTurn('accept', [subject.build(event)]),
  },
];

/** How a receiver answers. */
export const answeringCases: readonly Case[] = [
  {
    id: 'answer-time',
    family: 'answering',
    level: 'must',
    title: 'The time of the answer',
    expects: 'Answers well within the time that the provider waits.',
    why: 'An answer that comes too late counts as a failure: the provider sends the event again, and in the end switches the endpoint off.',
    events: 3,
    plan: (subject, events) => ({
      kind: 'plan',
      steps: events.map((event) => [{ request: subject.build(event) }]),
      expects: { kind: 'fast', limitMs: subject.providerTimeoutMs },
    }),
  },
  {
    id: 'genuine-again',
    family: 'answering',
    level: 'must',
    title: 'A genuine request after all others',
    expects: 'Takes it with a 2xx.',
    why: 'Nothing of what was sent before may have left the receiver broken.',
    plan: (subject, [event]) => inTurn('accept', [subject.build(event)]),
  },
  {
    id: 'handshake',
    family: 'answering',
    level: 'should',
    title: 'The handshake of the provider',
    expects: 'Answers it as the provider expects.',
    why: 'The provider sends nothing to an address that did not answer its handshake.',
    plan: (subject) => {
      const handshake = subject.handshake();
      return typeof handshake === 'string'
        ? skip(handshake)
        : { kind: 'plan', steps: [[{ request: handshake.request }]], expects: { kind: 'handshake', handshake } };
    },
  },
];
