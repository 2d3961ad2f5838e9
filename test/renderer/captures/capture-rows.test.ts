import { expect, test } from 'vitest';
import type { Capture } from '#shared/contract/captures.ts';
import { refusalReason } from '#shared/contract/refused-requests.ts';
import { captureSentence, copiedText } from '../../../src/renderer/features/captures/capture-text.ts';
import { refusedRowText } from '../../../src/renderer/features/captures/refused-words.ts';

test('the row of a refused request begins with its reason in a few words, so that a narrow list shows it', () => {
  const rows = refusalReason.options.map((reason) => refusedRowText({ reason, firstLine: null, more: 0 }).reason);
  expect(rows.filter((words) => words.length > 28)).toEqual([]);
  expect(new Set(rows).size).toBe(rows.length);
  expect(refusedRowText({ reason: 'path-space', firstLine: 'GET /a b HTTP/1.1', more: 1200 })).toEqual({
    reason: 'space in the path, and 1,200 more',
    line: 'GET /a b',
  });
});

test('a command that was copied from a cut body says how much of it there is', () => {
  expect(copiedText({ bodyBase64: 'aGk=', isBodyTruncated: false })).toBe('Copied');
  expect(copiedText({ bodyBase64: 'aGk=', isBodyTruncated: true })).toBe('Copied, with the first 2 B of a body that is cut');
});

test('what is said of a capture is what was seen of its end', () => {
  const whole = {
    contentType: 'application/json; charset=utf-8',
    bodyBytes: 2,
    isBodyTruncated: false,
    headers: [['Content-Length', '20']],
    remoteAddress: '127.0.0.1',
    response: { status: 200, headers: [], bodyBytes: 0, delayMs: 0, fault: null, sent: null },
    timings: { bodyMs: 1, totalMs: 3 },
    source: null,
  } satisfies Partial<Capture>;
  const say = (change: Partial<Capture>) => captureSentence({ ...whole, ...change } as Capture);
  const cut = { isBodyTruncated: true, response: { ...whole.response, status: 400 } };
  const source = { sourceId: 'src_1', kind: 'smee', body: 'rewritten', message: 'It was.' } as const;
  expect(say({ source, remoteAddress: '', timings: { bodyMs: 0, totalMs: null } })).toBe(
    '2 B of application/json, answered 200 OK where it was received.',
  );
  expect(say({})).toBe('2 B of application/json from 127.0.0.1, answered 200 OK in 3 ms.');
  expect(say({ timings: { bodyMs: 1, totalMs: null } })).toMatch(/, and the sender disconnected before the answer was sent\.$/);
  expect(say({ ...cut, timings: { bodyMs: 1, totalMs: null } })).toBe(
    'The first 2 B of 20 B of application/json from 127.0.0.1. The sender closed the connection before its body was complete; whether it read the answer 400 Bad Request is not known.',
  );
  expect(
    say({ response: { ...whole.response, fault: { kind: 'reset', afterBytes: 20 }, sent: { bytes: 20, endedMs: 3, end: 'done' } } }),
  ).toBe(
    '2 B of application/json from 127.0.0.1. Answered 200 OK with a fault (reset after 20 bytes of the answer). 20 bytes were sent, as the fault asks, within 3 ms.',
  );
  expect(say(cut)).toMatch(/answered 400 Bad Request in 3 ms\. The body is incomplete: its chunks were malformed,/);
});
