import { describe, expect, it } from 'vitest';
import { createClock } from '#engine/base/clock.ts';

/** Time that a test lets go by, and a wall clock that it sets; timers stand still during sleep as the system's do. */
function createTime(startMs = Date.UTC(2026, 0, 1)) {
  let wallMs = startMs;
  let elapsedMs = 0;
  let timers: { readonly atMs: number; readonly callback: () => void; readonly delayMs: number }[] = [];
  const delays: number[] = [];
  let sleptMs = 0;
  const clock = createClock({
    wallMs: () => wallMs,
    elapsedMs: () => elapsedMs,
    uptimeMs: () => elapsedMs + sleptMs,
    boot: () => null,
    after: (delayMs, callback) => {
      const timer = { atMs: elapsedMs + delayMs, callback, delayMs };
      delays.push(delayMs);
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
  });
  return {
    clock,
    delays,
    setWall: (byMs: number) => {
      wallMs += byMs;
    },
    sleep: (ms: number) => {
      wallMs += ms;
      sleptMs += ms;
    },
    pass: (ms: number) => {
      const untilMs = elapsedMs + ms;
      for (;;) {
        const next = timers.toSorted((a, b) => a.atMs - b.atMs)[0];
        if (next === undefined || next.atMs > untilMs) break;
        timers = timers.filter((other) => other !== next);
        wallMs += next.atMs - elapsedMs;
        elapsedMs = next.atMs;
        next.callback();
      }
      wallMs += untilMs - elapsedMs;
      elapsedMs = untilMs;
    },
  };
}

/** Seconds after which a timer for so many seconds from now fired; null when it has not yet. */
function firedAfter(
  time: ReturnType<typeof createTime>,
  seconds: number,
  meanwhile: (secondsPassed: number) => void,
  most: number,
): number | null {
  let fired: number | null = null;
  let passed = 0;
  time.clock.at(time.clock.now() + seconds * 1000, () => {
    fired ??= passed;
  });
  for (; passed < most && fired === null; passed += 1) {
    meanwhile(passed);
    time.pass(1000);
  }
  return fired;
}

describe('the clock', () => {
  it('waits for what is further away than a timer of the system can be, and not a moment less', () => {
    const time = createTime();
    const days = 40 * 86_400_000;
    let fired = 0;
    time.clock.at(time.clock.now() + days, () => (fired += 1));
    time.pass(days - 1);
    expect(fired).toBe(0);
    time.pass(1);
    expect(fired).toBe(1);
    expect(time.delays.reduce((most, delayMs) => Math.max(most, delayMs))).toBeLessThan(2 ** 31);
  });

  it('fires within two seconds of waking up when the time came during sleep', () => {
    const time = createTime();
    const sleep = (passed: number) => {
      if (passed === 10) time.sleep(3_600_000);
    };
    expect(firedAfter(time, 600, sleep, 1000)).toBeLessThanOrEqual(12);
  });

  it('does not wait longer when the clock is set back by hours', () => {
    const time = createTime();
    const setBack = (passed: number) => {
      if (passed === 10) time.setWall(-5 * 3_600_000);
    };
    expect(firedAfter(time, 60, setBack, 1000)).toBe(59);
  });

  it('tells by how much it was set, once, and says nothing of a clock that is kept right', () => {
    const time = createTime();
    const jumps: number[] = [];
    time.clock.followJumps?.((byMs) => jumps.push(byMs));
    for (let second = 0; second < 100; second += 1) {
      time.pass(1000);
      time.setWall(20);
      time.clock.now();
    }
    expect(jumps).toEqual([]);
    time.setWall(-3_600_000);
    time.clock.now();
    time.clock.now();
    time.setWall(7_200_000);
    time.clock.now();
    expect(jumps).toEqual([-3_600_000, 7_200_000]);
  });

  it('tells whole milliseconds, though it is set by a part of one', () => {
    const time = createTime();
    const jumps: number[] = [];
    time.clock.followJumps?.((byMs) => jumps.push(byMs));
    time.setWall(-3_600_000.372);
    time.clock.now();
    expect(jumps).toEqual([-3_600_000]);
    expect(time.clock.movedMs?.()).toBe(-3_600_000);
  });

  it('knows sleep from a clock that is set, and both when they come together', () => {
    const time = createTime();
    const jumps: number[] = [];
    time.clock.followJumps?.((byMs) => jumps.push(byMs));
    time.sleep(8 * 3_600_000);
    time.clock.now();
    expect(jumps).toEqual([]);
    time.sleep(3_600_000);
    time.setWall(86_400_000);
    time.clock.now();
    expect(jumps).toEqual([86_400_000]);
  });

  it('takes a timer back while it is waited for in steps', () => {
    const time = createTime();
    let fired = 0;
    const takeBack = time.clock.at(time.clock.now() + 10_000, () => (fired += 1));
    time.pass(5000);
    takeBack();
    time.pass(10_000);
    expect(fired).toBe(0);
  });
});
