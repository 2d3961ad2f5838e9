import { ORPCError } from '@orpc/client';
import { expect, test } from 'vitest';
import { ConnectionLost } from '../../../src/renderer/base/client.ts';
import { fieldErrors, toProblem } from '../../../src/renderer/base/problem.ts';

const refused = toProblem(
  new ORPCError('INPUT_INVALID', {
    message: 'The input is not usable.',
    data: {
      issues: [
        { path: 'url', message: 'Write the whole URL.' },
        { path: 'headers.X Bad', message: 'A header name has letters, digits and hyphens only.' },
        { path: 'signing.signedContent', message: 'Put {body} where the body goes.' },
        { path: 'unheardOf', message: 'Remove this field.' },
      ],
    },
  }),
);

test('each issue goes to the field that its path begins with, the more exact one first', () => {
  const { byField, rest } = fieldErrors(refused, ['url', 'headers', 'signing', 'signing.signedContent']);
  expect(byField).toEqual({
    url: 'Write the whole URL.',
    headers: 'X Bad: A header name has letters, digits and hyphens only.',
    'signing.signedContent': 'Put {body} where the body goes.',
  });
  expect(rest).toEqual([{ path: 'unheardOf', message: 'Remove this field.' }]);
});

test('a field name is not confused with another that begins the same', () => {
  const { byField, rest } = fieldErrors({ code: 'INPUT_INVALID', message: '', issues: [{ path: 'urlSuffix', message: 'No.' }] }, ['url']);
  expect(byField).toEqual({});
  expect(rest).toHaveLength(1);
});

test('refusals keep their code, and a lost connection differs from a bug', () => {
  expect(refused.code).toBe('INPUT_INVALID');
  expect(toProblem(new ConnectionLost()).code).toBe('CONNECTION');
  expect(toProblem(new ORPCError('INTERNAL_SERVER_ERROR', { message: 'Hookyard failed.' }))).toMatchObject({
    code: 'INTERNAL',
    message: 'Hookyard failed.',
  });
  expect(toProblem('odd')).toEqual({ code: 'INTERNAL', message: 'odd', issues: [] });
});
