import { describe, expect, it, onTestFinished } from 'vitest';
import { judgeTime, type SeenTime } from '#engine/retention/clock-witness.ts';
import type { Boot } from '#engine/base/ports.ts';
import { hasAttempts, startClockedEngine, type ClockedEngine } from '../../support/clocked-engine.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { respond, startReceiver } from '../../support/scripted-receiver.ts';
import { createTempFolder } from '../../support/temp-workspace.ts';
import { cleanUpNow } from './retention-support.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const yearMs = 365 * dayMs;
const startMs = Date.UTC(2026, 0, 1);
const boot = (uptimeMs: number, id = 'one'): Boot => ({ id, uptimeMs });
const seen = (more: Partial<SeenTime> = {}): SeenTime => ({ wallMs: startMs, boot: boot(hourMs), unexplainedMs: 0, calmMs: 0, ...more });

describe('the time since the last run', () => {
  it.each([
    ['passed as the computer counted it', { by: 3 * dayMs, boot: boot(hourMs + 3 * dayMs) }, { setMs: 0, aheadMs: 0 }],
    ['went a year ahead of the computer', { by: yearMs, boot: boot(2 * hourMs) }, { setMs: yearMs - hourMs, aheadMs: yearMs - hourMs }],
    ['went back against the computer', { by: -dayMs, boot: boot(2 * hourMs) }, { setMs: -dayMs - hourMs, aheadMs: 0 }],
    ['differs by what drift is', { by: hourMs + 3000, boot: boot(2 * hourMs) }, { setMs: 0, aheadMs: 0 }],
    ['passed over a restart of the computer in a night', { by: 12 * hourMs, boot: boot(10, 'two') }, { setMs: 0, aheadMs: 0 }],
    ['is a year over a restart of the computer', { by: yearMs, boot: boot(10, 'two') }, { setMs: 0, aheadMs: yearMs }],
    ['is a year where no computer is told', { by: yearMs, boot: null }, { setMs: 0, aheadMs: yearMs }],
    ['went back over a restart of the computer', { by: -hourMs, boot: boot(10, 'two') }, { setMs: -hourMs, aheadMs: 0 }],
    ['went back by seconds over a restart', { by: -9000, boot: boot(10, 'two') }, { setMs: 0, aheadMs: 0 }],
  ])('%s', (_, now, expected) => {
    const judged = judgeTime(seen(), { wallMs: startMs + now.by, boot: now.boot });
    expect({ setMs: judged.setMs, aheadMs: judged.seen.unexplainedMs }).toEqual(expected);
  });

  it('takes a clock for right that three days of seen time have not corrected, and one that was set back', () => {
    const ahead = seen({ unexplainedMs: yearMs });
    expect(judgeTime(ahead, { wallMs: startMs + 2 * dayMs, boot: boot(hourMs + 2 * dayMs) }).seen.unexplainedMs).toBe(yearMs);
    expect(judgeTime(ahead, { wallMs: startMs + 3 * dayMs, boot: boot(hourMs + 3 * dayMs) }).seen.unexplainedMs).toBe(0);
    expect(judgeTime(ahead, { wallMs: startMs - yearMs, boot: boot(hourMs) }).seen.unexplainedMs).toBe(0);
  });
});

async function withOldMessage(engine: ClockedEngine): Promise<string> {
  const receiver = await startReceiver([respond()]);
  onTestFinished(receiver.close);
  await engine.client.endpoints.create({ name: 'Shop', url: receiver.url });
  await engine.client.system.updateSettings({ keepDays: 10 });
  const { id, deliveries } = await engine.client.messages.send({ type: 'a.b', data: {} });
  await engine.deliveryWhen(deliveries[0]?.id ?? '', hasAttempts(1));
  return id;
}

describe('a clock that is a year ahead by mistake', () => {
  it('removes nothing by age, says so in health and storage, and all is as before once it is set right', async () => {
    const engine = await startClockedEngine();
    const id = await withOldMessage(engine);
    engine.clock.set(yearMs);

    expect((await cleanUpNow(engine)).removed).toMatchObject({ messages: 0 });
    expect(await engine.client.messages.get({ id })).toMatchObject({ id });
    const { clockNotice, wouldGo } = await engine.client.retention.stored();
    expect(wouldGo).toMatchObject({ messages: 0 });
    expect(clockNotice).toContain('ahead of the time that Hookyard saw go by, so by age nothing is removed');
    expect(await engine.client.system.health()).toMatchObject({ status: 'degraded', isAccepting: true, problem: clockNotice });

    engine.clock.set(-yearMs);
    expect(await engine.client.system.health()).toMatchObject({ status: 'ok', problem: null });
    engine.clock.advance(11 * dayMs);
    expect((await cleanUpNow(engine)).removed).toMatchObject({ messages: 1 });
  });

  it('is still in doubt after a restart, and at the first start with it', async () => {
    const dataDir = createTempFolder();
    const first = await startClockedEngine({ dataDir });
    await withOldMessage(first);
    await first.stop();
    const ahead = createFakeClock(first.clock.now() + yearMs);
    const second = await startClockedEngine({ dataDir, clock: ahead });
    expect((await cleanUpNow(second)).removed).toMatchObject({ messages: 0 });
    await second.stop();
    const third = await startClockedEngine({ dataDir, clock: ahead });
    expect((await cleanUpNow(third)).removed).toMatchObject({ messages: 0 });
    expect((await third.client.retention.stored()).clockNotice).toContain('If the clock is wrong, set it right.');
  });

  it('is believed once somebody says that it is right', async () => {
    const engine = await startClockedEngine();
    await withOldMessage(engine);
    engine.clock.set(yearMs);
    expect(await engine.client.retention.trustClock()).toMatchObject({ clockNotice: null, wouldGo: { messages: 1 } });
    expect(await engine.client.system.health()).toMatchObject({ status: 'ok', problem: null });
    expect((await cleanUpNow(engine)).removed).toMatchObject({ messages: 1 });
  });

  it('goes on removing what has become old by the time that was seen to go by', async () => {
    const engine = await startClockedEngine();
    await withOldMessage(engine);
    engine.clock.advance(9 * dayMs);
    engine.clock.set(yearMs);
    engine.clock.advance(2 * dayMs);
    expect((await cleanUpNow(engine)).removed).toMatchObject({ messages: 1 });
    expect((await engine.client.retention.stored()).clockNotice).not.toBeNull();
  });
});
