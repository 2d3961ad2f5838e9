import { existsSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openChangingProxy, reindent } from '../support/changing-proxy.ts';
import { createTempFolder } from '../support/temp-workspace.ts';
import { runCommand } from './command.ts';
import { startHost } from './running-host.ts';

it('shows from a capture and from its attempt what a proxy made of the request', async () => {
  const dataDir = createTempFolder();
  const host = await startHost(dataDir);
  const bin = await host.call<{ readonly id: string; readonly url: string }>('POST', '/bins', { name: 'Orders' });
  const proxy = await openChangingProxy(() => bin.url, reindent);
  onTestFinished(proxy.close);
  await host.call('POST', '/endpoints', { name: 'Shop', url: `${proxy.url}orders`, signing: null, retryPolicy: 'none' });
  const data = join(createTempFolder(), 'data.json');
  writeFileSync(data, '{"order":1}');
  const sent = await runCommand(['send', 'order.made', '--to', 'Shop', '--data', data, '--data-dir', dataDir]);
  expect(sent.code).toBe(0);
  const { items } = await host.call<{ readonly items: readonly { readonly id: string }[] }>('GET', `/captures?binId=${bin.id}`);
  const id = items[0]?.id ?? '';
  const shown = await runCommand(['captures', 'transit', id, '--data-dir', dataDir]);
  expect(shown).toMatchObject({ code: 0, stderr: '' });
  expect(shown.stdout).toMatch(
    /^The body has the same content, but its bytes differ: another layout of the JSON\. The header Via differs\.$/m,
  );
  expect(shown.stdout).toMatch(new RegExp(`^Arrived: ${id}, .+ after the attempt began; known by its `, 'm'));
  expect(shown.stdout).toMatch(/^added +Via +1\.1 reindenting +A proxy says here/m);
  expect(shown.stdout).toMatch(/^First difference at byte 1; from byte 0:\n {2}sent +7b 22/m);
  const attempt = /attempt 1 \((att_\w+)\)/.exec(shown.stdout)?.[1] ?? '';
  expect((await runCommand(['captures', 'transit', attempt, '--data-dir', dataDir])).stdout).toBe(shown.stdout);
});

it('compares a capture with an attempt and exits by whether they differ', async () => {
  const dataDir = createTempFolder();
  const host = await startHost(dataDir);
  const bin = await host.call<{ readonly id: string; readonly url: string }>('POST', '/bins', { name: 'Orders' });
  for (const id of ['evt_00000001', 'evt_00000002'])
    await fetch(bin.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'webhook-id': id },
      body: JSON.stringify({ id }),
    });
  const { items } = await host.call<{ readonly items: readonly { readonly id: string }[] }>('GET', `/captures?binId=${bin.id}`);
  const [newer = '', older = ''] = items.map(({ id }) => id);
  const compare = (...given: readonly string[]) => runCommand(['compare', ...given, '--data-dir', dataDir]);
  const shown = await compare(older, newer);
  expect(shown).toMatchObject({ code: 1, stderr: '' });
  expect(shown.stdout).toMatch(/^The requests differ in the header webhook-id and the body; both were answered with 200/);
  expect(shown.stdout).toMatch(new RegExp(`^First: +Capture of Orders, .+, ${older}, 200$`, 'm'));
  expect(shown.stdout).toMatch(/^- \$\.id: "evt_00000001" -> "evt_00000002"$/m);
  expect(shown.stdout).toMatch(/^Answering +\d/m);
  const left = await compare(older, newer, '--ignore', 'ids', '--json');
  expect(left.code).toBe(0);
  expect(JSON.parse(left.stdout)).toMatchObject({
    isSame: true,
    request: { leftOut: { ids: 2 }, leftOutHeaders: [{ name: 'webhook-id', kind: 'ids' }] },
  });
  expect((await compare(older, newer, '--ignore', 'ids')).stdout).toMatch(/^Left out: 2 ids \(webhook-id, 1 in the body\)\.$/m);
  expect(await compare(older, 'cap_none')).toMatchObject({ code: 2, stderr: expect.stringContaining('cap_none') as string });
  expect(await compare(older, 'msg_1')).toMatchObject({ code: 2, stderr: expect.stringContaining('is no id of an attempt') as string });
});

it('compares a capture with a file of another workspace, whose request is chosen where it holds several', async () => {
  const dataDir = createTempFolder();
  const host = await startHost(dataDir);
  const bin = await host.call<{ readonly id: string; readonly url: string }>('POST', '/bins', { name: 'Orders' });
  for (const id of [1, 2])
    await fetch(bin.url, { method: 'POST', body: JSON.stringify({ id }), headers: { 'X-Signature': `sha256=${id}` } });
  const { items } = await host.call<{ readonly items: readonly { readonly id: string }[] }>('GET', `/captures?binId=${bin.id}`);
  const [newer = ''] = items.map(({ id }) => id);
  const file = join(createTempFolder(), 'customer.har');
  const compare = (given: readonly string[], input?: string) =>
    runCommand(['compare', ...given, '--data-dir', dataDir], input === undefined ? {} : { input });
  expect((await runCommand(['captures', 'export', '--bin', 'Orders', '--format', 'har', '--out', file, '--data-dir', dataDir])).code).toBe(
    0,
  );

  const unchosen = await compare([newer, file]);
  expect(unchosen).toMatchObject({ code: 2, stdout: '' });
  expect(unchosen.stderr).toContain('customer.har holds 2 requests; choose one with --entry N:');
  expect(unchosen.stderr).toMatch(/^2 +POST +\/orders +.+ 200 +8 +same signature\n1 +POST/m);
  const same = await compare([newer, `file:${file}`, '--entry', '2']);
  expect(same).toMatchObject({ code: 0, stderr: '' });
  expect(same.stdout).toMatch(/^Second: Request 2 of customer\.har, .+, read as HAR, 200$/m);
  expect(await compare([newer, file, '--entry', '1'])).toMatchObject({ code: 1 });
  expect(await compare([newer, file, '--entry', '9'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('no request 9') as string,
  });

  const curl = `curl ${bin.url} -H 'X-Signature: sha256=2' -H 'content-type: text/plain;charset=UTF-8' -d '{"id":2}'`;
  const pasted = await compare([newer, '-'], curl);
  expect(pasted).toMatchObject({ code: 2, stderr: '' });
  expect(pasted.stdout).toContain('Not compared:\n- The answer to the second is not known, so the answers were not compared.');
  expect(await compare([newer, '-', '--of', 'request'], curl)).toMatchObject({ code: 0 });
  const alone = await compare([newer, '-'], '{"id":2}');
  expect(alone).toMatchObject({ code: 2, stdout: expect.stringContaining('Headers: not compared whole') as string });
  expect((await compare([newer, newer])).stdout).toMatch(/^Both are the same capture; the requests are the same/);
  const folder = createTempFolder();
  // It has a size and no bytes.
  const sparse = join(folder, 'sparse.har');
  writeFileSync(sparse, '');
  truncateSync(sparse, 2 ** 40);
  for (const [given, sentence] of [
    [[newer, 'msg_1'], 'there is no such file'],
    [[newer, './none.har'], 'cannot read ./none.har'],
    [[newer, newer, '--entry', '1'], 'none of the two is a file'],
    [[file, file, '--entry', '1'], 'such as --entry 1,3'],
    [[newer, file, '--entry', 'x'], '--entry takes the number'],
    [[newer, folder], `compare cannot read ${folder} (EISDIR)`],
    [[newer, sparse], 'has more than 16 MiB'],
    [['-', '-'], 'Standard input can be read once: give a file or an id'],
    ...(existsSync('/dev/zero') ? ([[[newer, '/dev/zero'], '/dev/zero has more than 16 MiB']] as const) : []),
  ] as const)
    expect(await compare(given)).toMatchObject({ code: 2, stderr: expect.stringContaining(sentence) as string });
});
