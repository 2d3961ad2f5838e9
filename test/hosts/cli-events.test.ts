import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createTempFolder } from '../support/temp-workspace.ts';
import { runCommand, startCommand } from './command.ts';

const fixtures = join(import.meta.dirname, '../fixtures/documents');

it('hookyard events import says what it would do, does it, and shows the difference to a newer document', async () => {
  const dataDir = createTempFolder();
  const flags = ['--data-dir', dataDir];
  const serve = startCommand(['serve', '--port', '0', '--capture-port', '0', ...flags]);
  await serve.nextLine();
  const file = join(dataDir, 'webhooks.yaml');
  copyFileSync(join(fixtures, 'adyen-dispute-v1.yaml'), file);
  const dry = await runCommand(['events', 'import', file, '--dry-run', ...flags]);
  expect(dry.stdout).toContain('OpenAPI 3.1.0  Dispute webhooks\n+ balancePlatform.dispute.created  Dispute created\n');
  expect(dry.stdout).toMatch(/^Would be: 2 added, 0 changed, 0 removed, 0 as before\n$/m);
  expect((await runCommand(['events', 'import', file, ...flags])).stdout).toMatch(/^2 added, 0 changed, 0 removed, 0 as before\n$/m);
  const list = await runCommand(['events', 'list', '--search', 'dispute.updated', ...flags]);
  expect(list.stdout).toMatch(/^balancePlatform\.dispute\.updated +Dispute updated +General +1 +warn$/m);
  writeFileSync(file, 'openapi: 3.1.0\ninfo: {title: Dispute webhooks}\nwebhooks: {dispute.new: {post: {}}}\n');
  const newer = await runCommand(['events', 'import', file, '--only', 'dispute.new', ...flags]);
  expect(newer.stdout).toContain('- (balancePlatform.dispute.created)  no longer in the document');
  expect(newer.stdout).toMatch(/^1 added, 0 changed, 0 removed, 0 as before\n$/m);
  const messages = await runCommand(['events', 'import', join(fixtures, 'slack-events-asyncapi-1.2.json'), ...flags]);
  expect(messages).toMatchObject({ code: 2, stderr: expect.stringContaining('only versions 2 and 3 can be read') });
  expect((await runCommand(['events', 'import', join(dataDir, 'lost.yaml'), ...flags])).code).toBe(2);
});
