import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Stripe from 'stripe';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startReceiver } from '../support/scripted-receiver.ts';
import { createTempFolder } from '../support/temp-workspace.ts';
import { runCommand, startCommand } from './command.ts';

describe('hookyard send --profile', () => {
  it('sends a changed event that the official library accepts, in one command', async () => {
    const receiver = await startReceiver([]);
    onTestFinished(() => receiver.close());
    const set = ['--set', 'data.object.amount_total=4900', '--set', 'data.object.metadata.order=no. 7'];
    const { code, stderr } = await runCommand(
      [
        'send',
        'checkout.session.completed',
        '--profile',
        'stripe',
        '--to',
        `${receiver.url}/hook`,
        ...set,
        '--data-dir',
        createTempFolder(),
      ],
      { env: { HOOKYARD_SECRET: 'whsec_test' } },
    );
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const { body, header } = receiver.requests[0] ?? { body: Buffer.alloc(0), header: () => null };
    const event = Stripe.webhooks.constructEvent(body, header('Stripe-Signature') ?? '', 'whsec_test');
    expect(event).toMatchObject({
      type: 'checkout.session.completed',
      data: { object: { amount_total: 4900, metadata: { order: 'no. 7' } } },
    });
    expect(header('user-agent')).toBe('Stripe/1.0 (+https://stripe.com/docs/webhooks)');
  });

  it.each<readonly [string, readonly string[], string]>([
    ['an unknown profile', ['--profile', 'strype'], 'did you mean stripe?'],
    ['a profile that signs, without a secret', ['--profile', 'stripe'], '--profile stripe needs a secret'],
    ['a sample that there is not', ['--profile', 'stripe', '--secret', 'k', '--sample', 'x'], 'it has paid, unpaid'],
    ['a sample of nobody', ['--sample', 'x'], 'the catalogue has no such event type. For one of a system, add --profile'],
    ['a path that is none', ['--profile', 'stripe', '--secret', 'k', '--set', 'amount=1'], 'data.FIELD=value'],
    ['a path through a text', ['--profile', 'stripe', '--secret', 'k', '--set', 'data.object.id.x=1'], 'which has no fields'],
    ['a place beyond a list', ['--profile', 'stripe', '--secret', 'k', '--set', 'data.object.payment_method_types.7=x'], 'a list of 1'],
  ])('refuses %s', async (_what, flags, why) => {
    const command = ['send', 'checkout.session.completed', '--to', 'http://127.0.0.1:9/', ...flags, '--data-dir', createTempFolder()];
    const { code, stderr } = await runCommand(command);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining(why) });
  });
});

describe('hookyard profiles', () => {
  it('lists, shows and exports built-in profiles with no Hookyard running', async () => {
    const dataDir = ['--data-dir', createTempFolder()];
    const list = await runCommand(['profiles', 'list', ...dataDir]);
    expect(list.stdout).toMatch(/^stripe +Stripe +stripe +\d+$/m);
    expect(list.stderr).toContain('saved ones are not shown');
    const shown = await runCommand(['profiles', 'show', 'axcelerate', ...dataDir]);
    expect(shown.stdout).toContain('An endpoint has exactly one event type.');
    expect(shown.stdout).toMatch(/^contact\.updated +Contact Updated +default, without phone$/m);
    expect(shown.stdout).toContain('[second-hand]');
    expect((await runCommand(['profiles', 'show', 'axel', ...dataDir])).code).toBe(2);
  });

  it('imports what it exported into the running Hookyard', async () => {
    const dataDir = createTempFolder();
    const serve = startCommand(['serve', '--port', '0', '--capture-port', '0', '--data-dir', dataDir]);
    await serve.nextLine();
    const { stdout } = await runCommand(['profiles', 'export', 'stripe', '--data-dir', dataDir]);
    const file = join(dataDir, 'ours.json');
    writeFileSync(file, stdout.replace('"name": "Stripe"', '"name": "Our Stripe"'));
    const imported = await runCommand(['profiles', 'import', file, '--data-dir', dataDir]);
    expect(imported.stdout).toMatch(/^Saved Our Stripe as prf_\w+\n$/);
    expect((await runCommand(['profiles', 'list', '--data-dir', dataDir])).stdout).toMatch(/^prf_\w+ +Our Stripe +stripe +\d+$/m);
    writeFileSync(file, '{"hookyardProfile":1,"profile":{"name":"X","fields":{"url":"http://x/"}}}');
    expect(await runCommand(['profiles', 'import', file, '--data-dir', dataDir])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('The file is no profile: profile.fields'),
    });
  });
});
