import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createTempFolder } from '../support/temp-workspace.ts';
import { runCommand, startCommand } from './command.ts';

it('HTTPS is turned on in the terminal, and its authority exported, shown and replaced', async () => {
  const dataDir = createTempFolder();
  const host = startCommand(['--port', '0', '--capture-port', '0', '--data-dir', dataDir], { entry: 'serve.js' });
  await host.nextLine();
  const run = (...args: readonly string[]) => runCommand(['ca', ...args, '--data-dir', dataDir]);
  expect((await run('on')).stdout).toMatch(/^Bins receive at https:\/\/127\.0\.0\.1:\d+ too\.\n$/);
  const file = join(createTempFolder(), 'ca.pem');
  const written = (await run('export', '--out', file)).stdout;
  const { fingerprint256, subject } = new X509Certificate(readFileSync(file));
  expect(written).toBe(`Written to ${file}; its SHA-256 is ${fingerprint256}.\n`);
  expect((await run('export')).stdout).toBe(readFileSync(file, 'utf8'));
  const shown = (await run('show')).stdout;
  expect(shown).toContain(subject.replace('CN=', ''));
  expect(shown).toMatch(/curl --cacert hookyard-ca\.pem -d hello https:\/\/127\.0\.0\.1:\d+\/[a-z0-9-]+\n/);
  expect(shown).toContain('NODE_EXTRA_CA_CERTS=hookyard-ca.pem');
  expect(await run('replace')).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') as string });
  expect((await run('replace', '--yes')).stdout).not.toContain(fingerprint256);
  expect(await run('export', '--out', join(dataDir, 'none', 'ca.pem'))).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('ENOENT') as string,
  });
  expect((await run('off')).stdout).toBe('Bins receive by plain HTTP only.\n');
});
