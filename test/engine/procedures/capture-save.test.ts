import { gzipSync } from 'node:zlib';
import { sign as signGithub, verify as verifyGithub } from '@octokit/webhooks-methods';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Stripe } from 'stripe';
import { Webhook as SvixWebhook } from 'svix';
import { describe, expect, it } from 'vitest';
import type { SchemeId } from '#shared/contract/signing.ts';
import { startClockedEngine } from '../../support/clocked-engine.ts';
import { missingProgram } from '../../support/programs.ts';
import { createTempFolder } from '../../support/temp-workspace.ts';
import { runJest, runPytest, startReceiver, type ReceivedRequest, type RunnableFile } from '../snippets/test-file-runs.ts';

/** An engine with a bin that captured a request. */
async function captured(body: string | Uint8Array<ArrayBuffer>, headers: Readonly<Record<string, string>> = {}, path = '') {
  const { client } = await startClockedEngine({ capturePort: 0 });
  const bin = await client.bins.create({ name: 'Bin' });
  const capture = async (content: typeof body, more: typeof headers, below = '') => {
    await fetch(`${bin.url}${below}`, { method: 'POST', headers: { 'content-type': 'application/json', ...more }, body: content });
    const { items } = await client.captures.list({ limit: 1 });
    return items[0]?.id ?? '';
  };
  return { client, bin, id: await capture(body, headers, path), capture };
}

const order =
  '{"type":"order.made","total":12.50,"id":9007199254740993,"at":"2026-02-28T12:00:00Z","tags":[1,"a",null],"by":"a@b.example"}';

describe('an event type of a capture', () => {
  it('is proposed with every digit and a schema that its sample fits, and saved when it is created', async () => {
    const { client, id } = await captured(gzipSync(order), { 'content-encoding': 'gzip' });
    const { eventType, isKnown, notes } = await client.eventTypes.propose({ captureId: id });
    expect(eventType).toEqual({
      name: 'order.made',
      samples: [{ name: 'captured', dataText: order }],
      schema: {
        type: 'object',
        properties: {
          type: { type: 'string' },
          total: { type: 'number' },
          id: { type: 'integer' },
          at: { type: 'string', format: 'date-time' },
          tags: { type: 'array', items: { type: ['integer', 'null', 'string'] } },
          by: { type: 'string', format: 'email' },
        },
        required: ['type', 'total', 'id', 'at', 'tags', 'by'],
      },
    });
    expect(isKnown).toBe(false);
    expect(notes[0]).toBe('The body was packed: the sample is what gzip gave.');
    expect((await client.eventTypes.summaries({})).items).toEqual([]);
    const { warnings } = await client.eventTypes.create(eventType);
    expect(warnings).toEqual([]);
    expect((await client.eventTypes.get({ name: 'order.made' })).sampleText).toBe(order);
    expect((await client.eventTypes.propose({ captureId: id })).isKnown).toBe(true);
  });

  it('takes a name that is given, and makes one up where the request says none', async () => {
    const { client, id } = await captured('[]');
    const unnamed = await client.eventTypes.propose({ captureId: id });
    expect(unnamed.eventType).toMatchObject({ name: 'captured.event', schema: { type: 'array' } });
    expect(unnamed.notes[0]).toContain('the name is made up');
    expect((await client.eventTypes.propose({ captureId: id, name: 'a.b' })).eventType.name).toBe('a.b');
  });

  it.each([
    ['', 'no body'],
    ['{"a":', 'The body is not JSON: '],
    [Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0xff]), 'The body is not text'],
    ['['.repeat(401) + ']'.repeat(401), 'more than 400 levels deep'],
    ['"'.padEnd(4_200_000, 'a') + '"', 'over 4 MiB'],
  ])('is refused in words for a body that no sample can be (%#)', async (body, words) => {
    const { client, id } = await captured(body, { 'content-type': 'application/octet-stream' });
    await expect(client.eventTypes.propose({ captureId: id })).rejects.toThrow(words);
  });
});

describe('a sample of a capture', () => {
  it('is added under a name of its own, and refused under one that is taken', async () => {
    const { client, id } = await captured(order);
    await client.eventTypes.create({ name: 'order.made', schema: { type: 'object', required: ['missing'] } });
    const added = await client.eventTypes.addSample({ name: 'order.made', captureId: id });
    expect(added.addedSample).toBe('captured');
    expect(added.warnings[0]?.message).toContain('missing');
    expect(added.samples.map(({ name, dataText }) => [name, dataText])).toEqual([
      ['default', undefined],
      ['captured', order],
    ]);
    const both = await Promise.all([1, 2].map(() => client.eventTypes.addSample({ name: 'order.made', captureId: id })));
    expect(both.map(({ addedSample }) => addedSample).toSorted()).toEqual(['captured 2', 'captured 3']);
    await expect(client.eventTypes.addSample({ name: 'order.made', captureId: id, sample: 'captured' })).rejects.toMatchObject({
      data: { issues: [{ path: 'sample', message: 'order.made has a sample captured already: choose another name.' }] },
    });
    await expect(client.eventTypes.addSample({ name: 'no.such', captureId: id })).rejects.toThrow('There is no event type no.such');
  });
});

describe('an answer of a capture', () => {
  it('has its body and content type, as they are, and keeps all else of the answer', async () => {
    const { client, bin, id } = await captured('{"a":"{{ request.method }}"}', { 'content-type': 'application/vnd.own+json' });
    await client.bins.update({ id: bin.id, response: { status: 202, headers: { 'X-Own': '1', 'content-type': 'text/html' } } });
    await client.bins.answerWith({ id: bin.id, captureId: id });
    const answer = await fetch(bin.url, { method: 'POST' });
    expect([answer.status, answer.headers.get('content-type'), answer.headers.get('x-own')]).toEqual([
      202,
      'application/vnd.own+json',
      '1',
    ]);
    expect(await answer.text()).toBe('{"a":"{{ request.method }}"}');
  });

  it('can be that of a rule, unpacked and in UTF-8', async () => {
    const { client, bin, id } = await captured(gzipSync(Buffer.from('<ä/>', 'latin1')), {
      'content-type': 'text/xml; charset=ISO-8859-1',
      'content-encoding': 'gzip',
    });
    const { answers } = await client.bins.update({ id: bin.id, answers: { rules: [{ name: 'one', count: { to: 1 } }, { name: 'rest' }] } });
    await client.bins.answerWith({ id: bin.id, captureId: id, ruleId: answers.rules[1]?.id });
    expect(await (await fetch(bin.url)).text()).toBe('');
    const answer = await fetch(bin.url);
    expect([answer.headers.get('content-type'), await answer.text()]).toEqual(['text/xml; charset=utf-8', '<ä/>']);
    await expect(client.bins.answerWith({ id: bin.id, captureId: id, ruleId: 'rule_x' })).rejects.toThrow('There is no rule rule_x');
  });

  it('is refused for what a bin cannot answer with, and where the bin was changed meanwhile', async () => {
    const { client, bin, id, capture } = await captured(Uint8Array.from([0xff, 0x00, 0x81]), { 'content-type': 'image/x-own' });
    const answerWith = (captureId: string, more = {}) => client.bins.answerWith({ id: bin.id, captureId, ...more });
    await expect(answerWith(id)).rejects.toThrow('The body is not text');
    await expect(answerWith(await capture('a'.repeat(1_000_001), {}))).rejects.toThrow('more than 1,000,000 characters');
    await expect(answerWith(await capture('{}', {}), { ifUpdatedAtMs: 1 })).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});

describe('a test file of a capture', () => {
  const secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
  const body = '{"type":"invoice.paid","amount":1.10,"name":"Zoë ${x}"}';
  const yesterday = new Date(Date.now() - 86_400_000);
  const headerIn = ({ headers }: ReceivedRequest, wanted: string) => headers.find(([name]) => name.toLowerCase() === wanted)?.[1] ?? '';
  const standard = (prefix: string) => (request: ReceivedRequest) =>
    Object.fromEntries(['id', 'timestamp', 'signature'].map((part) => [`${prefix}-${part}`, headerIn(request, `${prefix}-${part}`)]));
  const standardHeaders = (prefix: string) => ({
    [`${prefix}-id`]: 'msg_1',
    [`${prefix}-timestamp`]: String(Math.floor(yesterday.getTime() / 1000)),
    [`${prefix}-signature`]: new StandardWebhook(secret).sign('msg_1', yesterday, body),
  });
  const stripe = new Stripe('sk_test_x');

  /** A provider: its scheme, its headers as its own library writes them, and its own check. */
  const providers: readonly {
    readonly scheme: SchemeId;
    readonly headers: () => Promise<Record<string, string>> | Record<string, string>;
    readonly check: (request: ReceivedRequest) => unknown;
  }[] = [
    {
      scheme: 'stripe',
      headers: () => ({
        'stripe-signature': stripe.webhooks.generateTestHeaderString({
          payload: body,
          secret,
          timestamp: Math.floor(yesterday.getTime() / 1000),
        }),
      }),
      check: (request) => stripe.webhooks.constructEvent(request.body, headerIn(request, 'stripe-signature'), secret),
    },
    {
      scheme: 'github-sha256',
      headers: async () => ({ 'x-github-event': 'push', 'x-hub-signature-256': await signGithub(secret, body) }),
      check: async (request) => {
        if (!(await verifyGithub(secret, request.body.toString(), headerIn(request, 'x-hub-signature-256'))))
          throw new Error('not genuine');
      },
    },
    {
      scheme: 'standard-webhooks',
      headers: () => standardHeaders('webhook'),
      check: (request) => new StandardWebhook(secret).verify(request.body, standard('webhook')(request)),
    },
    {
      scheme: 'svix',
      headers: () => standardHeaders('svix'),
      check: (request) => new SvixWebhook(secret).verify(request.body, standard('svix')(request)),
    },
  ];

  it('is taken by the official libraries of Stripe, GitHub, Standard Webhooks and Svix, with no secret in it', async () => {
    const { client, capture } = await captured(body);
    const taken: string[] = [];
    const url = await startReceiver(async (request) => {
      const scheme = request.target.split('/')[1] ?? '';
      try {
        await providers.find((one) => one.scheme === scheme)?.check(request);
        taken.push(`${scheme} ${request.body.toString()}`);
        return 204;
      } catch {
        return 401;
      }
    });
    const filesFor = async (framework: 'jest' | 'pytest') => {
      const files: RunnableFile[] = [];
      for (const { scheme, headers } of providers) {
        const id = await capture(body, await headers(), '/in?a=1');
        const file = await client.captures.testFile({ id, framework, status: 204 });
        expect(file.isSigned).toBe(true);
        expect(file.code).toContain('http://127.0.0.1:3000/in?a=1');
        expect(file.code).not.toContain(secret);
        files.push({ file, variables: { WEBHOOK_SECRET: secret, WEBHOOK_URL: `${url}/${scheme}/in` } });
      }
      return files;
    };
    const once = providers.map(({ scheme }) => `${scheme} ${body}`);
    await runJest(createTempFolder(), await filesFor('jest'));
    expect(taken).toEqual(once);
    if (missingProgram('python3', '-c', 'import pytest') !== null) return;
    await runPytest(createTempFolder(), await filesFor('pytest'));
    expect(taken).toEqual([...once, ...once]);
  });

  it('is written in a thread for a large body, and refused for one over 1 MiB or one that is not whole', async () => {
    const { client, id, capture } = await captured(`"${'é'.repeat(200_000)}"`);
    expect((await client.captures.testFile({ id, framework: 'junit' })).code).toContain('String.join("",');
    const large = await capture('a'.repeat(1_048_577), {});
    await expect(client.captures.testFile({ id: large, framework: 'go' })).rejects.toThrow('The body has 1,048,577 bytes');
    await expect(client.captures.testFile({ id: 'cap_gone', framework: 'go' })).rejects.toThrow('There is no capture cap_gone');
  });

  it('signs as the bin verifies, or as it is told, before it goes by what the request looks like', async () => {
    const { client, bin, id } = await captured('{}', { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` });
    await client.bins.update({ id: bin.id, signing: { scheme: 'slack' } });
    const write = async (more = {}) => (await client.captures.testFile({ id, framework: 'vitest', ...more })).notes[0];
    expect(await write()).toContain('as Slack does (slack)');
    expect(await write({ signing: { scheme: 'stripe' } })).toContain('as Stripe does (stripe)');
    await client.bins.update({ id: bin.id, signing: null });
    expect(await write()).toContain('(github-sha256)');
  });
});
