import { describe, expect, it } from 'vitest';
import { createTempFolder } from '../support/temp-workspace.ts';
import { runCommand, startCommand } from './command.ts';

describe('hookyard policies', () => {
  it('prints the schedule of a preset as a table, with no Hookyard running', async () => {
    const { code, stdout, stderr } = await runCommand(['policies', 'preview', 'stepped-five']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n')).toEqual([
      '#  WAIT     AFTER THE FIRST',
      '1  at once  0 ms',
      '2  1 m      1 m',
      '3  5 m      6 m',
      '4  30 m     36 m',
      '5  2 h      2 h 36 m',
      '5 attempts over 2 h 36 m.',
      '',
    ]);
  });

  it('shows the band of jitter and what the total time leaves out, at a time scale', async () => {
    const policy = JSON.stringify({
      kind: 'linear',
      baseMs: 60_000,
      stepMs: 0,
      maxAttempts: 5,
      totalTimeMs: 130_000,
      jitter: { kind: 'plusMinus', ratio: 0.5 },
    });
    const { stdout } = await runCommand(['policies', 'preview', policy, '--time-scale', '60']);
    expect(stdout.split('\n')).toEqual([
      '#   WAIT     AFTER THE FIRST  EARLIEST  LATEST',
      '1   at once  0 ms             0 ms      0 ms',
      '2   1 s      1 s              500 ms    1.5 s',
      '3?  1 s      2 s              1 s       2.17 s',
      '3 attempts over 2 m; at 60x 2 s.',
      '? Jitter may push this attempt beyond the total time, so that it is not made.',
      'The total time leaves out 2 attempts.',
      '',
    ]);
  });

  it('prints one JSON document', async () => {
    const { stdout } = await runCommand(['policies', 'preview', '1s,2s', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ timeScale: 1, attempts: [{ number: 1 }, { nominalMs: 1000 }, { nominalMs: 3000 }] });
  });

  it('lists the presets with their sources', async () => {
    const { stdout } = await runCommand(['policies', 'presets']);
    expect(stdout).toMatch(/^github +GitHub: never +https:\/\/docs\.github\.com\/\S+ \(2026-11-21\)$/m);
  });

  it('refuses a policy that cannot be used with what is wrong in it', async () => {
    const { code, stderr } = await runCommand(['policies', 'preview', '{"kind": "linear", "baseMs": 0, "stepMs": 1, "maxAttempts": 3}']);
    expect(code).toBe(2);
    expect(stderr).toContain('baseMs: Use at least 1 ms.');
  });

  it('lists and previews the named policies of the running Hookyard', async () => {
    const dataDir = createTempFolder();
    const host = startCommand(['--port', '0', '--data-dir', dataDir], { entry: 'serve.js' });
    const ready = await host.nextLine();
    const [, url = '', token = ''] = /(http:\S+)\/\?token=(\S+)/.exec(ready) ?? [];
    const make = (name: string) =>
      fetch(`${url}/api/policies`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ name, policy: { kind: 'schedule', delaysMs: [60_000, 600_000] } }),
      });
    const answer = await make('Free: 3');
    expect(answer.status).toBe(201);
    const { id } = (await answer.json()) as { id: string };
    const list = await runCommand(['policies', 'list', '--data-dir', dataDir]);
    expect(list.stdout).toContain(`${id}  Free: 3  3 attempts over 11 m`);
    for (const named of [id, 'free: 3'])
      expect((await runCommand(['policies', 'preview', named, '--data-dir', dataDir])).stdout).toContain('3 attempts over 11 m.');
    // More than one page of others, made later.
    for (let number = 0; number < 201; number += 1) expect((await make(`Other ${number}`)).status).toBe(201);
    expect((await runCommand(['policies', 'preview', 'free: 3', '--data-dir', dataDir])).stdout).toContain('3 attempts over 11 m.');
    const unknown = await runCommand(['policies', 'preview', 'Pro', '--data-dir', dataDir]);
    expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('There is no retry policy "Pro"') });
    host.signal('SIGTERM');
    expect((await host.ended).code).toBe(0);
  });
});
