import { gzipSync } from 'node:zlib';
import { Buffer } from 'node:buffer';
import { describe, expect, it, onTestFinished } from 'vitest';
import { admit, createDirectClient } from '#engine/index.ts';
import { agentTools, type AgentToolName } from '#shared/agents/tools.ts';
import { startTestEngine } from '../../support/engine.ts';
import { respond, startReceiver } from '../../support/scripted-receiver.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

/** An engine whose tools are called as an agent calls them. */
async function open(ports: Parameters<typeof startTestEngine>[0] = {}) {
  const { engine } = await startTestEngine(ports);
  const client = createDirectClient(engine.router, admit('tester'));
  const { agents } = createDirectClient(engine.router, admit('alice (agent)'));
  const call = async (tool: AgentToolName, given: Readonly<Record<string, unknown>> = {}) =>
    await agents.call({ tool, arguments: given as never, agent: 'tester 1.0' });
  /** The answer of a call that is not refused. */
  const told = async (...asked: Parameters<typeof call>) => {
    const { text, isError } = await call(...asked);
    expect(isError, text).toBe(false);
    return text;
  };
  const refused = async (...asked: Parameters<typeof call>) => {
    const { text, isError } = await call(...asked);
    expect(isError, text).toBe(true);
    return text;
  };
  return { engine, client, agents, call, told, refused };
}

const planIn = (text: string) => /plan_[0-9a-f]{24}/.exec(text)?.[0] ?? '';
const idIn = (text: string, prefix: string) => new RegExp(`${prefix}_[0-9a-z]{26}`).exec(text)?.[0] ?? '';

/** Secrets of every kind that a workspace keeps, each unmistakable. */
const seeded = {
  endpoint: `whsec_${Buffer.from('SEEDED-endpoint-secret-7Q2x9').toString('base64')}`,
  rotated: `whsec_${Buffer.from('SEEDED-rotated-secret-4mW8z1').toString('base64')}`,
  token: 'SEEDED-gitlab-token-Vb3nJ6kL',
  secretHeader: 'SEEDED-header-value-Xc5vB2nM',
  bin: 'SEEDED-bin-secret-Lk9jH8gF',
  verifyToken: 'SEEDED-verify-token-Qw4eR7tY',
  authSignature: 'SEEDED-auth-signature-Zx6cV9bN',
  password: 'SEEDED-basic-password-Pl0oK1iJ',
  bearer: 'SEEDED-bearer-token-Mn2bV3cX',
  queryKey: 'SEEDED-query-key-As5dF6gH',
  variable: 'SEEDED-variable-value-Ui8oP9aS',
} as const;

/** What none of the answers may hold: each secret as it is, without a prefix, and as base64, hex and URLs have it. */
const forbidden = Object.values(seeded).flatMap((secret) => [
  secret,
  secret.replace('whsec_', ''),
  encodeURIComponent(secret),
  Buffer.from(secret).toString('base64').slice(0, -2),
  Buffer.from(secret).toString('hex'),
]);

/** Workspace that has them all, in endpoints that have sent to a bin, so that captures hold them as well. */
async function seed({ client }: Pick<Awaited<ReturnType<typeof open>>, 'client'>) {
  const environment = await client.environments.create({
    name: 'Staging',
    variables: [{ name: 'key', value: seeded.variable, isSecret: true }],
  });
  await client.system.updateSettings({ activeEnvironmentId: environment.id });
  const bin = await client.bins.create({
    name: 'Orders',
    signing: { scheme: 'github-sha256' },
    secrets: [seeded.bin],
    answers: { verifyToken: seeded.verifyToken },
  });
  const signing = await client.auths.create({
    name: 'Signing',
    parts: [{ kind: 'signature', signing: { scheme: 'github-sha256' }, secret: seeded.authSignature }],
  });
  const basic = await client.auths.create({ name: 'Basic', parts: [{ kind: 'basic', username: 'ann', password: seeded.password }] });
  const bearer = await client.auths.create({
    name: 'Bearer',
    parts: [
      { kind: 'bearer', token: seeded.bearer },
      { kind: 'query', name: 'k', value: seeded.queryKey },
    ],
  });
  const standard = await client.endpoints.create({
    name: 'Standard',
    url: `${bin.url}?v={{ vars.key }}`,
    secret: seeded.rotated,
    secretHeaders: { 'X-Odd': seeded.secretHeader },
  });
  await client.endpoints.rotateSecret({ id: standard.id, secret: seeded.endpoint });
  await client.endpoints.create({ name: 'Token', url: bin.url, signing: { scheme: 'gitlab-token' }, secret: seeded.token });
  await client.endpoints.create({ name: 'Basic', url: bin.url, signing: null, authId: basic.id });
  await client.endpoints.create({ name: 'Bearer', url: bin.url, signing: null, authId: bearer.id });
  const sent = await client.messages.send({ type: 'order.paid', data: { text: `quoted ${seeded.endpoint} and ${seeded.bin}` } });
  await client.waits.wait({
    for: 'deliveries',
    messageId: sent.id,
    match: { statuses: ['delivered'] },
    count: 4,
    withinMs: 60_000,
    sinceMs: 0,
  });
  // A stranger who knows one of them.
  await fetch(bin.url, { method: 'POST', headers: { 'x-note': seeded.bin }, body: Object.values(seeded).join('\n') });
  return { bin, signing, standard, sent };
}

describe('the tools of agents', () => {
  it('show no secret, in no answer of any tool and no resource', async () => {
    const workspace = await open();
    const { client, agents, call } = workspace;
    const { bin, signing, standard, sent } = await seed(workspace);
    const captures = (await client.captures.list({ limit: 50 })).items;
    const deliveries = (await client.deliveries.list({ limit: 50 })).items;
    expect([captures.length, deliveries.length]).toEqual([5, 4]);
    const [quoting, ...others] = captures.map(({ id }) => id);
    const asked: { readonly [Name in AgentToolName]: readonly Readonly<Record<string, unknown>>[] } = {
      list_endpoints: [{}],
      list_bins: [{}],
      list_profiles: [{}],
      list_deliveries: [{}],
      get_delivery: deliveries.flatMap(({ id }) => [
        { delivery_id: id, body: 'request' },
        { delivery_id: id, body: 'answer' },
        { delivery_id: id, body: 'request', body_offset: 60, body_limit: 20 },
      ]),
      list_captures: [{}],
      get_capture: [
        ...captures.map(({ id }) => ({ capture_id: id })),
        // Pages that cut a secret anywhere.
        ...Array.from({ length: 40 }, (_, at) => ({ capture_id: quoting, body_offset: at, body_limit: 9 })),
      ],
      diff: [
        { before: quoting, after: others[0] },
        { before: others[0], after: others[1] },
      ],
      send: [
        { event_type: 'order.paid', data: { n: 1 }, endpoint_ids: [standard.id] },
        { event_type: 'order.paid', url: bin.url, as_endpoint: standard.id },
        { event_type: 'order.paid', url: bin.url, auth_id: signing.id },
        { event_type: 'order.paid', url: `${bin.url}/{{vars.key}}` },
      ],
      preview: [{ event_type: 'order.paid', data: {}, endpoint_id: standard.id }],
      wait_for: [
        { what: 'captures', since_seconds: 60, count: 3 },
        { what: 'deliveries', statuses: ['cancelled'], since_seconds: 60, within_seconds: 0.1 },
      ],
      verify_and_solve: [
        { search_seconds: 0.3 },
        ...captures.map(({ id }) => ({ capture_id: id, all_secrets: true, search_seconds: 0.3 })),
        {
          request: { headers: [{ name: 'X-Gitlab-Token', value: 'wrong' }], body: '' },
          scheme: 'gitlab-token',
          all_secrets: true,
          search_seconds: 0.3,
        },
      ],
      sign: [
        ...[bin.id, standard.id, signing.id].map((id) => ({ secret_of: id, body: '{}' })),
        // The signature of this scheme is the secret itself.
        ...[bin.id, standard.id, signing.id].map((id) => ({ secret_of: id, body: '{}', scheme: 'gitlab-token' })),
      ],
      check_receiver: [{ endpoint_id: standard.id }],
      create_bin: [{ name: 'Mine' }],
      set_answer: [{ bin_id: bin.id, status: 500, body: '{{ secret }} {{ vars.key }}' }],
      replay: [{ delivery_ids: deliveries.map(({ id }) => id) }, { capture_ids: [quoting], to_url: bin.url }],
      advance_clock: [{ by_seconds: 60 }],
      import_events: [{ text: JSON.stringify({ title: seeded.bin, type: 'object' }) }],
    };
    const told: string[] = [];
    for (const { name } of agentTools)
      for (const given of asked[name]) {
        const { text } = await call(name, given);
        told.push(`${name} ${JSON.stringify(given)}\n${text}`);
        const planId = planIn(text);
        if (planId !== '') told.push((await call(name, { plan_id: planId })).text);
      }
    for (const { uri, description } of (await agents.resources()).items) told.push(description, (await agents.read({ uri })).text);
    told.push(JSON.stringify(await client.agents.calls({ limit: 200 })));
    const answers = told.map((text) => text.replace(/^\w+ \{.*\n/, ''));
    for (const secret of forbidden) expect(answers.filter((text) => text.includes(secret))).toEqual([]);
    // They were there to be shown.
    expect(answers.filter((text) => text.includes('[secret]')).length).toBeGreaterThan(20);
    expect(sent.deliveries).toHaveLength(4);
  });

  it('check a receiver, say what it does wrong, and go on with a check that takes longer', async () => {
    const { client, told } = await open();
    // It takes whatever comes.
    const bin = await client.bins.create({ name: 'Careless' });
    const endpoint = await client.endpoints.create({ name: 'Careless', url: bin.url, signing: { scheme: 'github-sha256' } });
    const started = await told('check_receiver', { endpoint_id: endpoint.id, wait_seconds: 0 });
    expect(started).toMatch(/^Check chk_\w+: \d+ of \d+ cases are done; call again with check_id\.\n/);
    const ended = await told('check_receiver', { check_id: idIn(started, 'chk') });
    expect(ended).toMatch(/^Check chk_\w+: completed\.\n\d+ passed, [1-9]\d* failed/);
    expect(ended).toContain('"seen_in"');
    expect(ended).toContain('"case": "missing-signature"');
  });

  it('answer why a signature fails in two calls', async () => {
    const { client, told } = await open();
    const secret = 'correct-horse-battery-staple';
    const bin = await client.bins.create({ name: 'Orders', signing: { scheme: 'github-sha256' }, secrets: [secret] });
    const body = '{"amount": 10, "type": "invoice.paid"}';
    const signed = await client.verifying.sign({
      scheme: 'github-sha256',
      secrets: [secret],
      request: { bodyBase64: Buffer.from(body).toString('base64') },
    });
    // Somebody parsed and wrote the body again on its way.
    await fetch(bin.url, { method: 'POST', headers: Object.fromEntries(signed.headers), body: JSON.stringify(JSON.parse(body)) });
    const listed = await told('list_captures', { verdict: 'invalid' });
    const solved = await told('verify_and_solve', { capture_id: idIn(listed, 'cap') });
    expect(solved).toContain('Verdict: invalid (signature_mismatch).');
    expect(solved).toContain('which proves it');
    expect(solved).toMatch(/"causes": \[\s+"body-/);
    // And in one, without looking for it.
    expect(await told('verify_and_solve')).toContain(`About ${idIn(listed, 'cap')}`);
  });

  it('send to loopback addresses only, at once and when a delivery is made again', async () => {
    const { client, told, refused } = await open();
    expect(await refused('send', { event_type: 'a.b', url: 'http://192.0.2.1/hooks' })).toMatch(
      /leads to 192\.0\.2\.1, and agents may send to loopback addresses of this machine only/,
    );
    const far = await client.endpoints.create({
      name: 'Far',
      url: 'http://192.0.2.1/hooks',
      retryPolicy: { kind: 'none' },
      isActive: false,
    });
    expect(await refused('send', { event_type: 'a.b', endpoint_ids: [far.id] })).toContain('is disabled');
    await client.endpoints.update({ id: far.id, isActive: true });
    expect(await refused('send', { event_type: 'a.b' })).toContain('Far leads to 192.0.2.1');
    const receiver = await startReceiver([respond({ status: 307, headers: [['location', 'http://192.0.2.1/']] })], {
      otherwise: respond({ status: 204 }),
    });
    onTestFinished(receiver.close);
    const near = await client.endpoints.create({
      name: 'Near',
      url: receiver.url,
      signing: null,
      redirects: { follow: 3 },
      retryPolicy: { kind: 'none' },
    });
    const sent = await told('send', { event_type: 'a.b', endpoint_ids: [near.id] });
    expect(sent).toContain('Now 1 exhausted');
    expect(sent).toContain('agents may send to loopback addresses');
    // What the agent sent stays here; who sends it again decides anew.
    const deliveryId = idIn(sent, 'dlv');
    await client.endpoints.update({ id: near.id, url: 'http://192.0.2.1/' });
    const planned = await told('replay', { delivery_ids: [deliveryId] });
    expect(await told('replay', { plan_id: planIn(planned) })).toContain('Scheduled again 0 of 1');
  });

  it('show no secret that was sent and was replaced or deleted since, also after a restart', async () => {
    const { engine, dataDir } = await startTestEngine();
    const client = createDirectClient(engine.router, admit('tester'));
    const bin = await client.bins.create({ name: 'Orders' });
    const environment = await client.environments.create({
      name: 'Staging',
      variables: [{ name: 'key', value: 'OLD variable/22', isSecret: true }],
    });
    await client.system.updateSettings({ activeEnvironmentId: environment.id });
    const secretHeaders = { 'X-Partner': 'OLDPARTNERSECRET22' };
    const listed = await client.endpoints.create({ name: 'Listed', url: `${bin.url}?v={{ vars.key | url_encode }}`, secretHeaders });
    const gone = await client.endpoints.create({ name: 'Gone', url: bin.url, secretHeaders: { 'X-Partner': 'GONEPARTNERSECRET22' } });
    const send = async (text: string) => {
      const { id } = await client.messages.send({ type: 'a.b', data: { text }, endpointIds: [listed.id, gone.id] });
      const wait = { for: 'deliveries' as const, messageId: id, count: 2, match: { statuses: ['delivered' as const] } };
      expect(await client.waits.wait(wait)).toMatchObject({ isMet: true });
    };
    await send(`${'x'.repeat(300)} OLDPARTNERSECRET22 ${'y'.repeat(300)}`);
    await client.endpoints.update({ id: listed.id, secretHeaders: { 'X-Partner': 'NEWPARTNERSECRET22' } });
    await client.environments.update({ id: environment.id, variables: [{ name: 'key', value: 'NEW variable/22', isSecret: true }] });
    await client.endpoints.remove({ id: gone.id });
    const old = (await client.captures.list({})).items.map(({ id }) => id);
    expect(old).toHaveLength(2);
    await engine.stop();
    const again = await startTestEngine({ dataDir });
    const { agents } = createDirectClient(again.engine.router, admit('alice (agent)'));
    const call = async (tool: AgentToolName, given: object) => (await agents.call({ tool, arguments: given as never })).text;
    const told = [
      // In a part of a body, of which the whole was never looked at.
      ...(await Promise.all(
        Array.from({ length: 40 }, (_, at) => call('get_capture', { capture_id: old[0], body_offset: 300 + at, body_limit: 30 })),
      )),
      await call('get_capture', { capture_id: old[1] }),
      await call('diff', { before: old[0], after: old[1] }),
      (await agents.read({ uri: `hookyard://captures/${old[0]}` })).text,
      await call('list_captures', {}),
    ].join('\n');
    expect(told).toContain('X-Partner: [secret]');
    expect(told).not.toMatch(/PARTNERSECRET22|OLD.variable|OLD%20variable/);
    // Nothing is known yet to one that was just started.
    await again.engine.stop();
    const unknown = await startTestEngine({ dataDir });
    const fresh = createDirectClient(unknown.engine.router, admit('alice (agent)')).agents;
    const { text } = await fresh.call({ tool: 'replay', arguments: { capture_ids: [old[1] ?? ''], to_url: 'http://127.0.0.1:9/' } });
    expect(text).toContain('brings a secret in');
  });

  it('are lent no credential that a receiver of theirs would see', async () => {
    const workspace = await open();
    const { client, refused, told } = workspace;
    const { bin, standard } = await seed(workspace);
    const { items } = await client.endpoints.list({});
    const idOf = (name: string) => items.find((each) => each.name === name)?.id;
    const receiver = await startReceiver([], { otherwise: respond({ status: 204 }) });
    onTestFinished(receiver.close);
    const send = (given: object) => refused('send', { event_type: 'a.b', url: receiver.url, ...given });
    expect(await send({ as_endpoint: standard.id })).toContain('sends secret headers in clear');
    expect(await send({ as_endpoint: idOf('Token') })).toContain('sends its secret as a token in clear');
    expect(await send({ as_endpoint: idOf('Basic') })).toContain('sends a credential in clear');
    expect(await send({ auth_id: items.find(({ name }) => name === 'Bearer')?.authId })).toContain('sends a credential in clear');
    expect(await send({ url: `${receiver.url}/{{vars.key}}` })).toContain('agents cannot use variables');
    const plain = await client.endpoints.create({ name: 'Plain', url: bin.url, secret: seeded.endpoint });
    expect(receiver.requests).toEqual([]);
    expect(await told('send', { event_type: 'a.b', url: receiver.url, as_endpoint: plain.id })).toContain('Now 1 delivered');
    expect(receiver.requests[0]?.header('webhook-signature')).toMatch(/^v1,/);
  });

  it('do not say of a secret that it is easy to guess', async () => {
    const { client, told } = await open();
    const signing = { scheme: 'github-sha256' } as const;
    const bin = await client.bins.create({ name: 'Weak', signing, secrets: ['secret'] });
    const { id } = await client.endpoints.create({ name: 'Weak', url: bin.url, signing, secret: 'secret' });
    expect((await client.preview.render({ endpointId: id, event: { type: 'a.b' } })).warnings.map(({ code }) => code)).toContain(
      'SECRET_WEAK',
    );
    expect(await told('preview', { event_type: 'a.b', endpoint_id: id })).not.toContain('guess');
    expect(await told('send', { event_type: 'a.b', endpoint_ids: [id] })).toContain('Now 1 delivered');
    const capture = (await client.captures.list({ limit: 1 })).items[0]?.id ?? '';
    expect(JSON.stringify((await client.captures.get({ id: capture })).verification)).toContain('anyone would guess');
    const read = await told('get_capture', { capture_id: capture });
    expect(read).toContain('secret passed: The secret can be used.');
    expect(read).not.toContain('guess');
  });

  it('count one event type as one', async () => {
    const { told } = await open();
    expect(await told('import_events', { text: JSON.stringify({ title: 'order.paid', type: 'object' }) })).toContain(
      '1 event type would be added',
    );
  });

  it('cannot guess what they are not shown, nor have it sent to a receiver of theirs', async () => {
    const workspace = await open();
    const { client, refused, told } = workspace;
    const { bin } = await seed(workspace);
    for (const match of [
      { headers: [{ name: 'x-note', value: `${seeded.bin.slice(0, 3)}*` }] },
      { headers: [{ name: 'authorization', value: '*' }] },
      { query: [{ name: 'k', value: 'a*' }] },
      { json: [{ path: '$.a', value: '*a' }] },
      { json: [{ path: '$.a', is: 'a*' }] },
      { path: '/a*' },
    ])
      expect(await refused('wait_for', { what: 'captures', match }), JSON.stringify(match)).toContain('Give whole values');
    expect(await refused('list_captures', { query: 'a' })).toContain('query');
    expect(await refused('list_deliveries', { query: 'a' })).toContain('query');
    expect(await refused('sign', { secret_of: bin.id, scheme: 'gitlab-token', body: 'x' })).toContain('holds the secret as it is');

    const escaped = `{"note":"${[...seeded.bin].map((each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"}`;
    const receiver = await startReceiver([], { otherwise: respond({ status: 204 }) });
    onTestFinished(receiver.close);
    const capture = async (headers: Readonly<Record<string, string>>, body: string | Uint8Array<ArrayBuffer> = '{}', path = '') => {
      await fetch(bin.url + path, { method: 'POST', headers, body });
      return (await client.captures.list({ limit: 1 })).items[0]?.id ?? '';
    };
    const withToken = await capture({ authorization: 'Bearer of-somebody' });
    for (const [id, held] of [
      [withToken, 'brings authorization'],
      [await capture({ 'x-note': seeded.bin }), 'a secret in a header'],
      [await capture({}, `{"note":"${seeded.bin}"}`), 'a secret in its body'],
      [await capture({}, 'a'.repeat(300_000)), 'too long to be looked through'],
      // So long that the client of agents is not told it.
      [await capture({}, `${seeded.bin}${'a'.repeat(7_000_000)}`), 'too long to be looked through'],
      [await capture({ 'content-encoding': 'gzip' }, new Uint8Array(gzipSync(seeded.bin))), 'a compressed body'],
      [await capture({}, new Uint8Array(Buffer.from(seeded.bin, 'utf16le'))), 'no UTF-8'],
      [await capture({}, escaped), 'a secret in its body'],
    ] as const)
      expect(await refused('replay', { capture_ids: [id], to_url: receiver.url })).toContain(held);
    expect(planIn(await told('replay', { capture_ids: [await capture({ 'x-note': 'open' })], to_url: receiver.url }))).not.toBe('');
    expect(receiver.requests).toEqual([]);

    // A URL that the agent sent to is no endpoint of the user's.
    const sent = await told('send', { event_type: 'a.b', url: receiver.url });
    const made = (await client.deliveries.list({ limit: 1 })).items[0]?.endpointId ?? '';
    expect(sent).toContain('Now 1 delivered');
    expect(await refused('replay', { capture_ids: [withToken], to_endpoint: made })).toContain('is no endpoint of the list');
    expect(await refused('send', { event_type: 'a.b', endpoint_ids: [made] })).toContain('is no endpoint of the list');
    expect(await refused('verify_and_solve', { capture_id: withToken, scheme: 'microsoft-teams' })).toContain(
      'Leave scheme and options out',
    );
    for (const [headers, body] of [
      [{ referer: 'https://a.example/?token=of-somebody' }, '{}'],
      [{}, 'password=of-somebody&a=1'],
    ] as const)
      expect(await refused('replay', { capture_ids: [await capture(headers, body)], to_url: receiver.url })).toContain('a credential in');

    const compared = await told('diff', {
      before: withToken,
      after: await capture({ authorization: 'Bearer of-another', 'x-api-key': 'k-1234' }),
    });
    expect(compared).toContain('[hidden: ');
    expect(compared).not.toMatch(/of-somebody|of-another|k-1234/);
    expect(compared).not.toMatch(/firstDifference|offset/);
    expect(await told('get_capture', { capture_id: await capture({}, escaped) })).toContain('"note":"[secret]"');
    const own = await client.profiles.create({ copyOf: 'github', name: 'With a variable' });
    for (const value of ['{{ vars.key }}', '{{ ["\\u0076ars"].key | default: "n" }}', '{{ [type].key | default: "n" }}']) {
      await client.profiles.update({ id: own.id, fields: { ...own.fields, headers: { 'X-Key': value } } });
      expect(await refused('send', { event_type: 'push', url: receiver.url, profile: own.id })).toContain('names variables');
    }
    const called = await capture({}, '{}', '?access_token=in-the-url&page=2&access%5Ftoken=in-the-url');
    expect(await told('get_capture', { capture_id: called })).toContain('?access_token=[hidden]&page=2&access%5Ftoken=[hidden]');
    expect(await told('list_captures')).not.toContain('in-the-url');
  });

  it('send anywhere where the host allows it', async () => {
    const { client, told } = await open({ agentReach: 'anywhere' });
    const { reach } = await client.agents.calls({});
    expect(reach).toBe('anywhere');
    // Nothing listens at this address of the machine beyond loopback, or it does: it is not refused.
    const text = await told('send', { event_type: 'a.b', url: 'http://0.0.0.0:1/', wait_seconds: 50 });
    expect(text).not.toContain('agents may send');
  });

  it('change something only by a plan, once, in time, and of the same agent', async () => {
    const clock = createFakeClock();
    const { client, agents, told, refused } = await open({ clock });
    const bin = await client.bins.create({ name: 'Orders' });
    const change = { bin_id: bin.id, status: 503, sequence: '500 x2, 200' };
    const planId = planIn(await told('set_answer', change));
    expect((await client.bins.get({ id: bin.id })).response.status).toBe(200);
    expect(await refused('set_answer', { plan_id: planId, status: 404 })).toContain('Give plan_id alone');
    expect(await refused('replay', { plan_id: planId })).toContain('There is no such plan of replay');
    expect((await agents.call({ tool: 'set_answer', arguments: { plan_id: planId }, agent: 'other' })).isError).toBe(true);
    await told('set_answer', { plan_id: planId });
    expect(await client.bins.get({ id: bin.id })).toMatchObject({
      response: { status: 503 },
      answers: { sequence: { steps: '500 x2, 200' } },
    });
    expect(await refused('set_answer', { plan_id: planId })).toContain('one can be used once, within 5 minutes');
    const late = planIn(await told('set_answer', change));
    clock.advance(300_000);
    expect(await refused('set_answer', { plan_id: late })).toContain('within 5 minutes');
    const stale = planIn(await told('set_answer', change));
    await client.bins.update({ id: bin.id, name: 'Changed meanwhile' });
    await refused('set_answer', { plan_id: stale });
  });

  it('make waiting retries as if time had passed', async () => {
    const { client, told } = await open();
    const receiver = await startReceiver([respond({ status: 500 })], { otherwise: respond({ status: 200 }) });
    onTestFinished(receiver.close);
    const endpoint = await client.endpoints.create({
      name: 'Shop',
      url: receiver.url,
      retryPolicy: { kind: 'schedule', delaysMs: [3_600_000, 3_600_000], jitter: { kind: 'none' } },
    });
    const sent = await told('send', { event_type: 'a.b', endpoint_ids: [endpoint.id] });
    expect(sent).toContain('Now 1 failed');
    expect(await told('advance_clock', { by_seconds: 60 })).toContain('nothing to make now');
    const planId = planIn(await told('advance_clock', { by_seconds: 7200 }));
    expect(await told('advance_clock', { plan_id: planId })).toContain('Made the next attempt of 1 of 1');
    const messageId = idIn(sent, 'msg');
    expect(await client.waits.wait({ for: 'deliveries', messageId, withinMs: 60_000, match: { statuses: ['delivered'] } })).toMatchObject({
      isMet: true,
    });
  });

  it('are kept in a log, with who called and what was made', async () => {
    const { client, told, refused } = await open();
    await told('create_bin', { name: 'Mine' });
    await refused('get_capture', { capture_id: 'cap_none' });
    const { items } = await client.agents.calls({});
    expect(items).toMatchObject([
      { tool: 'get_capture', actor: 'alice (agent tester 1.0)', isError: true, made: [], arguments: '{"capture_id":"cap_none"}' },
      { tool: 'create_bin', isError: false, made: [expect.stringMatching(/^bin_/)] },
    ]);
  });

  it('say in one sentence what is wrong with a call', async () => {
    const { refused, agents } = await open();
    expect(await refused('get_capture', { capture: 'x' })).toMatch(/capture_id: .*capture: /s);
    expect(await refused('wait_for', { what: 'captures', statuses: ['failed'] })).toBe('statuses does not go with captures: leave it out.');
    const data = JSON.parse('{"__proto__":1}') as Readonly<Record<string, unknown>>;
    expect(await refused('preview', { event_type: 'a.b', data, profile: 'github' })).toBe(
      'data.__proto__: __proto__ cannot be a name here: give this data as text in data_text.',
    );
    const { text } = await agents.call({ tool: 'list_capture' });
    expect(text).toContain('Did you mean list_captures?');
  });
});

describe('the rights of agents', () => {
  it('are denied for all that is not declared', async () => {
    const { engine } = await open();
    const agent = createDirectClient(engine.router, admit('alice (agent)', { of: 'agent', reach: 'loopback' }));
    await expect(agent.endpoints.create({ name: 'x', url: 'http://127.0.0.1/' })).rejects.toThrow(
      'Agents have no right to endpoints.create',
    );
    await expect(agent.endpoints.rotateSecret({ id: 'ep_x' })).rejects.toThrow('Agents have no right');
    await expect(agent.system.updateSettings({})).rejects.toThrow('Agents have no right');
    await expect(agent.agents.call({ tool: 'list_bins' })).rejects.toThrow('Agents have no right');
    expect(await agent.bins.list({})).toMatchObject({ items: [] });
  });
});
