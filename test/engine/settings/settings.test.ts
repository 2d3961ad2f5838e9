import { describe, expect, it, onTestFinished } from 'vitest';
import { hasAttempts, startClockedEngine } from '../../support/clocked-engine.ts';
import { hang, respond, startReceiver, type Step } from '../../support/scripted-receiver.ts';

async function receiver(...script: readonly Step[]) {
  const started = await startReceiver(script);
  onTestFinished(started.close);
  return started;
}

describe('settings', () => {
  it('change only in what is given, and last', async () => {
    const first = await startClockedEngine();
    const before = await first.client.system.getSettings();
    const after = await first.client.system.updateSettings({ theme: 'dark', maxConcurrency: 3 });
    expect(after).toEqual({ ...before, theme: 'dark', maxConcurrency: 3 });
    await first.stop();
    const second = await startClockedEngine({ dataDir: first.dataDir });
    expect(await second.client.system.getSettings()).toEqual(after);
  });

  it.each([
    [{ timeScale: 0 }, 'timeScale'],
    [{ timeScale: 3601 }, 'timeScale'],
    [{ maxConcurrency: 0 }, 'maxConcurrency'],
    [{ bodyLimitBytes: 10 }, 'bodyLimitBytes'],
    [{ theme: 'pink' }, 'theme'],
    [{ colour: 'pink' }, 'colour'],
  ])('%j are refused at the field', async (patch, path) => {
    const { client } = await startClockedEngine();
    const call = client.system.updateSettings(patch as Parameters<typeof client.system.updateSettings>[0]);
    await expect(call).rejects.toMatchObject({ code: 'INPUT_INVALID', data: { issues: [{ path }] } });
  });

  it('changed twice at once keep both changes', async () => {
    const { client } = await startClockedEngine();
    await Promise.all([client.system.updateSettings({ theme: 'dark' }), client.system.updateSettings({ isUtc: true })]);
    expect(await client.system.getSettings()).toMatchObject({ theme: 'dark', isUtc: true });
  });
});

describe('the time scale', () => {
  it('given at the next start moves what already waits, there and back', async () => {
    const target = await receiver(respond({ status: 500 }));
    const first = await startClockedEngine();
    await first.client.endpoints.create({ name: 'Own', url: target.url, retryPolicy: { kind: 'schedule', delaysMs: [3_600_000] } });
    const id = (await first.client.messages.send({ type: 'a.b' })).deliveries[0]?.id ?? '';
    await first.deliveryWhen(id, hasAttempts(1));
    await first.stop();
    const nowMs = first.clock.now();
    const quick = await startClockedEngine({ dataDir: first.dataDir, clock: first.clock, timeScale: 3600 });
    expect(await quick.client.deliveries.get({ id })).toMatchObject({ nextAttemptAtMs: nowMs + 1000 });
    expect(await quick.client.system.health()).toMatchObject({ timeScale: 3600 });
    await quick.stop();
    const slow = await startClockedEngine({ dataDir: first.dataDir, clock: first.clock });
    expect(await slow.client.deliveries.get({ id })).toMatchObject({ nextAttemptAtMs: nowMs + 3_600_000 });
    slow.clock.advance(3_600_000);
    expect(await slow.deliveryWhen(id, hasAttempts(2))).toMatchObject({ status: 'delivered' });
  });
});

describe('health', () => {
  it('counts what waits and what is under way', async () => {
    const target = await receiver(respond({ status: 500 }), hang());
    const engine = await startClockedEngine();
    expect(await engine.client.system.health()).toMatchObject({
      status: 'ok',
      problem: null,
      pendingDeliveries: 0,
      inFlightAttempts: 0,
      host: 'test',
      dataDir: engine.dataDir,
      captureUrl: null,
    });
    await engine.client.endpoints.create({ name: 'Own', url: target.url });
    const id = (await engine.client.messages.send({ type: 'a.b' })).deliveries[0]?.id ?? '';
    await engine.deliveryWhen(id, hasAttempts(1));
    await target.nextRequest();
    await engine.client.messages.send({ type: 'a.b' });
    await target.nextRequest();
    expect(await engine.client.system.health()).toMatchObject({ pendingDeliveries: 2, inFlightAttempts: 1 });
    await engine.client.deliveries.cancel({ id });
    expect(await engine.client.system.health()).toMatchObject({ pendingDeliveries: 1 });
  });
});

describe('an engine whose start fails', () => {
  it('leaves the data folder free for the next one', async () => {
    const blocker = await receiver();
    const engine = await startClockedEngine();
    await engine.stop();
    await expect(startClockedEngine({ dataDir: engine.dataDir, capturePort: blocker.port })).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      message: expect.stringContaining(`port ${blocker.port}`),
    });
    expect((await startClockedEngine({ dataDir: engine.dataDir })).warning).toBeNull();
  });
});
