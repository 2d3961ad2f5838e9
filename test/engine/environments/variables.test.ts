import { describe, expect, it, onTestFinished } from 'vitest';
import { hasAttempts, startClockedEngine, type EngineClient } from '../../support/clocked-engine.ts';
import { respond, startReceiver, type Step } from '../../support/scripted-receiver.ts';

const secret = 'tok/a very&secret=value';

async function receiver(...script: readonly Step[]) {
  const started = await startReceiver(script);
  onTestFinished(started.close);
  return started;
}

interface Given {
  readonly name: string;
  readonly value: string;
  readonly isSecret?: boolean;
}

/** An environment that is active from here on. */
async function use(client: EngineClient, name: string, ...variables: readonly Given[]) {
  const environment = await client.environments.create({ name, variables: [...variables] });
  await client.system.updateSettings({ activeEnvironmentId: environment.id });
  return environment;
}

const plain = { signing: null } as const;

describe('variables', () => {
  it('stand in the URL, in headers and in the body, and the log shows what was sent', async () => {
    const { client, deliveryWhen } = await startClockedEngine();
    const target = await receiver();
    await use(client, 'staging', { name: 'base', value: target.url }, { name: 'shop', value: 'éclair' }, { name: 'tenant', value: 'a b' });
    const made = await client.endpoints.create({
      ...plain,
      name: 'Own',
      url: '{{ vars.base }}/hooks/{{ vars.tenant | url_encode }}?env={{ environment }}',
      headers: { 'X-Shop': '{{ vars.shop }} {{ id }}' },
      template: '{"shop": {{ vars.shop | json }}, "env": {{ environment | json }}, "type": {{ type | json }}}',
    });
    expect(made.warnings).toEqual([]);
    const { deliveries } = await client.messages.send({ type: 'a.b', id: 'msg_1' });
    const request = await target.nextRequest();
    expect(request.target).toBe('/hooks/a+b?env=staging');
    expect(request.header('x-shop')).toBe('éclair msg_1');
    expect(request.body.toString()).toBe('{"shop": "éclair", "env": "staging", "type": "a.b"}');
    const delivery = await deliveryWhen(deliveries[0]?.id ?? '', hasAttempts(1));
    expect(delivery).toMatchObject({ status: 'delivered', environment: 'staging' });
    expect(delivery.attempts[0]?.request?.url).toBe(`${target.url}/hooks/a+b?env=staging`);
  });

  it('that are secret are sent, and shown nowhere', async () => {
    const { client, deliveryWhen } = await startClockedEngine();
    const quoting = respond({ status: 500, headers: [['location', `/x?k=${encodeURIComponent(secret)}`]] });
    const target = await receiver(quoting);
    await use(client, 'staging', { name: 'token', value: secret, isSecret: true });
    const fields = {
      ...plain,
      name: 'Own',
      url: `${target.url}/hook?key={{ vars.token | url_encode }}`,
      headers: { Authorization: 'Basic {{ vars.token | base64_encode }}', 'X-Both': '{{ attempt }}:{{ vars.token }}' },
      retryPolicy: 'none',
    } as const;
    await client.endpoints.create(fields);
    const shown = await client.preview.render({ draft: fields, event: { type: 'a.b' } });
    expect(shown.url).toBe(`${target.url}/hook?key=[secret vars.token | url_encode]`);
    expect(shown.headers).toContainEqual(['Authorization', 'Basic [secret vars.token | base64_encode]']);
    expect(shown.headers).toContainEqual(['X-Both', '1:[secret vars.token]']);
    const { deliveries } = await client.messages.send({ type: 'a.b' });
    const request = await target.nextRequest();
    const encoded = Buffer.from(secret, 'utf8').toString('base64');
    expect(request.header('authorization')).toBe(`Basic ${encoded}`);
    expect(request.header('x-both')).toBe(`1:${secret}`);
    expect(new URL(request.target, target.url).searchParams.get('key')).toBe(secret);
    const delivery = await deliveryWhen(deliveries[0]?.id ?? '', hasAttempts(1));
    const everything = JSON.stringify([shown, delivery]);
    for (const text of [secret, encoded, encodeURIComponent(secret), encodeURI(secret)]) expect(everything).not.toContain(text);
    expect(delivery.attempts[0]?.request?.headers).toContainEqual(['X-Both', '1:[secret vars.token]']);
  });

  it('that are secret and stand in a URL that is signed leave the signature of the log verifiable', async () => {
    const { client, deliveryWhen } = await startClockedEngine();
    const target = await receiver();
    await use(client, 'staging', { name: 'token', value: 'token-of-the-url', isSecret: true });
    await client.endpoints.create({
      name: 'Own',
      url: `${target.url}/{{ vars.token }}/hook`,
      signing: { scheme: 'hubspot-v3' },
      secret: 'a'.repeat(32),
    });
    const { deliveries } = await client.messages.send({ type: 'a.b' });
    const delivery = await deliveryWhen(deliveries[0]?.id ?? '', hasAttempts(1));
    const attempt = delivery.attempts[0];
    expect(Buffer.from(attempt?.signature?.signedBase64 ?? '', 'base64').toString()).not.toContain('token-of-the-url');
    const { verdict } = await client.verifying.verify({ attemptId: attempt?.id ?? '', scheme: 'hubspot-v3', secrets: ['a'.repeat(32)] });
    expect(verdict).toBe('valid');
  });

  it('of a delivery stay those of the environment that was active when it was accepted', async () => {
    const { client, clock, deliveryWhen } = await startClockedEngine();
    const target = await receiver(respond({ status: 500 }), respond({ status: 500 }));
    const dev = await use(client, 'dev', { name: 'path', value: 'dev' });
    await client.endpoints.create({
      ...plain,
      name: 'Own',
      url: `${target.url}/{{ vars.path }}`,
      retryPolicy: { kind: 'schedule', delaysMs: [1000, 1000] },
    });
    const { deliveries } = await client.messages.send({ type: 'a.b' });
    const id = deliveries[0]?.id ?? '';
    expect((await target.nextRequest()).target).toBe('/dev');
    await deliveryWhen(id, hasAttempts(1));
    await use(client, 'staging', { name: 'path', value: 'staging' });
    clock.advance(1000);
    expect((await target.nextRequest()).target).toBe('/dev');
    await deliveryWhen(id, hasAttempts(2));
    // A repaired value heals what waits.
    await client.environments.update({ id: dev.id, variables: [{ name: 'path', value: 'dev2' }] });
    clock.advance(1000);
    expect((await target.nextRequest()).target).toBe('/dev2');
    expect(await deliveryWhen(id, hasAttempts(3))).toMatchObject({ status: 'delivered', environment: 'dev' });
  });

  it('that are gone end the delivery with the reason, and a redelivery sends once they are back', async () => {
    const { client, clock, deliveryWhen } = await startClockedEngine();
    const target = await receiver(respond({ status: 500 }));
    const dev = await use(client, 'dev', { name: 'path', value: 'dev' });
    await client.endpoints.create({
      ...plain,
      name: 'Own',
      url: `${target.url}/{{ vars.path }}`,
      retryPolicy: { kind: 'schedule', delaysMs: [1000] },
    });
    const { deliveries } = await client.messages.send({ type: 'a.b' });
    const id = deliveries[0]?.id ?? '';
    await deliveryWhen(id, hasAttempts(1));
    await client.environments.remove({ id: dev.id });
    clock.advance(1000);
    expect(await deliveryWhen(id, hasAttempts(2))).toMatchObject({
      status: 'exhausted',
      environment: 'dev',
      lastOutcome: {
        code: 'policy',
        message:
          'Nothing was sent: The URL cannot be made: the environment dev was deleted, and vars.path with it. Send the event again with another one.',
      },
    });
    await client.environments.restore({ id: dev.id });
    await client.deliveries.redeliver({ id });
    expect(await deliveryWhen(id, hasAttempts(3))).toMatchObject({ status: 'delivered' });
    expect(target.requests).toHaveLength(2);
  });

  it('are taken from the environment that a call names, or from none', async () => {
    const { client } = await startClockedEngine();
    const target = await receiver();
    await client.environments.create({ name: 'staging', variables: [{ name: 'path', value: 'staging' }] });
    const live = await use(client, 'dev', { name: 'path', value: 'dev' });
    const { id } = await client.endpoints.create({ ...plain, name: 'Own', url: `${target.url}/{{ vars.path | default: "none" }}` });
    const preview = async (environment?: string | null) =>
      (await client.preview.render({ endpointId: id, event: { type: 'a.b' }, environment })).url;
    expect(await preview()).toBe(`${target.url}/dev`);
    expect(await preview('STAGING')).toBe(`${target.url}/staging`);
    expect(await preview(live.id)).toBe(`${target.url}/dev`);
    expect(await preview(null)).toBe(`${target.url}/none`);
    await client.messages.send({ type: 'a.b', environment: 'staging' });
    expect((await target.nextRequest()).target).toBe('/staging');
    await client.messages.send({ type: 'a.b', environment: null });
    expect((await target.nextRequest()).target).toBe('/none');
    await expect(client.messages.send({ type: 'a.b', environment: 'prod' })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: 'There is no environment prod; there are staging, dev.',
      data: { issues: [{ path: 'environment' }] },
    });
  });

  it.each([
    [
      'url',
      { url: 'http://127.0.0.1:9/{{ vars.gone }}' },
      'The URL cannot be made: the environment dev has no variable gone. Add it, or use another environment.',
    ],
    [
      'headers.X-Own',
      { headers: { 'X-Own': '{{ vars.gone }}' } },
      'The value of X-Own cannot be made: the environment dev has no variable gone. Add it, or use another environment.',
    ],
    [
      'template',
      { template: '{"a": "{{ vars.gone }}"}' },
      'The template is wrong at line 1, column 11: the environment dev has no variable gone. Add it, or use another environment.',
    ],
    [
      'template',
      { template: '{"a": "{{ vars.key }}"}' },
      'The template is wrong at line 1, column 11: vars.key is secret, and a body is kept in the log as it is sent. Use it in the URL or a header, or make it a plain variable.',
    ],
    ['template', { template: '{"a": "{{ vars.size }}"}' }, 'the environment dev has no variable size. Add it, or use another environment.'],
    [
      'url',
      { url: '{{ vars.ftp }}/x' },
      'With the variables of dev, nothing can be sent to the URL. Use http:// or https://; ftp:// cannot be sent to.',
    ],
    [
      'url',
      { url: 'http://a{{ vars.space }}/x' },
      'With the variables of dev, nothing can be sent to the URL. Remove the space or line break from the URL.',
    ],
    ['url', { url: 'http://a.{{ vars.caret }}/' }, 'nothing can be sent to the URL. "a.[secret vars.caret]" is not a host and port.'],
    ['headers.X-Own', { headers: { 'X-Own': '{{ vars.lines }}' } }, 'The value of X-Own is not one line of Latin-1 text'],
  ])(
    'that are missing or unusable are refused at the field %s in the preview and on a send to one target (%#)',
    async (path, fields, sentence) => {
      const { client } = await startClockedEngine();
      await use(
        client,
        'dev',
        { name: 'key', value: 'key-of-dev', isSecret: true },
        { name: 'caret', value: 'of^dev', isSecret: true },
        { name: 'ftp', value: 'ftp://x' },
        { name: 'space', value: ' b' },
        { name: 'lines', value: 'a\nb' },
      );
      const draft = { url: 'http://127.0.0.1:9/hook', ...plain, ...fields };
      const refused = { message: expect.stringContaining(sentence), data: { issues: [{ path }] } };
      await expect(client.preview.render({ draft, event: { type: 'a.b' } })).rejects.toMatchObject(refused);
      const saved = await client.endpoints.create({ name: 'Own', ...draft });
      expect(saved.warnings).toMatchObject([{ code: 'VARIABLE_MISSING', path, message: expect.stringContaining(sentence) }]);
      const answer = await client.messages.send({ type: 'a.b' });
      expect(answer.deliveries).toMatchObject([{ status: 'exhausted' }]);
      expect(answer.warnings.map(({ message }) => message).join('\n')).toContain(sentence);
      expect(await client.deliveries.get({ id: answer.deliveries[0]?.id ?? '' })).toMatchObject({
        attempts: [],
        lastOutcome: { code: path === 'template' ? 'template' : 'policy', message: expect.stringContaining(sentence) },
      });
      if (path === 'template') return;
      await expect(client.messages.send({ type: 'a.b', target: { name: 'Once', ...draft } })).rejects.toMatchObject(refused);
      await expect(client.endpoints.test({ id: saved.id })).rejects.toMatchObject(refused);
    },
  );

  it('by a name in brackets or by another variable are found, and missing only where the environment does not have them', async () => {
    const { client } = await startClockedEngine();
    const host = '127.0.0.1:9';
    await use(client, 'dev', { name: 'host', value: host }, { name: 'k', value: 'host' });
    for (const name of ['"host"', "'host'", 'vars.k']) {
      const saved = await client.endpoints.create({ ...plain, name: `By ${name}`, url: `http://{{ vars[${name}] }}/in` });
      expect(await client.preview.render({ endpointId: saved.id, event: { type: 'a.b' } })).toMatchObject({ url: `http://${host}/in` });
    }
    const missing = await client.endpoints.create({ ...plain, name: 'Missing', url: 'http://{{ vars["none"] }}/in' });
    await expect(client.endpoints.test({ id: missing.id })).rejects.toMatchObject({
      message: expect.stringContaining('the environment dev has no variable none.'),
    });
  });

  it('that no environment brings are refused with that reason', async () => {
    const { client } = await startClockedEngine();
    await expect(
      client.preview.render({ draft: { ...plain, url: 'http://127.0.0.1:9/{{ vars.a }}' }, event: { type: 'a.b' } }),
    ).rejects.toMatchObject({
      message: 'The URL cannot be made: no environment is in use, so there is no vars.a. Choose an environment that has it.',
      data: { issues: [{ path: 'url' }] },
    });
  });

  it.each([
    ['http://{{ vars.a }', 'Close the {{ in the URL with }}.'],
    ['http://a/{% if vars.a %}x{% endif %}{{ vars.a }}', 'Take the tag'],
    ['http://user@{{ vars.a }}/', 'Take the user and password out'],
    ['http://a/{{ vars.a }} b', 'Remove the space'],
    ['http://a/{{ id }}', 'undefined variable: id'],
    ['http://a/{{ vars.a | nothing }}', 'undefined filter: nothing'],
  ])('cannot be saved in the URL %s', async (url, sentence) => {
    const { client } = await startClockedEngine();
    await expect(client.endpoints.create({ name: 'Own', url })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining(sentence),
      data: { issues: [{ path: 'url' }] },
    });
  });

  it('do not get around https only', async () => {
    const { client, deliveryWhen } = await startClockedEngine();
    await use(client, 'dev', { name: 'base', value: 'http://127.0.0.1:9' });
    await client.endpoints.create({ ...plain, name: 'Own', url: '{{ vars.base }}/hook', httpsOnly: true });
    await expect(client.endpoints.create({ name: 'Own', url: 'http://{{ vars.base }}/', httpsOnly: true })).rejects.toMatchObject({
      data: { issues: [{ path: 'url' }] },
    });
    const { deliveries } = await client.messages.send({ type: 'a.b' });
    expect(await deliveryWhen(deliveries[0]?.id ?? '', hasAttempts(1))).toMatchObject({
      status: 'exhausted',
      lastOutcome: { code: 'policy', message: 'Nothing was sent: this endpoint is set to https only and its URL is http.' },
    });
  });

  it('are not taken from what somebody else sent: the URL of a replayed capture has braces, and no variables', async () => {
    const { client } = await startClockedEngine({ capturePort: 0 });
    const target = await receiver();
    await use(client, 'dev', { name: 'token', value: 'token-of-dev', isSecret: true });
    const bin = await client.bins.create({ name: 'In' });
    await fetch(`${bin.url}/x?a=1`, { method: 'POST', headers: { 'x-own': '{{ vars.token }}' }, body: '{{ vars.token }}' });
    const [capture] = (await client.captures.list({ binId: bin.id })).items;
    await client.captures.replay({ id: capture?.id ?? '', url: `${target.url}/?q={{vars.token}}` });
    const request = await target.nextRequest();
    expect(request.target).toBe('/?q=%7B%7Bvars.token}}');
    expect(request.header('x-own')).toBe('{{ vars.token }}');
    expect(request.body.toString()).toBe('{{ vars.token }}');
  });

  it('go along with bodies that are rendered for each attempt, and with ones that are rendered in a thread', async () => {
    const { client, clock, deliveryWhen } = await startClockedEngine();
    const target = await receiver(respond({ status: 500 }));
    const dev = await use(client, 'dev', { name: 'a', value: '1' }, { name: 'key', value: 'key-of-dev', isSecret: true });
    const endpoint = await client.endpoints.create({
      ...plain,
      name: 'Own',
      url: target.url,
      contentType: 'text/plain',
      bodyPerAttempt: true,
      template: '{% capture x %}{{ vars.a }}{% endcapture %}{{ x }} {{ attempt }}',
      retryPolicy: { kind: 'schedule', delaysMs: [1000] },
    });
    const { deliveries } = await client.messages.send({ type: 'a.b' });
    await deliveryWhen(deliveries[0]?.id ?? '', hasAttempts(1));
    await client.environments.update({
      id: dev.id,
      variables: [
        { name: 'a', value: '2' },
        { name: 'key', isSecret: true },
      ],
    });
    clock.advance(1000);
    await deliveryWhen(deliveries[0]?.id ?? '', hasAttempts(2));
    expect(target.requests.map(({ body }) => body.toString())).toEqual(['1 1', '2 2']);
    await client.endpoints.update({ id: endpoint.id, template: '{% capture x %}{{ vars.key }}{% endcapture %}{{ x }}' });
    await expect(client.preview.render({ endpointId: endpoint.id, event: { type: 'a.b' } })).rejects.toThrow(/vars\.key is secret/);
  });
});
