import { describe, expect, it } from 'vitest';
import { addOutage } from '#hosts/cli/what-if-flags.ts';
import { runCommand } from './command.ts';

const hourMs = 3_600_000;

describe('hookyard what-if', () => {
  it('draws a lane for each set of rules and counts what comes late and what is lost, with no Hookyard running', async () => {
    const { code, stdout, stderr } = await runCommand(['what-if', '--outage', '2026-08-20T14:00Z 2h 503', '--rules', 'github,svix,1h']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('(2 h): 503.');
    expect(stdout).toMatch(/^GitHub +\. \. +!:!::!:!::!:!::!:!::!:!::!:!::\. \./m);
    expect(stdout).toMatch(/^ +12 are lost: every attempt failed\. GitHub never tries again by itself/m);
    expect(stdout).toMatch(/^Svix +27 +15 +12 +2 h 35 m +2 h 35 m +0 /m);
    expect(stdout).toMatch(/^Own policy +27 +15 +6 +1 h +1 h +6 /m);
    expect(stdout).toContain('Svix, second-hand: The page states no jitter');
  });

  it('prints what REST answers as one JSON document', async () => {
    const { stdout } = await runCommand(['what-if', '--outage', '2026-08-20T14:00Z 1h timeout', '--rules', 'shopify', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ lanes: [{ name: 'Shopify', totals: { late: 6, lost: 0 }, off: null }] });
  });

  it('says how an outage is written', async () => {
    const { code, stderr } = await runCommand(['what-if', '--outage', '14:00 soon']);
    expect(code).not.toBe(0);
    expect(stderr).toContain('Write an outage as "14:00 2h refused"');
  });
});

describe('an outage as it is written', () => {
  const today = new Date(2026, 7, 20, 9, 30);
  const fromMs = new Date(2026, 7, 20, 14, 0).getTime();

  it.each([
    ['14:00 2h refused', 2 * hourMs, { kind: 'network', code: 'refused' }],
    ['14:00 1 h 30 m timeout', 1.5 * hourMs, { kind: 'network', code: 'timeout' }],
    ['14:00 2h', 2 * hourMs, { kind: 'network', code: 'refused' }],
    ['14:00 90m 429 retry-after 120', 1.5 * hourMs, { kind: 'status', status: 429, retryAfter: '120' }],
  ])('is read: %s', (text, lengthMs, answer) => {
    expect(addOutage(text, [], today)).toEqual([{ fromMs, untilMs: fromMs + lengthMs, answer }]);
  });

  it.each(['', '14:00', '25:00 2h', '14:00 2h 999', '14:00 2h refused retry-after 2', '14:00 0s', 'today 2h 503'])(
    'is refused: %s',
    (text) => {
      expect(() => addOutage(text, [], today)).toThrow('Write an outage as');
    },
  );
});
