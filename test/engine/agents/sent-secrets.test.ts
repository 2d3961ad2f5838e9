import { expect, it } from 'vitest';
import { hiddenParts } from '#engine/agents/sent-secrets.ts';

it.each([
  ['[secret 0123abcd]', 'the whole value', ['the whole value']],
  ['Bearer [secret 0123abcd]', 'Bearer one', ['one']],
  ['/a/[secret {{ vars.a }}]/b?k=[secret 0123abcd]&n=1', '/a/one/b?k=two&n=1', ['one', 'two']],
  ['/a?k=[secret%200123abcd]', '/a?k=one%20two', ['one%20two', 'one two']],
  // Of something else, nothing is told.
  ['/a/[secret 0123abcd]/b', '/other/one/b', []],
  ['/a/[secret 0123abcd]/b', '/a/one/c', []],
  ['/a', '/a', []],
])('finds what %s hides in %s', (masked, plain, hidden) => {
  expect([...new Set(hiddenParts(masked, plain))]).toEqual(hidden);
});
