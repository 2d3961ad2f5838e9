import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import Stripe from 'stripe';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startReceiver } from '../support/scripted-receiver.ts';
import { createTempFolder } from '../support/temp-workspace.ts';
import { runCommand, startCommand, type CommandOptions } from './command.ts';

interface RunOptions extends CommandOptions {
  readonly dataDir?: string;
}

/** Runs the command with these words. */
function run(words: string, { dataDir = createTempFolder(), ...options }: RunOptions = {}) {
  return runCommand(['preview', ...words.split(' '), '--data-dir', dataDir], options);
}

describe('hookyard preview', () => {
  it('prints the request of a profile, sends nothing, and says that its secret is a stand-in', async () => {
    const receiver = await startReceiver([]);
    onTestFinished(() => receiver.close());
    const to = `${receiver.url}/hook?a=1`;
    const { code, stdout, stderr } = await run(
      `checkout.session.completed --to ${to} --profile stripe --sample unpaid --set data.object.amount_total=4900`,
    );
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('made with a stand-in') });
    const headEnd = stdout.indexOf('\n\n');
    const [head, body] = [stdout.slice(0, headEnd), stdout.slice(headEnd)];
    expect(head.split('\n')[0]).toBe('POST /hook?a=1 HTTP/1.1');
    expect(head).toMatch(/^Stripe-Signature: t=\d+,v1=[0-9a-f]{64}$/m);
    expect(JSON.parse(body)).toMatchObject({ data: { object: { payment_status: 'unpaid', amount_total: 4900 } } });
    expect(receiver.requests).toEqual([]);
  });

  it('prints a command that makes the request, which the official library accepts', async () => {
    const receiver = await startReceiver([]);
    onTestFinished(() => receiver.close());
    const { code, stdout } = await run(`checkout.session.completed --to ${receiver.url}/hook --profile stripe --as curl`, {
      env: { HOOKYARD_SECRET: 'whsec_test' },
    });
    expect(code).toBe(0);
    await promisify(execFile)('bash', ['-c', stdout]);
    const { body, header } = await receiver.nextRequest();
    const event = Stripe.webhooks.constructEvent(body, header('Stripe-Signature') ?? '', 'whsec_test');
    expect(event.type).toBe('checkout.session.completed');
  });

  it('shows a later attempt of an endpoint of the running host, by its name', async () => {
    const dataDir = createTempFolder();
    const serve = startCommand(['serve', '--port', '0', '--capture-port', '0', '--data-dir', dataDir, '--no-sample']);
    const [, url = '', token = ''] = /^Ready at (.*)\/\?token=(.*)$/.exec(await serve.nextLine()) ?? [];
    await fetch(`${url}/api/endpoints`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ profile: 'slack', name: 'Slack', url: 'http://127.0.0.1:9/' }),
    });
    const { code, stdout } = await run('message --to Slack --attempt 3 --last-outcome timeout --at 2026-11-28T12:00:00Z', { dataDir });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^X-Slack-Retry-Num: 2$/m);
    expect(stdout).toMatch(/^X-Slack-Retry-Reason: http_timeout$/m);
    expect(stdout).toMatch(new RegExp(`^X-Slack-Request-Timestamp: ${Date.UTC(2026, 10, 28, 12) / 1000}$`, 'm'));
  });

  it.each<readonly [string, readonly string[], string]>([
    [
      'a language that is not known',
      ['--to', 'http://127.0.0.1:9/', '--as', 'cobol'],
      'Allowed choices are curl, httpie, fetch, python, go',
    ],
    ['a profile for an endpoint', ['--to', 'Shop', '--profile', 'stripe'], '--profile is for a URL'],
    ['two ways to say what it holds', ['--to', 'http://127.0.0.1:9/', '--sample', 'x', '--body', '-'], 'Give --sample, --data or --body'],
  ])('refuses %s', async (_what, flags, why) => {
    const { code, stderr } = await runCommand(['preview', 'a.b', ...flags, '--data-dir', createTempFolder()]);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining(why) });
  });
});
