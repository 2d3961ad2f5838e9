import type { HeaderField } from '#shared/contract/common.ts';
import { inTurn, toAccept, toSurvive, type Case } from '../case.ts';
import { withHeader } from '../tamper.ts';

/** What a receiver does with requests that come in other ways over the wire. */
export const transportCases: readonly Case[] = [
  {
    id: 'content-type-charset',
    family: 'transport',
    level: 'must',
    title: 'The content type with a charset, or without the one that it has',
    expects: 'Takes it with a 2xx.',
    why: 'It is the same type, and HTTP libraries add the charset by themselves.',
    plan: (subject, [event]) => {
      const [bare = '', ...parameters] = subject.contentType.split(';');
      const other = parameters.length === 0 ? `${bare.trim()}; charset=utf-8` : bare.trim();
      return toAccept(subject, withHeader(subject.build(event), 'content-type', other));
    },
  },
  {
    id: 'other-content-type',
    family: 'transport',
    level: 'should',
    title: 'The content type text/plain',
    expects: 'Takes it, or refuses it with a 4xx such as 415, and does not fail over it.',
    why: 'Frameworks then parse nothing, and code that counts on a parsed body throws.',
    plan: (subject, [event]) => toSurvive(subject, withHeader(subject.build(event), 'content-type', 'text/plain')),
  },
  {
    id: 'no-content-type',
    family: 'transport',
    level: 'should',
    title: 'No content type',
    expects: 'Takes it, or refuses it with a 4xx such as 415, and does not fail over it.',
    why: 'Frameworks then parse nothing, and code that counts on a parsed body throws.',
    plan: (subject, [event]) => toSurvive(subject, withHeader(subject.build(event), 'content-type', null)),
  },
  {
    id: 'more-headers',
    family: 'transport',
    level: 'should',
    title: 'Headers of proxies, among them a long one',
    expects: 'Takes it with a 2xx.',
    why: 'Gateways add headers about the connection and the trace, and a receiver has no say in that.',
    plan: (subject, [event]) => {
      const request = subject.build(event);
      const more: HeaderField[] = [
        ['X-Forwarded-For', '203.0.113.7, 198.51.100.2'],
        ['X-Forwarded-Proto', 'https'],
        ['Traceparent', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'],
        ['Baggage', `note=${'b'.repeat(2000)}`],
      ];
      return toAccept(subject, { ...request, headers: [...request.headers, ...more] });
    },
  },
  {
    id: 'chunked',
    family: 'transport',
    level: 'must',
    title: 'The body in chunks, without a length',
    expects: 'Takes it with a 2xx.',
    why: 'Senders and proxies may frame any body this way (RFC 9112, section 7.1), and code that reads as much as Content-Length says reads nothing.',
    plan: (subject, [event]) => toAccept(subject, subject.build(event), { wire: { framing: 'chunked', pieces: 3, gapMs: 0, cut: null } }),
  },
  {
    id: 'slow-body',
    family: 'transport',
    level: 'should',
    title: 'The body in pieces over half a second',
    expects: 'Takes it with a 2xx.',
    why: 'Networks are slow at times; code that takes the first piece for the whole body verifies a part of it.',
    plan: (subject, [event]) => toAccept(subject, subject.build(event), { wire: { framing: 'length', pieces: 5, gapMs: 100, cut: null } }),
  },
  {
    id: 'cut-and-sent-again',
    family: 'transport',
    level: 'should',
    title: 'A connection that is cut within the body, then the whole request',
    expects: 'Ignores the first, and takes the second with a 2xx.',
    why: 'What was not received whole must not count, and must not leave the receiver unable to take the rest.',
    plan: (subject, [event]) => {
      const request = subject.build(event);
      const cut = { request, wire: { framing: 'length', pieces: 2, gapMs: 0, cut: 'within-body' }, isJudged: false, label: 'cut' } as const;
      return { kind: 'plan', steps: [[cut], [{ request }]], expects: { kind: 'accept' }, mostEffects: 1 };
    },
  },
  {
    id: 'acknowledgement-lost',
    family: 'transport',
    level: 'should',
    title: 'A connection that is cut before the answer, then the request again',
    expects: 'Takes the second with a 2xx, and acts once.',
    why: 'The sender cannot know whether the first one was handled, so it sends it again.',
    plan: (subject, [event]) => {
      const request = subject.build(event);
      const cut = {
        request,
        wire: { framing: 'length', pieces: 1, gapMs: 0, cut: 'before-answer' },
        isJudged: false,
        label: 'answer not awaited',
      } as const;
      return { kind: 'plan', steps: [[cut], [{ request }]], expects: { kind: 'accept' }, mostEffects: 1 };
    },
  },
  {
    id: 'get',
    family: 'transport',
    level: 'should',
    title: 'GET without a signature',
    expects: 'Answers anything but a 5xx.',
    why: 'Browsers, scanners and health checks come by.',
    plan: (subject, [event]) =>
      inTurn('survive', [{ ...asStranger(subject.build(event)), method: 'GET' }], { standsAlone: true, mostEffects: 0 }),
  },
  {
    id: 'head',
    family: 'transport',
    level: 'should',
    title: 'HEAD without a signature',
    expects: 'Answers anything but a 5xx.',
    why: 'Some providers look with HEAD whether the address exists.',
    plan: (subject, [event]) =>
      inTurn('survive', [{ ...asStranger(subject.build(event)), method: 'HEAD' }], { standsAlone: true, mostEffects: 0 }),
  },
];

/** A request as a stranger makes it: nothing but its URL. */
function asStranger(request: Parameters<typeof withHeader>[0]): Parameters<typeof withHeader>[0] {
  return { ...request, headers: request.headers.filter(([name]) => name.toLowerCase() === 'user-agent'), body: new Uint8Array() };
}
