import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { queryNumber, timeMs } from '#shared/contract/common.ts';
import { startClockedEngine } from '../support/clocked-engine.ts';
import { startTestEngine } from '../support/engine.ts';
import { openTestServer, testToken } from './doors.ts';
import { inputs, schemasIn } from './walk.ts';

/** A point in time by its name; lengths of time are named otherwise. */
const namesTime = /(?:^|\.)(?:now|at|from|to|since|until|[a-z]+At|[a-z]+AtLeast)Ms(?=$|\.)/;
/** The last time that has a date. */
const lastMs = 8_640_000_000_000_000;

function numbersIn(schema: z.ZodType): readonly (readonly [path: string, number: z.ZodNumber])[] {
  return [...schemasIn(schema)].flatMap(([path, each]) => (each instanceof z.ZodNumber ? [[path, each] as const] : []));
}

function unboundedTimes(schema: z.ZodType): readonly string[] {
  return numbersIn(schema).flatMap(([path, { maxValue }]) => (namesTime.test(path) && (maxValue ?? lastMs) >= lastMs ? [path] : []));
}

async function restOf() {
  const { engine } = await startTestEngine();
  const { url } = await openTestServer(engine.router);
  const headers = { authorization: `Bearer ${testToken}`, 'content-type': 'application/json' };
  return async (method: string, path: string, body?: unknown) => {
    const given = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(`${url}/api${path}`, { method, headers, ...given });
    const { message } = (await answer.json()) as { readonly message?: string };
    return { status: answer.status, message };
  };
}

describe('numbers that come with a call', () => {
  it('have a bound where they are a time', () => {
    expect(unboundedTimes(z.object({ nowMs: z.number().int().optional() }))).toHaveLength(1);
    expect(unboundedTimes(z.object({ fromMs: queryNumber(timeMs).optional() }))).toEqual([]);
    const times = inputs.flatMap(([, input]) => numbersIn(input).filter(([path]) => namesTime.test(path)));
    expect(times.length).toBeGreaterThan(20);
    expect(inputs.flatMap(([name, input]) => unboundedTimes(input).map((path) => name + path))).toEqual([]);
  });

  it('are never made of what is none', () => {
    const coerced = inputs.flatMap(([name, input]) =>
      numbersIn(input).flatMap(([path, { def }]) => (def.coerce === true ? [name + path] : [])),
    );
    expect(coerced).toEqual([]);
  });

  it.each(['0x5', '%20%205', '1e2', '5.0', 'Infinity', '+5'])('are refused in a query as %j', async (text) => {
    const call = await restOf();
    expect(await call('GET', `/deliveries?limit=${text}`)).toMatchObject({ status: 422, message: expect.stringContaining('limit') });
    expect(await call('GET', '/deliveries?limit=5')).toMatchObject({ status: 200 });
    expect(await call('GET', '/deliveries?limit[]=1')).toMatchObject({ status: 422 });
  });

  it.each(['twitch', 'zendesk', 'box', 'paypal'])('are refused as a time that has no date, signing by %s', async (scheme) => {
    const call = await restOf();
    const toSign = { method: 'POST', url: 'http://127.0.0.1:9/', bodyBase64: '' };
    const sign = (nowMs: number) => call('POST', '/sign', { scheme, secrets: ['a'.repeat(32)], nowMs, request: toSign });
    for (const nowMs of [lastMs, lastMs + 1])
      expect(await sign(nowMs)).toMatchObject({ status: 422, message: expect.stringContaining('nowMs') });
    const request = { method: 'POST', headers: [], bodyBase64: '' };
    for (const nowMs of [lastMs, lastMs + 1, Number.MAX_SAFE_INTEGER])
      expect(
        await call('POST', '/verify/case', { scheme: 'github-sha256', secrets: ['abcdefgh'], nowMs, format: 'json', request }),
      ).toMatchObject({
        status: 422,
        message: expect.stringContaining('nowMs'),
      });
  });
});

describe('a draft that is tested', () => {
  const draft = { name: 'x', url: 'http://127.0.0.1:9/x' };
  it.each([
    [{ ...draft, plan: 'abc' }, 'choose a profile'],
    [{ ...draft, profile: 'acrity', plan: 'abc' }, 'no plan'],
    [{ ...draft, profile: 'acrity', plan: 'standard', retryPolicy: 'none' }, 'Give either a plan or a retryPolicy'],
  ])('is refused with its plan: %j', async (asked, words) => {
    const call = await restOf();
    expect(await call('POST', '/endpoints/test', { draft: asked })).toMatchObject({ status: 422, message: expect.stringContaining(words) });
  });

  it('is sent with a plan of its profile, which saves no policy', async () => {
    const engine = await startClockedEngine();
    const { plans } = await engine.client.profiles.get({ id: 'acturity' });
    const asked = { ...draft, profile: 'acturity', plan: plans[0]?.name ?? 'none' };
    expect(await engine.client.endpoints.testDraft({ draft: asked })).toMatchObject({ isDuplicate: false });
    expect((await engine.client.policies.list({})).items).toEqual([]);
  });
});
