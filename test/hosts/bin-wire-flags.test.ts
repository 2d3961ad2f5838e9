import { expect, it } from 'vitest';
import { readFault } from '#hosts/cli/bin-wire-flags.ts';

it.each([
  ['none', null],
  ['reset', { kind: 'reset', afterBytes: 0 }],
  ['reset:20', { kind: 'reset', afterBytes: 20 }],
  ['no-answer:30s', { kind: 'no-answer', holdMs: 30_000 }],
  ['wrong-length:-5', { kind: 'wrong-length', byBytes: -5 }],
  ['early-answer:closes', { kind: 'early-answer', closes: true }],
  ['http-1.0', { kind: 'http-1.0' }],
])('the fault %s is read from its text', (text, fault) => {
  expect(readFault(text)).toEqual(fault);
});

it.each([
  ['wrong-length', 'needs its bytes'],
  ['wrong-length:0', '0 would be the right length'],
  ['nonsense', 'There is no fault nonsense'],
  ['close:1', 'takes no figure'],
  ['slow-answer:fast', 'write a whole number'],
  ['no-answer:long', 'write a length of time'],
])('the fault %s is refused with what to write', (text, sentence) => {
  expect(() => readFault(text)).toThrow(sentence);
});
