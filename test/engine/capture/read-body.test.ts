import { once } from 'node:events';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bytesOf, createBodyStore } from '#engine/capture/body-store.ts';
import { readBody } from '#engine/capture/read-body.ts';
import { createTempFolder } from '../../support/temp-workspace.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

const limits = { idleMs: 60_000, totalMs: 600_000 };

const begin = () => createBodyStore(join(createTempFolder(), 'incoming')).begin(1000);

async function pushByte(request: IncomingMessage) {
  const arrived = once(request, 'data');
  request.push('a');
  await arrived;
}

test('a body that keeps coming slowly is read on, until the time for the whole is over', async () => {
  const clock = createFakeClock();
  const request = new IncomingMessage(new Socket());
  const { done } = readBody(request, begin(), limits, clock);
  for (let pieces = 0; pieces < 11; pieces += 1) {
    await pushByte(request);
    clock.advance(50_000);
  }
  await pushByte(request);
  clock.advance(50_000);
  const body = await done;
  expect([Buffer.from(bytesOf(body.body)).toString(), body.end]).toEqual(['a'.repeat(12), 'stalled']);
  expect(clock.nextAtMs()).toBeNull();
});

test('a body that pauses too long is stalled', async () => {
  const clock = createFakeClock();
  const request = new IncomingMessage(new Socket());
  const { done } = readBody(request, begin(), limits, clock);
  await pushByte(request);
  clock.advance(60_000);
  expect((await done).end).toBe('stalled');
});

test('a body that ended whole cannot be interrupted', async () => {
  const clock = createFakeClock();
  const request = new IncomingMessage(new Socket());
  const reading = readBody(request, begin(), limits, clock);
  request.complete = true;
  expect(reading.interrupt('malformed')).toBe(false);
  request.push(null);
  expect((await reading.done).end).toBe('complete');
});
