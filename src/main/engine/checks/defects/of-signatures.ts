import { accepted, getsIn, none, refused, when, type DefectRule } from './rule.ts';

const verifying = { level: 'must', isAboutVerifying: true } as const;
const forged = ['wrong-secret', 'missing-signature', 'empty-signature', 'malformed-signature'];

/** What goes wrong with signatures, as their variants show it. */
export const signatureDefects: readonly DefectRule[] = [
  {
    ...verifying,
    id: 'verifies-nothing',
    title: 'It does not verify signatures',
    fix: 'Verify the signature before anything else, and answer 401 when it is wrong.',
    counterpart: none,
    covers: [
      'accepts-any-signature',
      'accepts-missing-signature',
      'accepts-empty-signature',
      'accepts-malformed-signature',
      'accepts-label-only',
      'compares-a-part',
      'ignores-what-follows',
      'accepts-any-label',
      'body-not-covered',
      'part-of-body-not-covered',
      'no-age-limit',
      'no-limit-ahead',
      'time-not-covered',
      'accepts-missing-time',
      'id-not-covered',
      'accepts-any-of-several',
    ],
    find: (seen) => {
      const taken = forged.filter(seen.accepted);
      const isSeen = taken.includes('wrong-secret') && taken.includes('missing-signature');
      return when(isSeen, taken, 'It takes requests that are signed with another secret, and requests without a signature.');
    },
  },
  {
    ...verifying,
    id: 'accepts-any-signature',
    title: 'It takes any signature that is there',
    fix: 'Compute the signature with the secret and compare it, in constant time, with the one received.',
    counterpart: none,
    covers: [
      'accepts-malformed-signature',
      'compares-a-part',
      'ignores-what-follows',
      'accepts-any-label',
      'body-not-covered',
      'part-of-body-not-covered',
      'time-not-covered',
      'id-not-covered',
      'accepts-any-of-several',
    ],
    find: (seen) =>
      when(
        seen.accepted('wrong-secret') && !seen.accepted('missing-signature'),
        ['wrong-secret', 'malformed-signature', 'signature-of-other-body'].filter(seen.accepted),
        'It takes a request that is signed with another secret.',
      ),
  },
  {
    ...verifying,
    id: 'accepts-missing-signature',
    title: 'It takes requests without a signature',
    fix: 'Refuse a request whose signature header is missing, rather than skipping the check.',
    ...getsIn('missing-signature', 'It refuses a wrong signature, but takes a request that has none.'),
  },
  {
    ...verifying,
    id: 'accepts-empty-signature',
    title: 'It takes an empty signature',
    fix: 'Refuse an empty signature header like a wrong one.',
    ...getsIn('empty-signature', 'It refuses a wrong signature, but takes an empty one.'),
  },
  {
    ...verifying,
    id: 'accepts-malformed-signature',
    title: 'It takes a signature that cannot be read',
    fix: 'Treat a signature header that cannot be read as a wrong signature.',
    ...getsIn('malformed-signature', 'It refuses a wrong signature, but takes a header that is no signature at all.'),
  },
  {
    ...verifying,
    id: 'accepts-label-only',
    title: 'It takes a label without a signature',
    fix: 'Compare the whole expected signature, and refuse one of another length.',
    ...getsIn('label-only', 'It takes the label of a signature with no digits behind it.'),
  },
  {
    ...verifying,
    id: 'compares-a-part',
    title: 'It compares only as much of a signature as was sent',
    fix: 'Compare the whole expected signature, and refuse one of another length.',
    ...getsIn('truncated-signature', 'It refuses a wrong signature, but takes the first half of the right one.'),
  },
  {
    ...verifying,
    id: 'ignores-what-follows',
    title: 'It does not compare what follows the signature',
    fix: 'Compare the whole received text, and refuse one of another length.',
    ...getsIn('extended-signature', 'It takes the right signature with more digits behind it.'),
  },
  {
    ...verifying,
    id: 'accepts-any-label',
    title: 'It takes a signature under any label',
    fix: 'Take signatures only under the label of the version that you verify, such as v1 or sha256.',
    ...getsIn('other-label', 'It takes the signature although its label says that it is one of another version.'),
  },
  {
    ...verifying,
    id: 'body-not-covered',
    title: 'What it verifies does not cover the body',
    fix: 'Compute the signature over the bytes of the body as they were received.',
    counterpart: refused('wrong-secret'),
    covers: ['part-of-body-not-covered'],
    find: (seen) =>
      when(
        seen.accepted('signature-of-other-body') && seen.accepted('byte-changed'),
        ['signature-of-other-body', 'byte-changed', 'wrong-secret'],
        'It refuses another secret, but takes the signature of another body.',
      ),
  },
  {
    ...verifying,
    id: 'part-of-body-not-covered',
    title: 'What it verifies covers only a part of the body',
    fix: 'Compute the signature over all bytes of the body as they were received.',
    ...getsIn('byte-changed', 'It takes a request of which one byte of the body was changed.'),
  },
  {
    ...verifying,
    id: 'accepts-any-of-several',
    title: 'It takes several wrong signatures',
    fix: 'Take a request only if one of its signatures is right.',
    ...getsIn('two-wrong-signatures', 'It refuses one wrong signature, but takes two.'),
  },
  {
    ...verifying,
    id: 'takes-no-second-signature',
    title: 'It looks at the first signature only',
    fix: 'Go over all signatures in the header, and take the request if one of them is right.',
    counterpart: accepted('own-signature-first'),
    find: (seen) =>
      when(
        seen.refused('own-signature-last'),
        ['own-signature-last', 'own-signature-first'],
        'It takes two signatures if the first is right, and refuses them if the second is.',
      ),
  },
  {
    ...verifying,
    id: 'takes-last-signature-only',
    title: 'It looks at the last signature only',
    fix: 'Go over all signatures in the header, and take the request if one of them is right.',
    counterpart: accepted('own-signature-last'),
    find: (seen) =>
      when(
        seen.refused('own-signature-first'),
        ['own-signature-first', 'own-signature-last'],
        'It takes two signatures if the last is right, and refuses them if the first is.',
      ),
  },
  {
    ...verifying,
    id: 'takes-one-signature-only',
    title: 'It refuses requests with two signatures',
    fix: 'Split the header into its signatures, and take the request if one of them is right.',
    counterpart: accepted('genuine'),
    find: (seen) =>
      when(
        seen.refused('own-signature-first') && seen.refused('own-signature-last'),
        ['own-signature-first', 'own-signature-last'],
        'It refuses two signatures, whichever of them is right: it will refuse everything while a secret is rotated.',
      ),
  },
  {
    ...verifying,
    id: 'names-with-case',
    title: 'It looks for headers in one case only',
    fix: 'Look headers up without regard to case.',
    counterpart: accepted('genuine'),
    find: (seen) =>
      when(
        seen.of('header-name-case')?.answers.some(({ kind }) => kind !== 'accepted') ?? false,
        ['header-name-case', 'genuine'],
        'It does not take the same request with the names of its headers in other cases.',
      ),
  },
  {
    ...verifying,
    id: 'no-age-limit',
    title: 'It takes requests of any age',
    fix: 'Compare the signed time with the clock, and refuse what is older than the provider allows.',
    counterpart: none,
    find: (seen) =>
      when(
        seen.accepted('stale-time') && !seen.accepted('wrong-secret'),
        ['stale-time'],
        'It takes a request that was signed over an hour before the limit.',
      ),
  },
  {
    ...verifying,
    id: 'no-limit-ahead',
    title: 'It takes times that lie far ahead',
    fix: 'Refuse a signed time that lies further ahead than clocks differ.',
    counterpart: none,
    find: (seen) =>
      when(
        seen.of('future-time')?.result === 'failed' && seen.accepted('future-time') && !seen.accepted('wrong-secret'),
        ['future-time'],
        'It takes a request whose time lies over an hour ahead.',
      ),
  },
  {
    ...verifying,
    id: 'time-not-covered',
    title: 'It compares without the time',
    fix: 'Put the time, as it was received, into what the signature is computed over.',
    ...getsIn('time-changed', 'It takes a request whose time was changed after it was signed.'),
  },
  {
    ...verifying,
    id: 'accepts-missing-time',
    title: 'It takes requests without a time',
    fix: 'Refuse a request whose time is missing or cannot be read.',
    ...getsIn('time-missing', 'It takes a request whose time was taken out.'),
  },
  {
    ...verifying,
    id: 'too-strict-with-time',
    title: 'It refuses requests that are young enough',
    fix: 'Allow for the time that the provider allows for, and compare seconds with seconds.',
    counterpart: accepted('genuine'),
    find: (seen) =>
      when(seen.refused('time-within-limit'), ['time-within-limit', 'genuine'], 'It refuses a request that is half as old as it may be.'),
  },
  {
    ...verifying,
    id: 'id-not-covered',
    title: 'It compares without the id',
    fix: 'Put the id, as it was received, into what the signature is computed over.',
    counterpart: refused('wrong-secret'),
    find: (seen) => {
      const taken = ['id-changed', 'id-missing'].filter(seen.accepted);
      return when(
        taken.length > 0,
        [...taken, 'wrong-secret'],
        'It takes a request whose id was changed or taken out after it was signed.',
      );
    },
  },
];
