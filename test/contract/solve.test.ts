import { describe, expect, it } from 'vitest';
import type { SolverEvent, SolverResult } from '#shared/contract/solving.ts';
import { startTestEngine } from '../support/engine.ts';
import { openMessagePort, openRest, openTestServer, openWebSocket, testToken, type Client } from './doors.ts';

const toBase64 = (text: string) => Buffer.from(text).toString('base64');
const secret = `whsec_${toBase64('a secret of thirty-two bytes....')}`;
const nowMs = Date.UTC(2026, 0, 1);
const scheme = { scheme: 'standard-webhooks', secrets: [secret] };

type Solve = Client['verifying']['solve'];

async function lastOf(events: Awaited<ReturnType<Solve>>): Promise<{ readonly kinds: readonly string[]; readonly result: SolverResult }> {
  const all: SolverEvent[] = [];
  for await (const event of events) all.push(event);
  const result = all.at(-1);
  if (result?.kind !== 'result') throw new Error('The search gave no result.');
  return { kinds: all.slice(0, -1).map(({ kind }) => kind), result };
}

/** A request signed by an engine, with a body that another serialiser wrote. */
async function damagedRequest(client: Client, signWith = scheme) {
  const signed = await client.verifying.sign({ ...signWith, id: 'msg_1', nowMs, request: { bodyBase64: toBase64('{"a":1,"b":[2]}') } });
  return { headers: signed.headers, bodyBase64: toBase64('{"a": 1, "b": [2]}') };
}

describe.each([
  ['REST', openRest],
  ['WebSocket', openWebSocket],
  ['message port', openMessagePort],
])('a search over %s', (_, open) => {
  it('streams progress and then the cause', async () => {
    const { engine } = await startTestEngine();
    const client = await open(engine.router);
    const request = await damagedRequest(client);
    const { kinds, result } = await lastOf(await client.verifying.solve({ ...scheme, nowMs, request }));
    expect(new Set(kinds)).toEqual(new Set(['progress']));
    expect(result.matches[0]).toMatchObject({ causes: [{ kind: 'body', id: 'body-minified' }], weak: false });
  });
});

describe('a search over the secrets of the workspace', () => {
  it('names the endpoint and the bin whose secrets fit, those from before a rotation included, and shows none', async () => {
    const { engine } = await startTestEngine();
    const client = await openRest(engine.router);
    const made = await client.endpoints.create({ name: 'Billing', url: 'http://127.0.0.1:9/hook', secret });
    const bin = await client.bins.create({
      name: 'Inbox',
      slug: 'inbox',
      secrets: [`whsec_${toBase64('the secret of the bin is this.')}`],
    });
    await client.endpoints.rotateSecret({ id: made.id });
    const wrong = `whsec_${toBase64('nobody has this secret, at all.')}`;
    const search = { scheme: 'standard-webhooks', secrets: [wrong], nowMs };

    const ofEndpoint = await damagedRequest(client);
    const previous = await lastOf(await client.verifying.solve({ ...search, secretsOf: [made.id], request: ofEndpoint }));
    expect(previous.result.matches[0]).toMatchObject({
      secretLabel: 'the endpoint Billing',
      causes: [{ id: 'secret-previous' }, { id: 'body-minified' }],
    });

    const ofBin = await damagedRequest(client, { ...scheme, secrets: [`whsec_${toBase64('the secret of the bin is this.')}`] });
    const any = await lastOf(await client.verifying.solve({ ...search, allSecrets: true, request: ofBin }));
    expect(any.result.matches[0]).toMatchObject({
      secretLabel: `the bin ${bin.slug}`,
      causes: [{ id: 'secret-of-another' }, { id: 'body-minified' }],
    });
    expect(JSON.stringify([previous, any])).not.toContain(secret.slice(6));

    const unknown = client.verifying.solve({ ...search, secretsOf: ['ep_none'], request: ofBin }).then(lastOf);
    await expect(unknown).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('POST /api/verify/solve', () => {
  it('answers server-sent events, and stops searching when its caller goes away', async () => {
    const { engine } = await startTestEngine();
    const client = await openMessagePort(engine.router);
    const { url } = await openTestServer(engine.router);
    const request = await damagedRequest(client);
    const items = Array.from({ length: 5000 }, (_, index) => ({ index, name: 'Zoë / 1.0', list: [1, 2, 3] }));
    const endless = { ...request, bodyBase64: toBase64(JSON.stringify(items)) };
    const secrets = Array.from({ length: 100 }, (_, index) => `whsec_${Buffer.alloc(24, index + 1).toString('base64')}`);
    const post = (body: unknown, signal: AbortSignal | null = null) =>
      fetch(`${url}/api/verify/solve`, {
        method: 'POST',
        headers: { authorization: `Bearer ${testToken}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal,
      });

    // Two searches at once are the most; the third has its turn only once the callers of these are gone.
    const abort = new AbortController();
    const busy = { scheme: 'standard-webhooks', secrets, nowMs, maxMs: 60_000, request: endless };
    const answers = await Promise.all([post(busy, abort.signal), post(busy, abort.signal)]);
    for (const answer of answers) {
      expect(answer.headers.get('content-type')).toContain('text/event-stream');
      await answer.body?.getReader().read();
    }
    abort.abort();
    const large = await post({ ...scheme, nowMs, request: { ...request, bodyBase64: 'A'.repeat(15_000_000) } });
    expect(large.status).toBe(413);
    const text = await (await post({ ...scheme, nowMs, request })).text();
    const events = text.match(/^data: .+$/gm)?.map((line) => JSON.parse(line.slice(6)) as { readonly kind?: string }) ?? [];
    expect(events.some(({ kind }) => kind === 'progress')).toBe(true);
    expect(events.findLast(({ kind }) => kind !== undefined)).toMatchObject({
      kind: 'result',
      matches: [{ causes: [{ id: 'body-minified' }] }],
    });
  });
});
