import { expect, test } from 'vitest';
import { decodeBody } from '../../../src/renderer/ui/decoded-body.ts';
import { createSteps, type Steps } from '../../../src/renderer/ui/in-steps.ts';

/** What work comes to, and how often it let other work in. */
function runThrough<Result>(work: Steps<Result>): { readonly result: Result; readonly pauses: number } {
  for (let pauses = 0; ; pauses += 1) {
    const step = work.next();
    if (step.done === true) return { result: step.value, pauses };
  }
}

test('a short body is decoded at once', () => {
  const { result, pauses } = runThrough(decodeBody('77u/YQ=='));
  expect([pauses, result.text, [...result.bytes]]).toEqual([0, '\ufeffa', [0xef, 0xbb, 0xbf, 0x61]]);
  expect(runThrough(decodeBody('')).result).toEqual({ bytes: new Uint8Array(), text: '' });
  expect(runThrough(decodeBody('//4=')).result.text).toBeNull();
});

test.each(['\u{1f469}\u200d', '\u05e9\u05dc ', 'x'])('a long body of %j is decoded in steps to the same bytes and text', (piece) => {
  // Three lengths, one for each padding of base64; the steps cut characters and groups in two.
  for (const more of ['', 'a', 'bc']) {
    const bytes = Buffer.from(piece.repeat(Math.ceil(3_000_000 / Buffer.byteLength(piece))) + more);
    const { result, pauses } = runThrough(decodeBody(bytes.toString('base64')));
    expect(pauses).toBeGreaterThan(4);
    expect(Buffer.from(result.bytes).equals(bytes)).toBe(true);
    expect(result.text === bytes.toString()).toBe(true);
  }
});

test('a long body whose last character is cut is not text', () => {
  expect(runThrough(decodeBody(Buffer.from('x'.repeat(2_000_000) + '\u{1f469}').subarray(0, -1))).result.text).toBeNull();
});

test('work is begun at once and goes on in turns until it is done, and not after it was stopped', () => {
  const due: (() => void)[] = [];
  const later = (work: () => void) => {
    due.push(work);
    return () => void due.splice(due.indexOf(work), 1);
  };
  function* threeSteps(): Steps<string> {
    yield;
    yield;
    return 'done';
  }
  const work = createSteps(threeSteps(), { stepMs: -1, later });
  expect(work.getState()).toBeNull();
  work.start();
  work.start();
  expect(due).toHaveLength(1);
  work.stop();
  expect(due).toHaveLength(0);
  work.start();
  due.shift()?.();
  expect(work.getState()).toBeNull();
  due.shift()?.();
  expect([work.getState(), due.length]).toEqual([{ result: 'done' }, 0]);
});
