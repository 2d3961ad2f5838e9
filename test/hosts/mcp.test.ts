import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { admit, createDirectClient } from '#engine/index.ts';
import { agentTools } from '#shared/agents/tools.ts';
import { openTestServer, testToken } from '../contract/doors.ts';
import { startTestEngine } from '../support/engine.ts';
import { builtEntry } from './command.ts';

/** What each tool can be called with in a workspace that has a bin, a capture and an endpoint. */
const callsOf = (
  binId: string,
  captureId: string,
  deliveryId: string,
  binUrl: string,
  endpointId: string,
): Readonly<Record<string, Readonly<Record<string, unknown>>>> => ({
  list_endpoints: {},
  list_bins: {},
  list_profiles: { query: 'stripe' },
  list_deliveries: {},
  get_delivery: { delivery_id: deliveryId },
  list_captures: { bin_id: binId },
  get_capture: { capture_id: captureId },
  diff: { before: captureId, after: deliveryId },
  send: { event_type: 'order.paid', data: { n: 2 }, url: binUrl },
  preview: { event_type: 'order.paid', data: { n: 2 }, profile: 'github', url: binUrl },
  wait_for: { what: 'captures', bin_id: binId, since_seconds: 3600, match: { methods: ['POST'] } },
  verify_and_solve: { capture_id: captureId, search_seconds: 0.1 },
  sign: { secret_of: binId, body: '{}' },
  check_receiver: { endpoint_id: endpointId, wait_seconds: 0 },
  create_bin: { name: 'Another' },
  set_answer: { bin_id: binId, status: 202 },
  replay: { delivery_ids: [deliveryId] },
  advance_clock: { by_seconds: 60 },
  import_events: {
    text: '{"openapi":"3.1.0","info":{"title":"Shop","version":"1"},"webhooks":{"order.paid":{"post":{"requestBody":{"content":{"application/json":{"schema":{"type":"object"}}}}}}}}',
  },
});

interface Told {
  readonly text: string;
  readonly isError: boolean;
}

async function call(client: Client, name: string, given: Readonly<Record<string, unknown>>): Promise<Told> {
  const { content, isError = false } = await client.callTool({ name, arguments: given });
  const [first] = content;
  return { text: first?.type === 'text' ? first.text : '', isError };
}

const idIn = (text: string, prefix: string) => new RegExp(`${prefix}_[0-9a-z]{26}`).exec(text)?.[0] ?? '';
const planIn = (text: string) => /plan_[0-9a-f]{24}/.exec(text)?.[0];

/** Lists and calls every tool and resource as an agent does that has just come to a workspace with one bin that has a secret, and an endpoint. */
async function useAll(client: Client, binId: string, binUrl: string, endpointId: string): Promise<void> {
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toEqual(agentTools.map(({ name }) => name));
  for (const { description, inputSchema, annotations } of tools) {
    expect(description?.length).toBeGreaterThan(20);
    expect(inputSchema).toMatchObject({ type: 'object', additionalProperties: false });
    expect(annotations?.readOnlyHint).toBeDefined();
    // Some clients cannot read these.
    expect(JSON.stringify(inputSchema)).not.toMatch(/"(?:\$ref|prefixItems)"|"items":(?:true|false)/);
  }
  expect(client.getInstructions()).toContain('verify_and_solve');
  const sent = await call(client, 'send', { event_type: 'order.paid', data: { n: 1 }, url: binUrl, wait_seconds: 50 });
  expect(sent.text).toContain('Now 1 delivered');
  const listed = await call(client, 'list_captures', { bin_id: binId });
  const asked = callsOf(binId, idIn(listed.text, 'cap'), idIn(sent.text, 'dlv'), binUrl, endpointId);
  for (const { name } of tools) {
    const use = async () => await call(client, name, asked[name] ?? {});
    // What was replayed may still be under way; then there would be an attempt to make.
    if (name === 'advance_clock') await expect.poll(async () => (await use()).text).toContain('there is nothing to make now');
    const { text, isError } = await use();
    expect(isError, `${name}: ${text}`).toBe(false);
    const planId = planIn(text);
    expect(planId !== undefined, name).toBe(['set_answer', 'replay', 'import_events'].includes(name));
    if (planId !== undefined) expect(await call(client, name, { plan_id: planId })).toMatchObject({ isError: false });
  }
  const { resources } = await client.listResources();
  expect(resources.length).toBeGreaterThan(3);
  for (const { uri } of resources.slice(0, 4)) {
    const { contents } = await client.readResource({ uri });
    expect(contents).toMatchObject([{ uri, text: expect.stringContaining('BEGIN UNTRUSTED') }]);
  }
  const { resourceTemplates } = await client.listResourceTemplates();
  expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual(['hookyard://captures/{id}', 'hookyard://deliveries/{id}']);
}

const secret = 'correct-horse-battery-staple';

describe('hookyard mcp', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'hookyard-mcp-'));
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [builtEntry('cli.js'), 'mcp', '--data-dir', dataDir],
    stderr: 'pipe',
  });
  const client = new Client({ name: 'tester', version: '1.0.0' });
  let stderr = '';

  beforeAll(async () => {
    transport.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    await client.connect(transport);
  });
  afterAll(async () => {
    await client.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  /** The REST door of the host that the process became. */
  const rest = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const { url, token } = JSON.parse(readFileSync(join(dataDir, 'host.json'), 'utf8')) as { url: string; token: string };
    const answer = await fetch(`${url}/api${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
    });
    return (await answer.json()) as T;
  };

  it('is a host where none runs, and lists and calls every tool', async () => {
    expect(stderr).toContain('so this process is it while the agent stays');
    const bin = await rest<{ id: string; url: string }>('POST', '/bins', {
      name: 'Mine',
      signing: { scheme: 'github-sha256' },
      secrets: [secret],
    });
    const endpoint = await rest<{ id: string }>('POST', '/endpoints', { name: 'Own', url: bin.url, events: ['nobody.sends'] });
    await useAll(client, bin.id, bin.url, endpoint.id);
    const { items } = await rest<{ items: { actor: string; tool: string }[] }>('GET', '/agents/calls?limit=200');
    expect(items.length).toBeGreaterThan(20);
    expect(new Set(items.map(({ actor }) => actor.replace(/^.* \(/, '(')))).toEqual(new Set(['(agent tester 1.0.0)']));
  });

  it('says what is wrong with a call, and goes on', async () => {
    expect(await call(client, 'get_capture', { capture_id: 'cap_none' })).toEqual({
      text: 'There is no capture cap_none; it may have been deleted.',
      isError: true,
    });
    expect(await call(client, 'list_bins', {})).toMatchObject({ isError: false });
  });

  it('answers a message that is too long, or has very many values, by what the limit is, and goes on', async () => {
    const long = call(client, 'import_events', { text: 'x'.repeat(12_000_000) });
    await expect(long).rejects.toThrow('A message may have 10,485,760 bytes, and this one has more: send less at once.');
    expect(await call(client, 'list_bins', {})).toMatchObject({ isError: false });
    const wide = call(client, 'send', { event_type: 'order.paid', data: Array.from({ length: 20_001 }, () => 0) });
    await expect(wide).rejects.toThrow('A message may have 20,000 values: send less, or data as text in data_text.');
    expect(await call(client, 'list_bins', {})).toMatchObject({ isError: false });
  });
});

describe('the door of agents at /mcp', () => {
  const open = async () => {
    const { engine } = await startTestEngine();
    const server = await openTestServer(engine.router);
    const user = createDirectClient(engine.router, admit('tester'));
    const connect = async (headers: Readonly<Record<string, string>>, options = {}) => {
      const client = new Client({ name: 'tester', version: '1.0.0' }, options);
      await client.connect(new StreamableHTTPClientTransport(new URL(`${server.url}/mcp`), { requestInit: { headers } }));
      onTestFinished(() => client.close());
      return client;
    };
    return { server, user, connect };
  };

  it('lists and calls every tool', async () => {
    const { user, connect } = await open();
    const bin = await user.bins.create({ name: 'Mine', signing: { scheme: 'github-sha256' }, secrets: [secret] });
    const endpoint = await user.endpoints.create({ name: 'Own', url: bin.url, events: ['nobody.sends'] });
    await useAll(await connect({ authorization: `Bearer ${testToken}` }), bin.id, bin.url, endpoint.id);
    expect((await user.agents.calls({})).items[0]?.actor).toMatch(/\(agent/);
  });

  it('is closed to strangers, like every door', async () => {
    const { server } = await open();
    const post = (headers: Readonly<Record<string, string>>) =>
      fetch(`${server.url}/mcp`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: '{}' });
    expect((await post({})).status).toBe(401);
    expect((await post({ authorization: 'Bearer wrong' })).status).toBe(401);
    const foreign = await post({ authorization: `Bearer ${testToken}`, origin: 'https://evil.example' });
    expect([foreign.status, await foreign.json()]).toMatchObject([403, { code: 'ORIGIN_REFUSED' }]);
  });

  it('refuses batches and messages of very many values, which would hold others', async () => {
    const { server } = await open();
    const post = async (body: string) => {
      const answer = await fetch(`${server.url}/mcp`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${testToken}`,
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
        },
        body,
      });
      return `${answer.status} ${await answer.text()}`;
    };
    const ping = '{"jsonrpc":"2.0","id":1,"method":"ping"}';
    expect(await post(`[${ping}]`)).toMatch(/^400 .*Send one message at a time: batches are no part of the protocol\./);
    expect(await post(`{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":[0${',0'.repeat(20_001)}]}}`)).toMatch(
      /^413 .*A message may have 20,000 values: send less, or data as text in data_text\./,
    );
    expect(await post(`{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":"${','.repeat(30_000)}"}}`)).toMatch(/^200 /);
  });
});
