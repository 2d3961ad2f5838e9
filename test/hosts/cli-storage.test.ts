import { describe, expect, it } from 'vitest';
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
