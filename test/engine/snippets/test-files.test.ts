import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { HeaderField } from '#shared/contract/common.ts';
import type { SchemeId } from '#shared/contract/signing.ts';
import { testFramework, type TestFramework } from '#shared/contract/test-files.ts';
import { schemes, schemeOf } from '#engine/signing/registry.ts';
import type { TestedRequest } from '#engine/snippets/tests/plan.ts';
import { writeTest } from '#engine/snippets/tests/write-test.ts';
import { missingProgram } from '../../support/programs.ts';
import { createTempFolder } from '../../support/temp-workspace.ts';
import { judgedOptions, judgedRequests, origin } from './judged-requests.ts';
import {
  runGo,
  runJest,
  runJunit,
  runPhpunit,
  runPytest,
  runRspec,
  runVitest,
  startReceiver,
  type ReceivedRequest,
  type RunnableFile,
} from './test-file-runs.ts';

const dayMs = 86_400_000;

/** Schemes whose signature a test cannot make: by key pairs, in the body, as a JWT, over headers or parameters that each request names. */
const asCaptured: readonly SchemeId[] = [
  'standard-webhooks-v1a',
  'telnyx',
  'sendgrid',
  'mailgun',
  'discord',
  'paypal',
  'adyen-payments',
  'plaid',
  'coinbase-cdp',
  'netlify',
  'contentful',
  'rfc9421',
];
const signable = schemes.map(({ id }) => id).filter((id) => !asCaptured.includes(id));

/** A request of yesterday as the scheme signs it. */
function capturedOf(id: SchemeId) {
  // Linear puts its time into the body, which stays as it was captured.
  const sentAtMs = id === 'linear' ? Date.now() : Date.now() - dayMs;
  const request = judgedRequests(id, sentAtMs).find(({ isGenuine }) => isGenuine);
  if (request === undefined) throw new Error(`There is no request of ${id}.`);
  const { method, target, headers, body, secrets } = request;
  const tested: TestedRequest = {
    method,
    target,
    headers,
    body,
    receivedAtMs: sentAtMs,
    eventType: 'invoice.paid',
    trailers: [],
    signing: judgedOptions(id),
  };
  return { tested, secrets };
}

/** Tests of every scheme that a test can sign for, and the schemes whose requests were found genuine, with every byte of the capture. */
async function filesFor(framework: TestFramework) {
  const bodies = new Map<string, Uint8Array>();
  const taken = new Set<string>();
  const url = await startReceiver(({ method, target, headers, body }: ReceivedRequest): number => {
    const id = target.split('/')[1] as SchemeId;
    if (!body.equals(bodies.get(id) ?? Buffer.from('none'))) return 422;
    const options = judgedOptions(id);
    // The receiver learns by a header which secret it is to have.
    const secrets = [headers.find(([name]) => name.toLowerCase() === 'x-secret')?.[1] ?? ''];
    const { verdict } = schemeOf(id).verify({ options, secrets, nowMs: Date.now(), method, url: origin + target, headers, body });
    if (verdict === 'valid') taken.add(id);
    return verdict === 'valid' ? 200 : 401;
  });
  const files = signable.map((id): RunnableFile => {
    const { tested, secrets } = capturedOf(id);
    const [secret = ''] = secrets;
    bodies.set(id, tested.body);
    const headers: HeaderField[] = [...tested.headers, ['X-Secret', secret]];
    const file = writeTest({ framework, request: { ...tested, headers }, status: 200 });
    const variables = {
      WEBHOOK_SECRET: secret,
      WEBHOOK_X_SECRET: secret,
      WEBHOOK_URL: `${url}/${id}${tested.target}`,
      WEBHOOK_ORIGIN: origin,
    };
    return { file, variables };
  });
  return { files, taken };
}

describe('tests that sign anew', () => {
  it('are taken by receivers of every scheme in Vitest', async () => {
    const { files, taken } = await filesFor('vitest');
    await runVitest(createTempFolder(), files);
    expect([...taken].toSorted()).toEqual(signable.toSorted());
  });

  it('are taken in Jest, run by Node', async () => {
    const { files, taken } = await filesFor('jest');
    await runJest(createTempFolder(), files);
    expect([...taken].toSorted()).toEqual(signable.toSorted());
  });

  it.skipIf(missingProgram('python3', '-c', 'import pytest') !== null)('are taken in pytest', async () => {
    const { files, taken } = await filesFor('pytest');
    await runPytest(createTempFolder(), files);
    expect([...taken].toSorted()).toEqual(signable.toSorted());
  });

  it.skipIf(missingProgram('go', 'version') !== null)('are taken in Go', async () => {
    const { files, taken } = await filesFor('go');
    await runGo(createTempFolder(), files);
    expect([...taken].toSorted()).toEqual(signable.toSorted());
  });

  it.skipIf(missingProgram('rspec', '--version') !== null)('are taken in RSpec', async () => {
    const { files, taken } = await filesFor('rspec');
    await runRspec(createTempFolder(), files);
    expect([...taken].toSorted()).toEqual(signable.toSorted());
  });

  it.skipIf(missingProgram('phpunit', '--version') !== null)('are taken in PHPUnit', async () => {
    const { files, taken } = await filesFor('phpunit');
    await runPhpunit(createTempFolder(), files);
    expect([...taken].toSorted()).toEqual(signable.toSorted());
  });

  const inJava = ['standard-webhooks', 'stripe', 'slack', 'twilio-form', 'hubspot-v3', 'hubspot-v2', 'box', 'docuseal', 'gitlab-token'];
  it.skipIf(missingProgram('javac', '--version') !== null)(
    'compile in Java for every scheme, and are taken for each kind of them',
    async () => {
      const { files, taken } = await filesFor('junit');
      await runJunit(createTempFolder(), files, (place) => inJava.includes(signable[place] ?? ''));
      expect([...taken].toSorted()).toEqual(inJava.toSorted());
    },
  );
});

it('fail where the receiver has another secret', async () => {
  const { files, taken } = await filesFor('jest');
  const [github] = files.filter((_, place) => signable[place] === 'github-sha256');
  if (github === undefined) throw new Error('There is no file for GitHub.');
  const wrong = { ...github, variables: { ...github.variables, WEBHOOK_SECRET: 'another' } };
  await expect(runJest(createTempFolder(), [wrong])).rejects.toThrow('401');
  expect(taken.size).toBe(0);
});

it('send every byte of text that is code in some language, and of what is no text', async () => {
  const odd = Buffer.from(`{"a":"\\u2028 \u2028 é 😀 \\\\ \${x} #{x} #$0 {$x} ?> */ '''\\"\\"\\" \u001b\u0000\u007f\u202e \\\\u000a"}\r\n`);
  const bodies = { odd, packed: gzipSync(odd), long: Buffer.from('"\\é'.repeat(30_000)), empty: Buffer.alloc(0) };
  const url = await startReceiver(({ target, body, headers }) => {
    const wanted = bodies[target.slice(1) as keyof typeof bodies];
    return wanted.equals(body) && headers.some(([name, value]) => name.toLowerCase() === 'x-odd' && value === `a'b"c\\d$e#{f}`) ? 200 : 422;
  });
  const filesOf = (framework: TestFramework): readonly RunnableFile[] =>
    Object.entries(bodies).map(([name, body]) => {
      const headers: HeaderField[] = [['X-Odd', `a'b"c\\d$e#{f}`]];
      const request = { method: 'PUT', target: '/', headers, body, receivedAtMs: 0, eventType: 'a.b', trailers: [], signing: null };
      return { file: writeTest({ framework, request, status: 200 }), variables: { WEBHOOK_URL: `${url}/${name}` } };
    });
  await runJest(createTempFolder(), filesOf('jest'));
  if (missingProgram('python3', '-c', 'import pytest') === null) await runPytest(createTempFolder(), filesOf('pytest'));
  if (missingProgram('go', 'version') === null) await runGo(createTempFolder(), filesOf('go'));
  if (missingProgram('rspec', '--version') === null) await runRspec(createTempFolder(), filesOf('rspec'));
  if (missingProgram('phpunit', '--version') === null) await runPhpunit(createTempFolder(), filesOf('phpunit'));
  if (missingProgram('javac', '--version') === null) await runJunit(createTempFolder(), filesOf('junit'), () => true);
});

describe('what a test file says', () => {
  const written = (changes: Partial<TestedRequest>, framework: TestFramework = 'vitest') =>
    writeTest({
      framework,
      status: 200,
      request: {
        method: 'POST',
        target: '/',
        headers: [],
        body: Buffer.from('{}'),
        receivedAtMs: 0,
        eventType: 'invoice.paid',
        trailers: [],
        signing: null,
        ...changes,
      },
    });

  it('is that a signature was left as captured, and for how long it counts, where it cannot be made', () => {
    for (const id of asCaptured) {
      const file = writeTest({ framework: 'vitest', request: capturedOf(id).tested, status: 200 });
      expect(file.isSigned, id).toBe(false);
      expect(file.notes[0], id).toMatch(/captured/);
      expect(file.notes[1], id).toMatch(/^(?:It is valid for as long as|Receivers refuse a time that is \d+ seconds off)/);
    }
  });

  it('holds no secret and no credential, neither of headers nor of the query', () => {
    for (const framework of testFramework.options) {
      const headers: HeaderField[] = [
        ['Authorization', 'Bearer very-private'],
        ['Cookie', 'very-private'],
        ['X-Gitlab-Token', 'very-private'],
        ['Connection', 'close'],
      ];
      const { code, environment } = written(
        { headers, target: '/in?token=very-private&a=1', signing: { scheme: 'gitlab-token' } },
        framework,
      );
      expect(code).not.toContain('very-private');
      expect(code).toContain('http://127.0.0.1:3000/in?a=1');
      expect(environment.filter(({ isRequired }) => isRequired).map(({ name }) => name)).toEqual([
        'WEBHOOK_SECRET',
        'WEBHOOK_AUTHORIZATION',
        'WEBHOOK_COOKIE',
      ]);
    }
  });

  it.each([
    ['con', 'vitest', 'captured-con.test.mjs'],
    ['COM1', 'pytest', 'test_captured_com1.py'],
    ['con.made', 'vitest', 'con-made.test.mjs'],
    ['order.windows', 'go', 'order_windows_webhook_test.go'],
  ] as const)('is in a file that every system takes: %s for %s', (eventType, framework, filename) => {
    expect(written({ eventType }, framework).filename).toBe(filename);
  });

  it('is which trailers and headers are left out', () => {
    const { notes } = written({
      headers: [
        ['Connection', 'X-Own'],
        ['X-Own', '1'],
        ['TE', 'trailers'],
      ],
      trailers: ['X-Sum'],
    });
    expect(notes.slice(1, 3)).toEqual([
      'Left out, since they are about one connection: X-Own and TE.',
      'Its trailers are not sent: X-Sum.',
    ]);
  });

  it.each(testFramework.options)('is whole in %s', async (framework) => {
    const headers: HeaderField[] = [
      ['Content-Type', 'application/json'],
      ['Stripe-Signature', 't=1,v1=00'],
    ];
    const { filename, code } = written(
      { headers, body: Buffer.from('{"id":"evt_1","amount":1.10}'), signing: { scheme: 'stripe' } as TestedRequest['signing'] },
      framework,
    );
    await expect(code).toMatchFileSnapshot(`../../fixtures/test-files/${filename}.txt`);
  });
});
