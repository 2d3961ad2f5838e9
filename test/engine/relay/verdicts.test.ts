import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonAnswers } from '#engine/capture/matching/capture-facts.ts';
import { matches, unmetBy, type MatchedRequest } from '#engine/capture/matching/match.ts';
import type { Bin } from '#shared/contract/bins.ts';
import type { RequestMatch } from '#shared/contract/request-match.ts';
import { startClockedEngine, type ClockedEngine } from '../../support/clocked-engine.ts';
import { receive, settled, until } from '../replays/replay-support.ts';
import { cleanUpNow } from '../retention/retention-support.ts';

const gone = 'http://127.0.0.1:9/';

interface Sent {
  readonly path?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Captures one request, waits until no relay has to look at it, and asks what became of it. */
async function verdictsOn(engine: ClockedEngine, bin: Bin, { path = '', body = '{}', headers = {} }: Sent = {}) {
  await fetch(`${bin.url}${path}`, { method: 'POST', body, headers });
  const [capture] = (await engine.client.captures.list({ binId: bin.id })).items;
  const id = capture?.id ?? '';
  await until(engine, async () => {
    const { items } = await engine.client.relays.list({ binId: bin.id });
    return items.every(({ isActive, queued }) => !isActive || queued === 0) ? true : null;
  });
  await settled(engine);
  return { id, ...(await engine.client.relays.ofCapture({ id })) };
}

async function open() {
  const engine = await startClockedEngine({ capturePort: 0 });
  return { engine, client: engine.client, bin: await engine.client.bins.create({ name: 'Shop' }) };
}

describe('a capture that a relay did not forward', () => {
  it('has no relay', async () => {
    const { engine, bin } = await open();
    expect(await verdictsOn(engine, bin)).toMatchObject({ message: 'Not forwarded: no relay takes from this bin.', relays: [] });
  });

  it('waits for a relay that is paused', async () => {
    const { engine, client, bin } = await open();
    await client.relays.create({ name: 'Paused', binId: bin.id, targets: [{ url: gone }], isActive: false });
    const { message, relays } = await verdictsOn(engine, bin);
    expect([message, relays]).toMatchObject([
      'Not forwarded yet.',
      [{ name: 'Paused', state: 'waiting', reason: null, message: expect.stringContaining('paused: resume it') }],
    ]);
  });

  it('does not meet conditions, each with what the capture has there', async () => {
    const { engine, client, bin } = await open();
    const match: RequestMatch = {
      path: '/orders/*',
      headers: [{ name: 'X-Env', value: 'test' }],
      json: [
        { path: '$.status', value: 'paid' },
        { path: '$.id', value: '7' },
      ],
    };
    await client.relays.create({ name: 'Orders', binId: bin.id, match, targets: [{ url: gone }] });
    const { relays } = await verdictsOn(engine, bin, { path: '/users/1', body: '{"status":"open","id":7}' });
    expect(relays).toMatchObject([
      {
        state: 'left',
        reason: 'unmatched',
        isChangedSince: false,
        message: 'It does not meet the conditions.',
        unmet: [
          { target: null, condition: 'path=/orders/*', found: 'It is /users/1' },
          { target: null, condition: 'header.X-Env=test', found: 'It has none.' },
          { target: null, condition: 'json.$.status=paid', found: 'It is open' },
        ],
      },
    ]);
  });

  it('went to one target, and not to another one by that one’s conditions', async () => {
    const { engine, client, bin } = await open();
    const target = await receive();
    await client.relays.create({
      name: 'Both',
      binId: bin.id,
      targets: [{ url: target.url }, { url: gone, name: 'Puts', match: { methods: ['PUT'] } }],
    });
    const { message, relays } = await verdictsOn(engine, bin);
    expect([message, relays]).toMatchObject([
      'Forwarded by 1 of 1 relay.',
      [
        {
          state: 'forwarded',
          message: 'Forwarded to 1 of 2 targets.',
          unmet: [{ target: 'Puts', condition: 'method=PUT', found: 'It is POST' }],
        },
      ],
    ]);
  });

  it('went round, or has a path that leads out of that of the target', async () => {
    const { engine, client, bin } = await open();
    const relay = await client.relays.create({ name: 'R', binId: bin.id, targets: [{ url: `${gone}hook` }] });
    expect((await verdictsOn(engine, bin, { headers: { 'Hookyard-Relay': relay.id } })).relays).toMatchObject([
      { state: 'left', reason: 'loop', message: expect.stringContaining('Hookyard-Relay') },
    ]);
    expect((await verdictsOn(engine, bin, { path: '/%2e%2e%5cx' })).relays).toMatchObject([{ state: 'left', reason: 'path' }]);
  });

  it('came before the relay was made, or is judged by rules that were changed since, which is said', async () => {
    const { engine, client, bin } = await open();
    const { id } = await verdictsOn(engine, bin);
    engine.clock.advance(60_000);
    const relay = await client.relays.create({ name: 'Late', binId: bin.id, match: { path: '/a' }, targets: [{ url: gone }] });
    expect((await client.relays.ofCapture({ id })).relays).toMatchObject([
      { state: 'left', reason: null, message: expect.stringContaining('made after this came') },
    ]);
    const later = await verdictsOn(engine, bin);
    engine.clock.advance(60_000);
    await client.relays.update({ id: relay.id, match: { path: '/b' } });
    expect((await client.relays.ofCapture({ id: later.id })).relays).toMatchObject([
      { isChangedSince: true, message: expect.stringMatching(/^The relay was changed since this came; by its rules of now: /) },
    ]);
  });

  it('was forwarded once, and says what became of it when nothing is in the log any more', async () => {
    const { engine, client, bin } = await open();
    const target = await receive();
    await client.relays.create({ name: 'R', binId: bin.id, targets: [{ url: target.url }] });
    const { id, relays } = await verdictsOn(engine, bin);
    expect(relays).toMatchObject([{ state: 'forwarded', message: 'Forwarded.', unmet: [] }]);
    await client.system.updateSettings({ keepDeliveries: 0, confirm: true });
    await cleanUpNow(engine);
    expect((await client.relays.ofCapture({ id })).relays).toMatchObject([
      { state: 'left', reason: null, message: expect.stringContaining('its delivery was removed from the log since') },
    ]);
  });

  it('is no capture', async () => {
    const { client } = await open();
    await expect(client.relays.ofCapture({ id: 'cap_x' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('the conditions that a request does not meet', () => {
  const text = fc.constantFrom('a', 'b', '*', 'a*');
  const named = fc.array(fc.record({ name: fc.constantFrom('x', 'y'), value: text }), { maxLength: 2 });
  const anyMatch = fc.record(
    {
      methods: fc.constantFrom<RequestMatch['methods'][]>(['GET'], ['POST', 'PUT']),
      path: text,
      headers: named,
      query: named,
      json: fc.array(fc.record({ path: fc.constantFrom('$.a', '$.b[0]'), value: text }), { maxLength: 2 }),
      eventTypes: fc.constantFrom(['a'], ['b', 'a']),
      verdicts: fc.constantFrom<RequestMatch['verdicts'][]>(['valid'], ['none', 'invalid']),
    },
    { requiredKeys: [] },
  );
  const request: MatchedRequest = {
    method: 'POST',
    path: 'a',
    query: 'x=a&y=b',
    headers: [['X', 'b']],
    eventType: 'a',
    verdict: null,
    hasJson: jsonAnswers(Buffer.from('{"a":"a","b":["b"]}')),
  };

  it('are none exactly where the filter lets it through', () => {
    fc.assert(
      fc.property(anyMatch, (match) => {
        const given = match as unknown as RequestMatch;
        expect(unmetBy(given, request).length === 0).toBe(matches(given, request));
      }),
    );
  });
});
