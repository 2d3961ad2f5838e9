import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createTempFolder } from '../support/temp-workspace.ts';
import { runCommand } from './command.ts';
import { startHost } from './running-host.ts';

/** A host with one captured request. */
async function withCapture(dataDir: string) {
  const host = await startHost(dataDir);
  const bin = await host.call<{ readonly id: string; readonly url: string }>('POST', '/bins', {
    name: 'Orders',
    signing: { scheme: 'github-sha256' },
    secrets: ['correct-horse-battery-staple-7Q2x9Lw4'],
  });
  const headers = { 'x-github-event': 'push', 'content-type': 'application/json', authorization: 'Bearer private' };
  await fetch(bin.url, { method: 'POST', headers, body: '{"total":1.10}' });
  const { items } = await host.call<{ readonly items: readonly { readonly id: string }[] }>('GET', '/captures');
  return { host, bin, id: items[0]?.id ?? '' };
}

it('saves a capture as an event type, as one more sample of it, and as the answer of a bin', async () => {
  const dataDir = createTempFolder();
  const { host, bin, id } = await withCapture(dataDir);
  const run = (...args: readonly string[]) => runCommand(['captures', 'save-as', ...args, '--data-dir', dataDir]);
  const dry = await run('event-type', id, '--dry-run');
  expect(JSON.parse(dry.stdout)).toMatchObject({
    name: 'push',
    samples: [{ name: 'captured', dataText: '{"total":1.10}' }],
    schema: { properties: { total: { type: 'number' } } },
  });
  expect(dry.stderr).toContain('The schema is inferred from one request');
  expect((await run('event-type', id)).stdout).toBe('Saved push\n');
  expect(await run('event-type', id)).toMatchObject({ code: 2, stderr: expect.stringContaining('There is an event type push already') });
  expect((await run('sample', id, '--event-type', 'push', '--name', 'second')).stdout).toBe('Added the sample second to push\n');
  expect(await host.call('GET', '/event-types/push')).toMatchObject({
    samples: [
      { name: 'captured', dataText: '{"total":1.10}' },
      { name: 'second', dataText: '{"total":1.10}' },
    ],
  });
  const answer = await run('answer', id, '--bin', 'Orders');
  expect(answer.stdout).toBe(`Orders (orders) answers with the body of ${id}\n`);
  expect(await (await fetch(bin.url)).text()).toBe('{"total":1.10}');
  expect(await run('answer', id, '--bin', 'Orders', '--rule', '1')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('no rule "1"'),
  });
});

it('writes a test and a curl command, and replaces no file unless it is told to', async () => {
  const dataDir = createTempFolder();
  const { id } = await withCapture(dataDir);
  const output = join(dataDir, 'push.test.mjs');
  const run = (...args: readonly string[]) => runCommand(['captures', 'save-as', ...args, '--data-dir', dataDir]);
  const written = await run('test', id, '--framework', 'vitest', '--status', '204', '--output', output);
  expect(written).toMatchObject({ code: 0, stdout: `Saved ${output}\n` });
  expect(written.stderr).toContain('Credentials are not in this file: set WEBHOOK_AUTHORIZATION.');
  const code = readFileSync(output, 'utf8');
  expect(code).toContain('expect(response.status).toBe(204);');
  expect(code).not.toContain('Bearer private');
  writeFileSync(output, 'mine');
  const again = await run('test', id, '--framework', 'vitest', '--output', output);
  expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining(`There is a file ${output} already`) });
  expect(readFileSync(output, 'utf8')).toBe('mine');
  expect((await run('test', id, '--framework', 'vitest', '--output', output, '--force')).code).toBe(0);
  expect(readFileSync(output, 'utf8')).toContain('toBe(200)');
  expect((await run('test', id, '--framework', 'mocha')).stderr).toContain('Allowed choices are vitest, jest, pytest');
  expect((await run('curl', id)).stdout).toMatch(/^curl /);
  const lost = await run('curl', id, '--output', join(dataDir, 'no', 'such'));
  expect(lost).toMatchObject({ code: 2, stderr: expect.stringContaining('--output cannot write') });
});
