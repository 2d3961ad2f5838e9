import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createTempFolder } from '../support/temp-workspace.ts';
import { runCommand, startCommand } from './command.ts';

it('authentications are created from a file, shown, rotated and checked in the terminal', async () => {
  const dataDir = createTempFolder();
  const host = startCommand(['--port', '0', '--data-dir', dataDir], { entry: 'serve.js' });
  await host.nextLine();
  const file = join(createTempFolder(), 'partner.json');
  const token = 'a-token-of-the-partner';
  writeFileSync(
    file,
    JSON.stringify({
      name: 'Partner',
      parts: [
        { kind: 'signature', signing: { scheme: 'standard-webhooks' } },
        { kind: 'bearer', token },
      ],
    }),
  );
  const run = (...args: readonly string[]) => runCommand(['auths', ...args, '--data-dir', dataDir]);
  const created = await run('create', file);
  expect(created).toMatchObject({ code: 0, stdout: expect.stringMatching(/secret {2}whsec_\S+ {2}\(shown only now\)/) });
  expect((await run('list')).stdout).toMatch(/aut_\w+ +Partner +signature, bearer/);
  const shown = await run('show', 'partner');
  expect(shown.stdout).toContain('No endpoint uses it.');
  expect(shown.stdout).not.toContain(token);
  expect((await run('rotate', 'Partner', '--overlap', '60')).stdout).toMatch(/^signature {2}whsec_/);
  expect((await run('check', 'Partner')).stdout).toMatch(/signature +ok +A trial request/);
  expect((await run('delete', 'partner')).stdout).toBe('Deleted Partner\n');
  expect((await run('list')).stdout).not.toContain('Partner');
  expect(await run('show', 'Other')).toMatchObject({ code: 2, stderr: expect.stringContaining('There is no authentication "Other"') });
  writeFileSync(file, '{"name": "Empty", "parts": []}');
  expect(await run('create', file)).toMatchObject({ code: 2, stderr: expect.stringContaining('parts: Add at least one part') });
  host.signal('SIGTERM');
  expect((await host.ended).code).toBe(0);
});
