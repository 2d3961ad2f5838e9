import { expect, it, onTestFinished } from 'vitest';
import { hasAttempts, startClockedEngine } from '../../support/clocked-engine.ts';
import { respond, startReceiver } from '../../support/scripted-receiver.ts';

it('counts as a success of a retry what the rule of retries says, and of the first attempt and a redelivery what the other says', async () => {
  const receiver = await startReceiver([], { otherwise: respond({ status: 201 }) });
  onTestFinished(() => receiver.close());
  const { client, clock, deliveryWhen } = await startClockedEngine();
  const { id: endpointId } = await client.endpoints.create({
    name: 'Receiver',
    url: receiver.url,
    successRule: '200,204',
    retrySuccessRule: '2xx',
    retryPolicy: { kind: 'schedule', delaysMs: [1000] },
  });
  const sent = await client.messages.send({ type: 'meeting.ended', endpointIds: [endpointId] });
  const id = sent.deliveries[0]?.id ?? '';
  expect(await deliveryWhen(id, hasAttempts(1))).toMatchObject({ status: 'failed', lastOutcome: { code: 'http_status' } });
  clock.advance(1000);
  expect(await deliveryWhen(id, hasAttempts(2))).toMatchObject({ status: 'delivered' });
  await client.deliveries.redeliver({ id });
  const again = await deliveryWhen(id, hasAttempts(3));
  expect(again).toMatchObject({ status: 'failed' });
  expect(again.lastOutcome?.message).toContain('the success rule 200,204');
});
