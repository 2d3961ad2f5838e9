import { expect, it } from 'vitest';
import { startClockedEngine } from '../../support/clocked-engine.ts';
import { hang } from '../../support/scripted-receiver.ts';
import { receive } from '../replays/replay-support.ts';

it('cancels a delivery whose first attempt begins meanwhile', async () => {
  const often = Array.from({ length: 40 });
  const target = await receive(...often.map(() => hang()));
  const { client } = await startClockedEngine();
  await client.endpoints.create({ name: 'Shop', url: target.url, retryPolicy: 'none', maxConcurrency: 1 });
  const ended: string[] = [];
  for (const [number] of often.entries()) {
    const [sent] = (await client.messages.send({ type: 'order.made', data: { number } })).deliveries;
    await client.deliveries.cancelMatching({});
    ended.push((await client.deliveries.get({ id: sent?.id ?? '' })).status);
  }
  expect(ended).toEqual(often.map(() => 'cancelled'));
});
