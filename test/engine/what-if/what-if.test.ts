import { ORPCError } from '@orpc/contract';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createOutageFinder, type PastAttempt } from '#engine/log/outages.ts';
import { startClockedEngine } from '../../support/clocked-engine.ts';
import { whenIdle } from '../../support/idle.ts';
import { respond, startReceiver } from '../../support/scripted-receiver.ts';

const minuteMs = 60_000;

describe('outages in the log', () => {
  const attempt = (startedAtMs: number, code: string, status: number | null = null): PastAttempt => ({ startedAtMs, code, status });

  it('go from the first failure after a success to the next success, whatever stands between that says nothing', () => {
    const finder = createOutageFinder(2);
    const log = [
      attempt(1, 'ok', 200),
      attempt(2, 'http_status', 503),
      attempt(3, 'cancelled'),
      attempt(4, 'http_status', 503),
      attempt(5, 'refused'),
      attempt(6, 'ok', 200),
      attempt(7, 'timeout'),
      attempt(8, 'ok', 200),
      attempt(9, 'refused'),
      attempt(10, 'refused'),
    ];
    for (const each of log.toReversed()) finder.before(each);
    finder.end();
    expect(finder.found()).toEqual([
      { fromMs: 9, untilMs: null, failedAttempts: 2, answer: { kind: 'network', code: 'refused' }, alike: 2 },
      { fromMs: 2, untilMs: 6, failedAttempts: 3, answer: { kind: 'status', status: 503, retryAfter: null }, alike: 2 },
    ]);
  });

  it('are listed for an endpoint, and can be asked about with the events of that time', async () => {
    const receiver = await startReceiver([respond(), respond({ status: 502 }), respond({ status: 502 }), respond()]);
    onTestFinished(receiver.close);
    const { client, clock, ...engine } = await startClockedEngine();
    const { id } = await client.endpoints.create({ name: 'Shop', url: receiver.url, retryPolicy: 'none' });
    const beganMs = clock.now();
    for (let sent = 0; sent < 4; sent += 1) {
      await client.messages.send({ type: 'a.b' });
      await whenIdle({ client, clock, ...engine });
      clock.advance(minuteMs);
    }
    const { items, isCut } = await client.whatIf.outages({ id });
    expect(items).toEqual([
      {
        fromMs: beganMs + minuteMs,
        untilMs: beganMs + 3 * minuteMs,
        failedAttempts: 2,
        answer: { kind: 'status', status: 502, retryAfter: null },
        alike: 2,
      },
    ]);
    expect(isCut).toBe(false);
    const [outage] = items;
    const { lanes } = await client.whatIf.run({
      outages: [
        { fromMs: outage?.fromMs ?? 0, untilMs: outage?.untilMs ?? 0, answer: outage?.answer ?? { kind: 'network', code: 'refused' } },
      ],
      events: { kind: 'log', endpointId: id, fromMs: beganMs, untilMs: beganMs + 10 * minuteMs },
      rules: [
        { kind: 'endpoint', id },
        { kind: 'policy', policy: 'quick' },
      ],
      withAttempts: true,
    });
    expect(lanes.map(({ name, totals }) => [name, totals.events, totals.lost])).toEqual([
      ['Shop', 4, 2],
      ['Quick: 1 s, 5 s, 30 s', 4, 2],
    ]);
    expect(lanes[1]?.events[1]?.tries).toHaveLength(4);
  });
});

describe('a question that cannot be answered', () => {
  const outages = [{ fromMs: 1000, untilMs: 2000, answer: { kind: 'network' as const, code: 'refused' as const } }];

  it.each([
    ['events.everyMs', { outages, events: { kind: 'every' as const, everyMs: 1, fromMs: 0, untilMs: 1_000_000 } }],
    ['rules.0.id', { outages, events: { kind: 'at' as const, timesMs: [1] }, rules: [{ kind: 'profile' as const, id: 'nobody' }] }],
    [
      'withAttempts',
      {
        outages: [{ fromMs: 1000, answer: { kind: 'network' as const, code: 'refused' as const }, untilMs: 3_600_000_000 }],
        events: { kind: 'every' as const, everyMs: 1000, fromMs: 0, untilMs: 900_000 },
        rules: [{ kind: 'policy' as const, policy: 'hookdeck' as const }],
        withAttempts: true,
      },
    ],
  ])('names the field %s', async (path, input) => {
    const { client } = await startClockedEngine();
    const error: unknown = await client.whatIf.run(input).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ORPCError);
    expect(error).toMatchObject({ code: 'INPUT_INVALID', data: { issues: [{ path }] } });
  });
});
