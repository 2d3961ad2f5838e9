import { withHeader, signedRequest, withOneByteChanged, withSignatures, type SignedRequest } from '../tamper.ts';
import { inTurn, skip, toAccept, toRefuse, unsigned, type Case, type Plan, type Skip } from '../case.ts';
import type { CheckEvent, Subject, SubjectScheme } from '../subject.ts';

const inBody = 'The signature stands in no header of its own, so it is not changed here.';
const tokenIsSecret = 'The header holds the secret itself, and a part of it would stand in the log.';
const bodyUnsigned = 'The scheme covers nothing of the body: its token only says who sent it.';

/** A case about the text of the signature. */
type Change = Parameters<typeof withSignatures>[1];

function tampered(change: Change, whenGenuine: string, forTokens = true): Case['plan'] {
  return (subject, [event]) =>
    withLines(subject, event, forTokens, (genuine) => toRefuse(subject, withSignatures(genuine, change), whenGenuine));
}

function withLines(
  subject: Subject,
  event: CheckEvent,
  forTokens: boolean,
  plan: (genuine: SignedRequest, signed: SubjectScheme) => Plan | Skip,
): Plan | Skip {
  const { signed } = subject;
  if (signed === null) return unsigned();
  if (signed.isToken && !forTokens) return skip(tokenIsSecret);
  const genuine = signedRequest(subject, event);
  return genuine.lines.length === 0 ? skip(inBody) : plan(genuine, signed);
}

/** What a receiver does with signatures that are wrong in one way each. */
export const signatureCases: readonly Case[] = [
  {
    id: 'wrong-secret',
    family: 'signature',
    level: 'must',
    title: 'Signed with another secret',
    expects: 'Refuses it with a 4xx.',
    why: 'Whoever knows the URL can send anything that looks right; only the secret tells them from the provider.',
    plan: (subject, [event]) =>
      subject.signed === null
        ? unsigned()
        : toRefuse(subject, subject.build(event, { secrets: [subject.signed.otherSecret] }), 'Another secret gives the same request.'),
  },
  {
    id: 'missing-signature',
    family: 'signature',
    level: 'must',
    title: 'No signature header',
    expects: 'Refuses it with a 4xx.',
    why: 'A check that runs only when the header is there is turned off by leaving the header out.',
    plan: tampered(() => null, 'The scheme takes the request without it.'),
  },
  {
    id: 'empty-signature',
    family: 'signature',
    level: 'must',
    title: 'An empty signature header',
    expects: 'Refuses it with a 4xx.',
    why: 'An empty text is equal to another empty text, and in some languages counts as no header at all.',
    plan: tampered(() => '', 'The scheme takes an empty header.'),
  },
  {
    id: 'malformed-signature',
    family: 'signature',
    level: 'must',
    title: 'A signature header that cannot be read',
    expects: 'Refuses it with a 4xx, and does not fail over it.',
    why: 'A parser that gives up may give an empty value, which is then compared, or throw where nobody catches it.',
    plan: tampered(() => '*** not a signature ***', 'The scheme takes any text.'),
  },
  {
    id: 'label-only',
    family: 'signature',
    level: 'must',
    title: 'The label of a signature without its digits',
    expects: 'Refuses it with a 4xx.',
    why: 'Comparing only as many characters as came lets none at all pass.',
    plan: (subject, [event]) =>
      withLines(subject, event, false, (genuine) => {
        if (genuine.lines.every(({ start }) => start === 0))
          return skip('The header has nothing but the digits; see the case with an empty header.');
        const request = withSignatures(genuine, ({ before, after }) => before + after);
        return toRefuse(subject, request, 'The scheme takes a label alone.');
      }),
  },
  {
    id: 'truncated-signature',
    family: 'signature',
    level: 'must',
    title: 'The first half of the signature',
    expects: 'Refuses it with a 4xx.',
    why: 'If a part is enough, a forger has to guess only that part.',
    plan: tampered(({ before, digits, after }) => before + halfOf(digits) + after, 'The scheme takes a part of a signature.', false),
  },
  {
    id: 'extended-signature',
    family: 'signature',
    level: 'must',
    title: 'The signature with more digits behind it',
    expects: 'Refuses it with a 4xx.',
    why: 'A comparison that ends with the shorter text compares less than it seems to.',
    plan: tampered(
      ({ before, digits, after }) => `${before}${digits.replace(/=+$/, '')}abcd${after}`,
      'The scheme reads no further than the signature.',
      false,
    ),
  },
  {
    id: 'other-label',
    family: 'signature',
    level: 'must',
    title: 'The genuine signature under the label of another version',
    expects: 'Refuses it with a 4xx.',
    why: 'A receiver that takes any label can be led to an older and weaker way of signing.',
    plan: (subject, [event]) =>
      withLines(subject, event, false, (genuine) => {
        if (!genuine.lines.some(({ value, start }) => labelBefore(value.slice(0, start)) !== null))
          return skip('The signature has no label.');
        const request = withSignatures(genuine, ({ before, digits, after }) => otherLabel(before) + digits + after);
        return toRefuse(subject, request, 'The scheme takes any label.');
      }),
  },
  {
    id: 'doubled-signature',
    family: 'signature',
    level: 'should',
    title: 'A wrong signature header before the genuine one',
    expects: 'Takes it or refuses it, and does not fail over it.',
    why: 'Frameworks join two lines of a header with a comma, or keep the first or the last: the code meets a text that nobody thought of.',
    plan: (subject, [event]) =>
      withLines(subject, event, false, ({ request: genuine, lines }, { otherSecret }) => {
        const forged = subject.build(event, { secrets: [otherSecret] });
        const wrong = forged.headers.filter(([name]) => lines.some((line) => line.name === name));
        return inTurn('survive', [{ ...genuine, headers: [...wrong, ...genuine.headers] }]);
      }),
  },
  {
    id: 'signature-of-other-body',
    family: 'signature',
    level: 'must',
    title: 'The signature of another body',
    expects: 'Refuses it with a 4xx.',
    why: 'A signature that was seen once would otherwise vouch for anything.',
    events: 2,
    plan: (subject, [event, second = event]) =>
      withLines(subject, event, true, ({ request: genuine, lines }) => {
        const other = { ...event, body: Uint8Array.from([...second.body, 0x20]) };
        const seen = subject.build(other);
        const valueOf = (name: string) => seen.headers.find(([given]) => given === name)?.[1] ?? null;
        const request = lines.reduce((made, { name }) => withHeader(made, name, valueOf(name)), genuine);
        return toRefuse(subject, request, bodyUnsigned);
      }),
  },
  {
    id: 'byte-changed',
    family: 'signature',
    level: 'must',
    title: 'One byte of the body changed',
    expects: 'Refuses it with a 4xx.',
    why: 'The signature has to cover every byte, or amounts and addresses can be changed on the way.',
    plan: (subject, [event]) => {
      const genuine = subject.build(event);
      const body = withOneByteChanged(genuine.body);
      if (body === null) return skip('The body has no letter or digit that could be changed.');
      return toRefuse(subject, { ...genuine, body }, bodyUnsigned);
    },
  },
  {
    id: 'header-name-case',
    family: 'signature',
    level: 'must',
    title: 'Names of headers in other cases',
    expects: 'Takes both with a 2xx.',
    why: 'Names of headers have no case (RFC 9110, section 5.1), and proxies change it.',
    events: 2,
    plan: (subject, [event, second = event]) => {
      if (subject.signed?.isToken === true) return skip(tokenIsSecret);
      const upper = renamed(subject.build(event), (name) => name.toUpperCase());
      const lower = renamed(subject.build(second), (name) => name.toLowerCase());
      const judged = toAccept(subject, upper);
      if (judged.kind === 'skip') return judged;
      const steps = [[{ request: upper, label: 'in capitals' }], [{ request: lower, label: 'in small letters' }]];
      return { ...judged, steps };
    },
  },
];

function halfOf(digits: string): string {
  const half = digits.slice(0, Math.floor(digits.length / 2));
  // Whole bytes in hex and base64 alike, so that nothing but the length is wrong.
  return half.slice(0, half.length - (half.length % 4));
}

/** The label that ends a text, such as `v1` of `t=1,v1=`; null without one. */
function labelBefore(text: string): RegExpExecArray | null {
  return /([A-Za-z0-9]+)([=,:]+)$/.exec(text);
}

function otherLabel(before: string): string {
  const found = labelBefore(before);
  if (found === null) return before;
  const [, label = '', joint = ''] = found;
  // v0 is what Stripe signs test events with, and sha1 what GitHub signed with before.
  const other = /^v\d+$/.test(label) ? 'v0' : label === 'sha256' ? 'sha1' : `x${label}`;
  return `${before.slice(0, found.index)}${other === label ? 'v9' : other}${joint}`;
}

function renamed(request: ReturnType<Subject['build']>, rename: (name: string) => string): ReturnType<Subject['build']> {
  return { ...request, headers: request.headers.map(([name, value]) => [rename(name), value]) };
}
