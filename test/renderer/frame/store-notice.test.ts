import { expect, test } from 'vitest';
import { storeNoticeOf } from '../../../src/renderer/frame/store-notice-text.ts';

test('the strip on top tells of any trouble of the engine, and only one that stops nothing can be put aside', () => {
  const problem = 'The disk took no more of a body.';
  expect(storeNoticeOf(null)).toBeNull();
  expect(storeNoticeOf({ status: 'ok', isAccepting: true, problem: null })).toBeNull();
  expect(storeNoticeOf({ status: 'degraded', isAccepting: true, problem })).toEqual({ text: problem, canBePutAside: true });
  expect(storeNoticeOf({ status: 'degraded', isAccepting: false, problem })).toEqual({
    text: `${problem} What was accepted before is kept.`,
    canBePutAside: false,
  });
});
