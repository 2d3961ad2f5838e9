import { inTurn, skip, toAccept, unsigned, type Case } from '../case.ts';
import type { Subject, SubjectScheme } from '../subject.ts';

const oneOnly = 'The scheme has one signature in a request, so the provider cannot sign with two secrets at once.';
const noPrevious = 'The secret from before a rotation was not given.';

function several(subject: Subject, then: (signed: SubjectScheme) => ReturnType<Case['plan']>): ReturnType<Case['plan']> {
  if (subject.signed === null) return unsigned();
  return subject.signed.scheme.info.allowsSeveralSecrets ? then(subject.signed) : skip(oneOnly);
}

/** What a receiver does while its secret is changed. */
export const rotationCases: readonly Case[] = [
  {
    id: 'own-signature-first',
    family: 'rotation',
    level: 'must',
    title: 'Two signatures, the first one genuine',
    expects: 'Takes it with a 2xx.',
    why: 'While a secret is rotated the provider signs with the old and the new one, and one that is right is enough.',
    plan: (subject, [event]) =>
      several(subject, ({ otherSecret }) =>
        toAccept(subject, subject.build(event, { secrets: [...subject.secrets.slice(0, 1), otherSecret] })),
      ),
  },
  {
    id: 'own-signature-last',
    family: 'rotation',
    level: 'must',
    title: 'Two signatures, the last one genuine',
    expects: 'Takes it with a 2xx.',
    why: 'A receiver that still has the old secret finds its signature behind that of the new one.',
    plan: (subject, [event]) =>
      several(subject, ({ otherSecret }) =>
        toAccept(subject, subject.build(event, { secrets: [otherSecret, ...subject.secrets.slice(0, 1)] })),
      ),
  },
  {
    id: 'two-wrong-signatures',
    family: 'rotation',
    level: 'must',
    title: 'Two signatures, none of them genuine',
    expects: 'Refuses it with a 4xx.',
    why: 'Several signatures must not be read as several reasons to let a request pass.',
    plan: (subject, [event]) =>
      several(subject, ({ otherSecret, scheme, options }) => {
        const third = scheme.makeSecret(new Uint8Array(32).fill(0x33), options);
        return inTurn('refuse', [subject.build(event, { secrets: [otherSecret, third] })], { mostEffects: 0 });
      }),
  },
  {
    id: 'old-and-new-secret',
    family: 'rotation',
    level: 'must',
    title: 'Signed with the old and the new secret',
    expects: 'Takes it with a 2xx.',
    why: 'This is what the provider sends during a rotation.',
    plan: (subject, [event]) =>
      several(subject, ({ previousSecret }) =>
        previousSecret === null
          ? skip(noPrevious)
          : toAccept(subject, subject.build(event, { secrets: [...subject.secrets.slice(0, 1), previousSecret] })),
      ),
  },
  {
    id: 'old-secret-only',
    family: 'rotation',
    level: 'should',
    title: 'Signed with the old secret only',
    expects: 'Takes it until the rotation is over, and refuses it after that.',
    why: 'It shows whether the receiver has let go of the old secret, which may have leaked.',
    plan: (subject, [event]) => {
      if (subject.signed === null) return unsigned();
      const { previousSecret } = subject.signed;
      return previousSecret === null ? skip(noPrevious) : inTurn('note', [subject.build(event, { secrets: [previousSecret] })]);
    },
  },
];
