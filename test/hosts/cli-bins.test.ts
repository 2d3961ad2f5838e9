import { expect, it } from 'vitest';
import { createTempFolder } from '../support/temp-workspace.ts';
import { runCommand, startCommand } from './command.ts';

it('bins are made, given rules, previewed, reset and deleted in the terminal', async () => {
  const dataDir = createTempFolder();
  const host = startCommand(['serve', '--port', '0', '--capture-port', '0', '--data-dir', dataDir, '--no-sample']);
  await host.nextLine();
  const run = (...args: readonly string[]) => runCommand(['bins', ...args, '--data-dir', dataDir]);

  const wrong = await run('create', 'Shop', '--sequence', '500 x0, boom', '--refuse', 'everything', '--status', '999', '--delay', 'soon');
  expect(wrong.code).toBe(2);
  for (const each of [
    '--sequence: At character 1: x0 is not possible',
    'At character 9: "boom" is no step',
    '--refuse everything',
    '--status 999 is no status',
    '--delay soon',
  ])
    expect(wrong.stderr).toContain(each);
  const made = await run(
    'create',
    'Shop',
    '--sequence',
    '500, answer',
    '--key',
    'json.$.id',
    '--status',
    '202',
    '--header',
    'X-A: 1',
    '--body',
    'n {{ count }}',
  );
  expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Shop {2}\(bin_\w+\)\nhttp:\/\/127\.0\.0\.1:\d+\/shop\n/) });
  expect(made.stdout).toContain('Answers 500, answer (answer is 202), counted by json.$.id');
  const url = /http:\S+/.exec(made.stdout)?.[0] ?? '';

  expect(await run('add-rule', 'shop', '--match', 'path=/down', '--name', 'Down', '--status', '503', '--count', '1-2')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/1 +Down +path=\/down and count=1-2 +503/),
  });
  const wrongRule = await run('add-rule', 'shop', '--match', 'colour=red', '--status', '999', '--count', 'a');
  expect(wrongRule.code).toBe(2);
  for (const each of ['"colour"', '"a" is no count', '--status 999']) expect(wrongRule.stderr).toContain(each);
  expect((await run('add-rule', 'shop', '--match', 'method=GET', '--status', '405', '--place', '1')).code).toBe(0);
  const moved = await run('set-rule', 'shop', 'down', '--place', '1', '--off');
  expect(moved.stdout).toMatch(/1 +Down \(off\) .*\n2 +method=GET +405/);
  expect(await run('set-rule', 'shop', '5', '--on')).toMatchObject({ code: 2, stderr: expect.stringContaining('There is no rule "5"') });

  for (const id of [1, 1, 2]) await fetch(url, { method: 'POST', body: JSON.stringify({ id }) });
  const shown = await run('show', 'shop');
  expect(shown.stdout).toMatch(/own answer +2 +1 +step 2: answer/);
  expect(shown.stdout).toMatch(/own answer +1 +2 +step 2: answer/);
  expect(await run('preview', 'shop', '--body', '{"id":1}')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^202\nX-A: 1\n[\s\S]*\nn 3\n/),
  });
  expect((await run('reset', 'shop', '--own', '--value', '1')).stdout).toBe('1 counters begin anew.\n');
  expect((await run('remove-rule', 'shop', '1')).stdout).toMatch(/1 +method=GET/);
  expect((await run('update', 'shop', '--sequence', 'none', '--fail-rate', '20%', '--handshakes', 'hub-challenge')).stdout).toContain(
    'Answers handshakes: hub-challenge\nAnswers 202; 20 % 503 at random',
  );
  expect((await run('handshakes')).stdout).toMatch(/crc +x +Challenge-response check \(X\) +Anybody may ask/);
  expect((await run('list')).stdout).toMatch(/Shop +3 +1 +- +http/);
  const captures = await runCommand(['captures', 'list', '--data-dir', dataDir]);
  expect(captures.stdout).toMatch(/ 500 +step 1 of 2 +- +- +\/shop/);
  expect((await run('delete', 'shop')).stdout).toMatch(/^Deleted bin_\w+ with 3 captures/);
  host.signal('SIGTERM');
  expect((await host.ended).code).toBe(0);
});
