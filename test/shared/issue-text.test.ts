import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { endpointInput } from '#shared/contract/endpoints.ts';
import { countIssues, fieldIssues, inputIssues } from '#shared/issue-text.ts';
import { startClockedEngine } from '../support/clocked-engine.ts';

describe('what a wrong field is told', () => {
  it.each([
    [{ name: 'A', url: 'http://127.0.0.1/', colour: 'red' }, 'colour', 'There is no field colour here; remove it.'],
    [{ name: 'A' }, 'url', 'Give this field; it has no default.'],
    [[1], '', 'Give the fields as an object, in JSON such as {"name": "Shop"}.'],
    [null, '', 'Give the fields as an object, in JSON such as {"name": "Shop"}.'],
    [undefined, '', 'Give the fields as an object, in JSON such as {"name": "Shop"}.'],
    [{ name: 'A', url: 'http://127.0.0.1/', signing: [1] }, 'signing', 'Make this an object.'],
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
      'There is no field headr here; did you mean header?',
    ],
    [
      { name: 'A', url: 'http://127.0.0.1/', signing: { scheme: 'custom', header: 'X', colour: 1 } },
      'signing.colour',
      'There is no field colour here; remove it.',
    ],
    [
      { name: 'A', url: 'http://127.0.0.1/', retryPolicy: { kind: 'schedule', delaysMs: [1000], jiter: [1] } },
      'retryPolicy.jiter',
      'There is no field jiter here; did you mean jitter?',
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

describe('a limit', () => {
  const told = (schema: z.ZodType, input: unknown) => inputIssues(schema, input).map(({ message }) => message);

  it.each([
    [z.string().min(1), '', 'Use at least 1 character.'],
    [z.string().max(1), 'ab', 'Use at most 1 character.'],
    [z.string().min(2), 'a', 'Use at least 2 characters.'],
    [z.string().length(2), 'a', 'Use 2 characters.'],
    [z.array(z.number()).min(1), [], 'Give at least 1 entry.'],
    [z.array(z.number()).max(2), [1, 2, 3], 'Give at most 2 entries.'],
    [z.set(z.number()).max(1), new Set([1, 2]), 'Give at most 1 entry.'],
    [z.number().gt(0), 0, 'Use more than 0.'],
    [z.number().lt(5), 5, 'Use less than 5.'],
    [z.number().max(5), 6, 'Use at most 5.'],
    [z.number().multipleOf(5), 3, 'Use a multiple of 5.'],
    [z.url(), 'x', 'Give a URL, such as https://example.com/hooks.'],
    [z.iso.date(), 'x', 'Give a date, such as 2026-11-28.'],
    [z.string().startsWith('ep_'), 'x', 'Begin with ep_.'],
  ])('of %#: %j is told as a sentence', (schema, input, message) => expect(told(schema, input)).toEqual([message]));

  it('is told once, and of text that is too short nothing else is', () => {
    expect(told(z.string().max(1).max(1), 'ab')).toEqual(['Use at most 1 character.']);
    expect(told(z.string().regex(/^x/, 'Begin with x.').min(1, 'Give it.'), '')).toEqual(['Give it.']);
    expect(told(z.string().max(1).regex(/^x/, 'Begin with x.'), 'ab')).toEqual(['Use at most 1 character.', 'Begin with x.']);
    const pair = z.strictObject({ a: z.string().min(1), b: z.string().min(1) });
    expect(told(pair, { a: '', b: '' })).toEqual(['Use at least 1 character.', 'Use at least 1 character.']);
    const { error } = z.string().min(1).regex(/^x/).safeParse('');
    expect(countIssues(error?.issues ?? [])).toBe(1);
  });
});

it('tells of a field that a filter within a call does not have which one was probably meant, as it does of a query', async () => {
  const { client } = await startClockedEngine();
  const filter = { evenType: 'order.paid' } as object;
  const issue = (path: string) => ({
    code: 'INPUT_INVALID',
    data: { issues: [{ path, message: 'There is no field evenType here; did you mean eventType?' }] },
  });
  await expect(client.deliveries.list(filter)).rejects.toMatchObject(issue('evenType'));
  await expect(client.replays.preview({ source: { kind: 'redeliver', filter } })).rejects.toMatchObject(issue('source.filter.evenType'));
  // Only the field of the form that was named is suggested.
  const recover = { kind: 'recover', endpointId: 'ep_1', sinceMs: 1, filtr: {} } as const;
  await expect(client.replays.preview({ source: recover })).rejects.toMatchObject({
    data: { issues: [{ path: 'source.filtr', message: 'There is no field filtr here; remove it.' }] },
  });
});

it('tells the first hundred of very many unknown fields, and how many there are', async () => {
  const { client } = await startClockedEngine();
  const fields = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`k${index}`, 1]));
  const refused: unknown = await client.endpoints
    .create({ name: 'A', url: 'http://127.0.0.1/', ...fields })
    .catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: 'INPUT_INVALID', message: expect.stringMatching(/k4: .* \(and 4995 more\)$/) });
  expect((refused as { readonly data: { readonly issues: readonly unknown[] } }).data.issues).toHaveLength(100);
});

it.each(['secretHeaders', 'headers'])('tells of a name in %s that is none how long it is, and not what was pasted', (field) => {
  for (const pasted of [
    'Bearer sk_live_51Hsecret',
    'Authorization: Bearer abc.def',
    'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw+/=',
    'k'.repeat(201),
  ]) {
    const { error } = endpointInput.safeParse({ name: 'x', url: 'http://127.0.0.1/', [field]: { [pasted]: 'x' } });
    const issues = fieldIssues(error?.issues ?? []);
    expect(issues).toHaveLength(1);
    expect(issues[0]?.path).toBe(`${field}.(a name of ${pasted.length} characters)`);
    expect(JSON.stringify(issues)).not.toContain(pasted.slice(0, 12));
  }
});

it('names an unknown field only where it can be a name', () => {
  const told = (input: object) =>
    fieldIssues(endpointInput.safeParse({ name: 'x', url: 'http://127.0.0.1/', ...input }).error?.issues ?? []);
  expect(told({ colour: 1 })).toEqual([{ path: 'colour', message: 'There is no field colour here; remove it.' }]);
  expect(JSON.stringify(told({ 'Bearer sk_live_51Hsecret': 1 }))).not.toContain('sk_live');
});
