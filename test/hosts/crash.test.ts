import { expect, it } from 'vitest';
import { createTempFolder } from '../support/temp-workspace.ts';
import { runSoak, type KillMoment } from './soak/soak.ts';

/** The same with many more kills, at moments of the clock, is `npm run soak`. */
const rounds = 3;

it(
  'loses nothing it accepted when the host is killed under load, and repeats no more than what was in flight',
  { timeout: 180_000 },
  async () => {
    const moments = Array.from({ length: rounds }, (): KillMoment => ({ after: 'answers', count: 30 + Math.floor(Math.random() * 120) }));
    const report = await runSoak({
      dataDir: createTempFolder(),
      moments,
      random: Math.random,
      onKill: ({ number, messages, inFlight, waiting }) =>
        console.log(`round ${number}: on disk ${messages} messages, ${inFlight} attempts in flight, ${waiting} waiting`),
    });
    console.log(
      `promised ${report.promisedMessages}, to be relayed ${report.promisedRelayed}; in flight at the kills ${report.inFlightAtKills}, recorded as interrupted ${report.interrupted}, received again ${report.duplicates}`,
    );
    expect(report.problems).toEqual([]);
    expect(report.promisedMessages).toBeGreaterThanOrEqual(moments.length * 30);
    expect(report.promisedRelayed).toBeGreaterThan(0);
    expect(report.interrupted).toBeGreaterThan(0);
    expect(report.duplicates).toBeLessThanOrEqual(report.inFlightAtKills);
  },
);
