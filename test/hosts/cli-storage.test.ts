import { describe, expect, it } from 'vitest';
import { findRunningHost } from '#hosts/shared/host-file.ts';
import { createTempFolder } from '../support/temp-workspace.ts';
import { runCommand, startCommand } from './command.ts';

async function startHost(): Promise<string> {
  const dataDir = createTempFolder();
  const host = startCommand(['serve', '--port', '0', '--capture-port', '0', '--data-dir', dataDir, '--no-sample']);
  await host.nextLine();
  return dataDir;
}

const storage = (dataDir: string, ...args: readonly string[]) => runCommand(['storage', ...args, '--data-dir', dataDir]);

describe('hookyard storage', () => {
  it('says what a clean-up would remove and removes it only with --yes', async () => {
    const dataDir = await startHost();
    await runCommand(['send', 'order.made', '--to', 'http://127.0.0.1:9/', '--retry', 'none', '--data-dir', dataDir]);
    const host = await findRunningHost(dataDir);
    const patch = (body: object) =>
      fetch(`${host?.url}/api/settings`, {
        method: 'PATCH',
        headers: { authorization: `Bearer ${host?.token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const refused = await patch({ keepDeliveries: 0 });
    expect([refused.status, await refused.json()]).toMatchObject([
      409,
      { code: 'CONFIRMATION_NEEDED', data: { wouldGo: { deliveries: 1 } } },
    ]);
    expect((await patch({ keepDeliveries: 0, confirm: true })).status).toBe(200);

    const without = await storage(dataDir, 'clean-up');
    const still = JSON.parse((await storage(dataDir, 'show', '--json')).stdout) as { readonly deliveries: { readonly rows: number } };
    const confirmed = await storage(dataDir, 'clean-up', '--yes');

    expect(without).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('This would remove for good 1 message, 1 delivery: add --yes'),
    });
    expect(still.deliveries.rows).toBe(1);
    expect(confirmed).toMatchObject({ code: 0, stdout: expect.stringMatching(/^completed: removed 1 messages, 1 deliveries/) });
  });

  it('takes what was deleted with --deleted, and says first that it can then not be restored', async () => {
    const dataDir = await startHost();
    const host = await findRunningHost(dataDir);
    const api = async (method: string, path: string, body?: object) =>
      (await (
        await fetch(`${host?.url}/api${path}`, {
          method,
          headers: { authorization: `Bearer ${host?.token}`, 'content-type': 'application/json' },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        })
      ).json()) as { readonly id: string; readonly url: string };
    const bin = await api('POST', '/bins', { name: 'Orders' });
    await (await fetch(bin.url, { method: 'POST', body: 'x' })).text();
    await api('DELETE', `/bins/${bin.id}`);

    const shown = await storage(dataDir, 'show');
    const asked = await storage(dataDir, 'clean-up', '--deleted');
    const done = await storage(dataDir, 'clean-up', '--deleted', '--yes');
    expect(shown.stdout).toContain('1 deleted capture that can still be restored: clean-up --deleted takes it out at once');
    expect(asked).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('This would remove for good 1 deleted capture that can still be restored: add --yes'),
    });
    expect(done).toMatchObject({ code: 0, stdout: expect.stringContaining('1 captures') });
    expect((await storage(dataDir, 'show')).stdout).not.toContain('deleted');
  });

  it('shows what is stored and cleans up to the end', async () => {
    const dataDir = await startHost();
    await runCommand(['send', 'order.made', '--to', 'http://127.0.0.1:9/', '--data-dir', dataDir]);

    const shown = await storage(dataDir, 'show', '--json');
    const table = await storage(dataDir, 'show');
    const cleaned = await storage(dataDir, 'clean-up');

    expect(JSON.parse(shown.stdout)).toMatchObject({
      messages: { rows: 1 },
      deliveries: { rows: 1 },
      wouldGo: { messages: 0, captures: 0 },
    });
    expect(table.stdout).toMatch(/deliveries +1 /);
    expect(cleaned).toMatchObject({ code: 0, stdout: expect.stringMatching(/^completed: removed 0 messages, 0 deliveries/) });
  });
});

describe('a second host on the same data folder', () => {
  it('is refused in words and leaves the first one working', async () => {
    const dataDir = await startHost();

    const second = await runCommand(['serve', '--port', '0', '--capture-port', '0', '--data-dir', dataDir]);

    expect(second).toMatchObject({
      code: 2,
      stderr: `hookyard: Another Hookyard is using ${dataDir}. Close it, or choose another data folder with --data-dir.\n`,
    });
    expect((await storage(dataDir, 'show')).code).toBe(0);
  });
});
