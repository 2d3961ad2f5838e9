import { describe, expect, it } from 'vitest';
import { startClockedEngine } from '../../support/clocked-engine.ts';

describe('what a wrong field is told', () => {
  it.each([
    [{ name: 'A', url: 'http://127.0.0.1/', colour: 'red' }, 'colour', 'There is no field colour here; remove it.'],
    [{ name: 'A' }, 'url', 'Give this field; it has no default.'],
    [{ name: 5, url: 'http://127.0.0.1/' }, 'name', 'Make this text.'],
    [{ name: 'A', url: 'http://127.0.0.1/', isActive: 'yes' }, 'isActive', 'Make this true or false.'],
    [{ name: 'A', url: 'http://127.0.0.1/', timeoutMs: 1 }, 'timeoutMs', 'Use at least 50.'],
    [{ name: 'A', url: 'http://127.0.0.1/', timeoutMs: 1.5 }, 'timeoutMs', 'Make this a whole number.'],
    [{ name: 'A', url: 'http://127.0.0.1/', method: 'FETCH' }, 'method', 'Use POST, PUT, PATCH, DELETE or GET.'],
    [
      { name: 'A', url: 'http://127.0.0.1/', headers: { 'X-A': 'a\r\nB: c' } },
      'headers.X-A',
      'A header value must be one line of Latin-1 text: remove the line break or character that does not fit.',
    ],
    [{ name: 'A', url: 'ftp://127.0.0.1/' }, 'url', 'Use http:// or https://; ftp:// cannot be sent to.'],
    [
      { name: 'A', url: 'http://127.0.0.1/', signing: { scheme: 'custom', headr: 'X' } },
      'signing.headr',
      'There is no field headr here; remove it.',
    ],
  ])('%j: %s, %s', async (input, path, message) => {
    const { client } = await startClockedEngine();
    // The type would refuse these; people send them all the same.
    const call = client.endpoints.create(input as Parameters<typeof client.endpoints.create>[0]);
    await expect(call).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      status: 422,
      data: { issues: expect.arrayContaining([{ path, message }]) },
    });
  });
});
