import { expect, it } from 'vitest';
import { pathPatterns, placeBelow, wholePlace } from '#engine/comparing/json-place.ts';
import { startClockedEngine } from '../../support/clocked-engine.ts';
import { respond } from '../../support/scripted-receiver.ts';
import { receive, settled } from '../replays/replay-support.ts';

const json = (body: unknown, status = 200, headers: readonly (readonly [string, string])[] = []) =>
  respond({ status, headers: [['Content-Type', 'application/json'], ...headers], body: JSON.stringify(body) });

it('a shadow gets the same requests, its answers reach no sender, and what differs is listed, newest first', async () => {
  const engine = await startClockedEngine({ capturePort: 0 });
  const old = await receive(
    json({ id: 1, total: 10, items: [{ at: 'a' }] }, 200, [['Date', 'Mon, 01 Jan 2024 00:00:00 GMT']]),
    json({ id: 3, total: 10 }),
    json({ id: 5, total: 10 }, 200, [['X-Build', 'old']]),
    respond({ status: 200 }),
  );
  const next = await receive(
    json({ id: 2, total: 10, items: [{ at: 'b' }] }, 200, [['Date', 'Tue, 02 Jan 2024 00:00:00 GMT']]),
    json({ id: 4, total: 11 }),
    json({ id: 6, total: 10 }, 200, [['X-Build', 'new']]),
    respond({ status: 500 }),
  );
  const bin = await engine.client.bins.create({ name: 'Shop' });
  const relay = await engine.client.relays.create({
    name: 'Builds',
    binId: bin.id,
    targets: [
      { url: old.url, name: 'Old', retryPolicy: 'none' },
      { url: next.url, name: 'New', retryPolicy: 'none' },
    ],
    answer: { target: 0 },
    shadow: { target: 1, of: 0, ignore: { paths: ['$.id', '$.items[*].at'] }, toleranceMs: 60_000 },
  });
  expect(await engine.client.relays.differences({ id: relay.id })).toEqual({
    items: [],
    next: null,
    compared: 0,
    waiting: 0,
    message: 'No capture was answered by both targets yet.',
  });
  const bodies: string[] = [];
  for (let index = 1; index <= 4; index += 1) {
    const answer = await fetch(`${bin.url}/${index}`, { method: 'POST', body: '{}' });
    bodies.push(await answer.text());
    await settled(engine);
  }
  expect(bodies.slice(0, 2)).toEqual(['{"id":1,"total":10,"items":[{"at":"a"}]}', '{"id":3,"total":10}']);
  expect(next.requests.map(({ target }) => target)).toEqual(['/1', '/2', '/3', '/4']);

  const page = await engine.client.relays.differences({ id: relay.id });
  expect(page).toMatchObject({ compared: 4, waiting: 0, next: null, message: '3 of 4 compared captures differ.' });
  expect(page.items.map(({ path, differs, summary }) => [path, differs, summary])).toEqual([
    ['/4', ['outcome'], '200 became 500.'],
    ['/3', ['headers'], 'The header X-Build differs.'],
    ['/2', ['body'], 'The body differs at $.total.'],
  ]);
  expect(page.items[2]).toMatchObject({
    leftOut: 1,
    before: { status: 200 },
    after: { status: 200 },
    body: { changes: [{ kind: 'changed', path: '$.total', before: '10', after: '11' }], changeCount: 1 },
  });

  const first = await engine.client.relays.differences({ id: relay.id, limit: 1 });
  const second = await engine.client.relays.differences({ id: relay.id, limit: 2, cursor: first.next ?? '' });
  expect([...first.items, ...second.items]).toEqual(page.items);

  // What is ignored is asked for anew, over what is in the log.
  await engine.client.relays.update({
    id: relay.id,
    shadow: { target: 1, of: 0, ignore: { headers: ['X-Build'], paths: ['$.id', '$.items', '$.total'] }, toleranceMs: 60_000 },
  });
  const fewer = await engine.client.relays.differences({ id: relay.id });
  expect(fewer.items.map(({ path }) => path)).toEqual(['/4', '/1']);
  expect(fewer.items[1]?.summary).toBe('The header Date differs.');
  await engine.client.relays.update({ id: relay.id, shadow: null });
  await expect(engine.client.relays.differences({ id: relay.id })).rejects.toThrow('This relay has no shadow to compare with');
});

it('a shadow that has not answered is counted as waiting, and one that fails differs', async () => {
  const engine = await startClockedEngine({ capturePort: 0 });
  const [old, gone] = [await receive(), await receive()];
  await gone.close();
  const bin = await engine.client.bins.create({ name: 'Shop' });
  const relay = await engine.client.relays.create({
    name: 'Builds',
    binId: bin.id,
    targets: [
      { url: old.url, retryPolicy: 'none' },
      { url: gone.url, retryPolicy: 'none', match: { path: '/both' } },
    ],
    shadow: { target: 1, of: 0, toleranceMs: 60_000 },
  });
  for (const path of ['both', 'one']) await fetch(`${bin.url}/${path}`, { method: 'POST' });
  await old.nextRequest();
  await old.nextRequest();
  await settled(engine);
  const page = await engine.client.relays.differences({ id: relay.id });
  expect(page.message).toBe('1 of 1 compared capture differs. 1 more waits for an answer, or went to one of both only.');
  expect(page.items[0]).toMatchObject({ summary: '200 became no answer (refused).', body: null, after: { status: null } });
});

it('an ignored path stands for what is below it, and a star for any step', () => {
  const whole = wholePlace(pathPatterns(['$.id', '$.items[*].at', "$['odd name']", '$.*.sum']));
  const isIgnored = (...steps: readonly (string | number)[]) => {
    let place = whole;
    for (const step of steps) place = placeBelow(place, step);
    return place.isIgnored;
  };
  const ignored = [['id'], ['id', 'of'], ['items', 12, 'at'], ['odd name', 0], ['any', 'sum']];
  expect(ignored.map((steps) => isIgnored(...steps))).toEqual(ignored.map(() => true));
  const others = [[], ['ids'], ['items'], ['items', 12, 'by'], ['sum'], ['any', 'id']];
  expect(others.map((steps) => isIgnored(...steps))).toEqual(others.map(() => false));
});
