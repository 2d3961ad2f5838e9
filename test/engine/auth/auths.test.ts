import { describe, expect, it, onTestFinished } from 'vitest';
import { fingerprintOf } from '#engine/signing/secret.ts';
import { hasAttempts, startClockedEngine } from '../../support/clocked-engine.ts';
import { respond, startReceiver, type Step } from '../../support/scripted-receiver.ts';

const url = 'http://127.0.0.1:9/hook';
const secret = `whsec_${Buffer.from('Kx7Pq2Zt9LmW4vRb8NcY1sDf6HgJ3aQe').toString('base64')}`;
const standard = { scheme: 'standard-webhooks' } as const;

async function receiver(...script: readonly Step[]) {
  const started = await startReceiver(script);
  onTestFinished(started.close);
  return started;
}

describe('an authentication', () => {
  it('is kept over a restart, and shows fingerprints but no secret', async () => {
    const first = await startClockedEngine();
    const made = await first.client.auths.create({
      name: ' Partner ',
      parts: [
        { kind: 'signature', signing: standard, secret },
        { kind: 'basic', username: 'shop', password: 'correct horse battery' },
        { kind: 'query', name: 'key', value: 'query-value-0123456789' },
      ],
    });
    expect(made).toMatchObject({
      id: expect.stringMatching(/^aut_/),
      name: 'Partner',
      description: '',
      secret,
      publicKey: null,
      usedBy: [],
      warnings: [],
    });
    const { secret: _secret, publicKey: _publicKey, warnings: _warnings, ...shown } = made;
    expect(shown.parts).toEqual([
      {
        kind: 'signature',
        id: 'signature',
        signing: standard,
        secrets: [{ fingerprint: fingerprintOf(secret), expiresAtMs: null, publicKey: null }],
      },
      {
        kind: 'basic',
        id: 'basic',
        username: 'shop',
        secrets: [{ fingerprint: fingerprintOf('correct horse battery'), expiresAtMs: null, publicKey: null }],
      },
      {
        kind: 'query',
        id: 'query:key',
        name: 'key',
        secrets: [{ fingerprint: fingerprintOf('query-value-0123456789'), expiresAtMs: null, publicKey: null }],
      },
    ]);
    await first.stop();
    const second = await startClockedEngine({ dataDir: first.dataDir });
    expect(await second.client.auths.get({ id: made.id })).toEqual(shown);
    expect(await second.client.auths.list({})).toEqual({ items: [shown], next: null });
  });

  it('is listed newest first, page by page, and found by name', async () => {
    const { client } = await startClockedEngine();
    for (const name of ['One', 'Two', 'Three']) await client.auths.create({ name, parts: [{ kind: 'bearer', token: 'a'.repeat(32) }] });
    const page = await client.auths.list({ limit: 2 });
    expect(page.items.map(({ name }) => name)).toEqual(['Three', 'Two']);
    expect((await client.auths.list({ cursor: page.next ?? '' })).items.map(({ name }) => name)).toEqual(['One']);
    expect((await client.auths.list({ q: 'tw' })).items.map(({ name }) => name)).toEqual(['Two']);
  });

  it('has a name of its own, letter case aside', async () => {
    const { client } = await startClockedEngine();
    const parts = [{ kind: 'bearer', token: 'a'.repeat(32) }] as const;
    await client.auths.create({ name: 'Partner', parts: [...parts] });
    const taken = { code: 'CONFLICT', data: { issues: [{ path: 'name' }] } };
    await expect(client.auths.create({ name: 'PARTNER', parts: [...parts] })).rejects.toMatchObject(taken);
    const other = await client.auths.create({ name: 'Other', parts: [...parts] });
    await expect(client.auths.update({ id: other.id, name: 'partner' })).rejects.toMatchObject(taken);
  });

  it.each([
    ['no part', [], 'parts'],
    [
      'one part twice',
      [
        { kind: 'bearer', token: 'a' },
        { kind: 'bearer', token: 'b' },
      ],
      'parts.1',
    ],
    [
      'two parts for one header',
      [
        { kind: 'bearer', token: 'a' },
        { kind: 'basic', username: 'a', password: 'b' },
      ],
      'parts.1',
    ],
    [
      'the same header in another case',
      [
        { kind: 'header', name: 'X-Key', value: 'a' },
        { kind: 'header', name: 'x-key', value: 'b' },
      ],
      'parts.1',
    ],
    ['a header that Hookyard writes', [{ kind: 'header', name: 'Host', value: 'a' }], 'parts.0.name'],
    ['a token with a line break', [{ kind: 'bearer', token: 'a\r\nX: 1' }], 'parts.0.token'],
    ['a user name with a colon', [{ kind: 'basic', username: 'a:b', password: 'c' }], 'parts.0.username'],
    ['a missing password', [{ kind: 'basic', username: 'a' }], 'parts.0.password'],
    ['a missing value', [{ kind: 'query', name: 'key' }], 'parts.0.value'],
    ['a secret that the scheme cannot use', [{ kind: 'signature', signing: standard, secret: 'not base64!' }], 'parts.0.secret'],
  ] as const)('is refused with %s', async (_what, parts, path) => {
    const { client } = await startClockedEngine();
    await expect(client.auths.create({ name: 'Partner', parts: [...parts] as never })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      data: { issues: [{ path }] },
    });
  });

  it('warns about what can be guessed', async () => {
    const { client } = await startClockedEngine();
    const { warnings, id } = await client.auths.create({ name: 'Weak', parts: [{ kind: 'bearer', token: 'abc' }] });
    expect(warnings).toEqual([{ code: 'SECRET_WEAK', path: 'parts.0', message: expect.stringMatching(/^The token has 3 characters/) }]);
    expect(await client.auths.check({ id })).toMatchObject({ isUsable: true, results: [{ partId: 'bearer', status: 'warning' }] });
  });

  it('keeps the secrets that an update leaves out, and replaces those that it gives', async () => {
    const engine = await startClockedEngine();
    const target = await receiver(respond(), respond());
    const { id } = await engine.client.auths.create({
      name: 'Partner',
      parts: [
        { kind: 'bearer', token: 'first-token-0123456789' },
        { kind: 'header', name: 'X-Key', value: 'first-value-0123456789' },
      ],
    });
    await engine.client.endpoints.create({ name: 'Shop', url: target.url, authId: id, signing: null });
    const changed = await engine.client.auths.update({
      id,
      parts: [{ kind: 'bearer' }, { kind: 'header', name: 'X-Key', value: 'other-value-0123456789' }],
    });
    expect(changed.secret).toBeNull();
    await engine.client.messages.send({ type: 'a.b' });
    const request = await target.nextRequest();
    expect(request.header('authorization')).toBe('Bearer first-token-0123456789');
    expect(request.header('x-key')).toBe('other-value-0123456789');
  });

  it('shows the secret of a signature once, when it is made', async () => {
    const { client } = await startClockedEngine();
    const made = await client.auths.create({ name: 'Partner', parts: [{ kind: 'signature', signing: standard }] });
    expect(made.secret).toMatch(/^whsec_/);
    const same = await client.auths.update({ id: made.id, parts: [{ kind: 'signature', signing: standard }] });
    expect(same).toMatchObject({ secret: null, parts: made.parts });
  });

  it('is changed only on the version that was read, where that is asked for', async () => {
    const { client } = await startClockedEngine();
    const made = await client.auths.create({ name: 'Partner', parts: [{ kind: 'signature', signing: standard }] });
    await client.auths.update({ id: made.id, name: 'Other' });
    await expect(client.auths.update({ id: made.id, name: 'Third', ifUpdatedAtMs: made.updatedAtMs })).rejects.toMatchObject({
      code: 'CONFLICT',
    });
  });
});

describe('rotating a secret', () => {
  it('signs with both during the overlap, shows its end, and with the new one alone after it', async () => {
    const engine = await startClockedEngine();
    const target = await receiver(respond(), respond());
    const made = await engine.client.auths.create({ name: 'Partner', parts: [{ kind: 'signature', signing: standard, secret }] });
    await engine.client.endpoints.create({ name: 'Shop', url: target.url, authId: made.id });
    const endsAtMs = engine.clock.now() + 60_000;
    const rotated = await engine.client.auths.rotateSecret({ id: made.id, overlapMs: 60_000 });
    expect(rotated).toMatchObject({ part: 'signature', secret: expect.stringMatching(/^whsec_/), previousExpiresAtMs: endsAtMs });
    expect(rotated.parts[0]?.secrets).toEqual([
      { fingerprint: fingerprintOf(rotated.secret), expiresAtMs: null, publicKey: null },
      { fingerprint: fingerprintOf(secret), expiresAtMs: endsAtMs, publicKey: null },
    ]);
    await engine.client.messages.send({ type: 'a.b' });
    expect((await target.nextRequest()).header('webhook-signature')?.split(' ')).toHaveLength(2);
    engine.clock.advance(60_001);
    await engine.client.messages.send({ type: 'a.b' });
    expect((await target.nextRequest()).header('webhook-signature')?.split(' ')).toHaveLength(1);
    expect((await engine.client.auths.get({ id: made.id })).parts[0]?.secrets).toHaveLength(1);
  });

  it('replaces a token at once, and asks which part is meant where that is not clear', async () => {
    const { client, clock } = await startClockedEngine();
    const { id } = await client.auths.create({
      name: 'Partner',
      parts: [
        { kind: 'bearer', token: 'a'.repeat(32) },
        { kind: 'query', name: 'key', value: 'b'.repeat(32) },
      ],
    });
    await expect(client.auths.rotateSecret({ id })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      data: { issues: [{ path: 'part', message: expect.stringContaining('bearer, query:key') }] },
    });
    await expect(client.auths.rotateSecret({ id, part: 'basic' })).rejects.toMatchObject({ data: { issues: [{ path: 'part' }] } });
    const rotated = await client.auths.rotateSecret({ id, part: 'bearer', secret: 'new-token-0123456789' });
    expect(rotated).toMatchObject({ part: 'bearer', secret: 'new-token-0123456789', previousExpiresAtMs: clock.now() });
    expect(rotated.parts[0]?.secrets).toHaveLength(1);
    await expect(client.auths.rotateSecret({ id, part: 'bearer', secret: 'two words' })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    expect((await client.auths.rotateSecret({ id, part: 'query:key' })).secret).toMatch(/^[\w-]{43}$/);
  });
});

describe('an endpoint with an authentication', () => {
  it('sends what each part says, and the log and the preview show it masked', async () => {
    const engine = await startClockedEngine();
    const target = await receiver(respond());
    const made = await engine.client.auths.create({
      name: 'Partner',
      parts: [
        { kind: 'signature', signing: { scheme: 'custom', header: 'X-Sig', signedContent: '{url} {body}' } },
        { kind: 'basic', username: 'shöp', password: 'correct horse battery' },
        { kind: 'header', name: 'X-Key', value: 'header-value-0123456789' },
        { kind: 'query', name: 'key', value: 'query value&0123456789' },
      ],
    });
    const endpoint = await engine.client.endpoints.create({
      name: 'Shop',
      url: `${target.url}/hook?a=1&key=old`,
      authId: made.id,
      headers: { 'x-key': 'own', 'X-Other': '1' },
    });
    expect(endpoint).toMatchObject({ authId: made.id, signing: null, secret: null });
    expect(endpoint.warnings.map(({ code, path }) => [code, path])).toEqual([['HEADER_REPLACED', 'headers.x-key']]);
    const shown = await engine.client.preview.render({ endpointId: endpoint.id, event: { type: 'a.b', id: 'msg_1' } });
    const [delivery] = (await engine.client.messages.send({ type: 'a.b', id: 'msg_1' })).deliveries;
    const request = await target.nextRequest();
    expect(request.target).toBe('/hook?a=1&key=query%20value%260123456789');
    const basic = `Basic ${Buffer.from('shöp:correct horse battery').toString('base64')}`;
    expect(request.header('authorization')).toBe(basic);
    expect(request.rawHeaders.filter(([name]) => name.toLowerCase() === 'x-key')).toEqual([['X-Key', 'header-value-0123456789']]);
    expect(request.header('x-other')).toBe('1');
    const verdict = await engine.client.verifying.verify({
      scheme: 'custom',
      options: { header: 'X-Sig', signedContent: '{url} {body}' },
      secrets: [made.secret ?? ''],
      request: {
        method: 'POST',
        url: `${target.url}${request.target}`,
        headers: request.rawHeaders.map(([name, value]) => [name, value]),
        bodyBase64: request.body.toString('base64'),
      },
    });
    expect(verdict.verdict).toBe('valid');

    const [attempt] = (await engine.deliveryWhen(delivery?.id ?? '', hasAttempts(1))).attempts;
    const masked = `[secret ${fingerprintOf('query value&0123456789')}]`;
    for (const { url: loggedUrl, headers } of [attempt?.request, shown].flatMap((each) => each ?? [])) {
      expect(loggedUrl).toContain(`/hook?a=1&key=${masked}`);
      expect(headers).toContainEqual(['Authorization', `[secret ${fingerprintOf(basic)}]`]);
      expect(headers).toContainEqual(['X-Key', `[secret ${fingerprintOf('header-value-0123456789')}]`]);
    }
    const told = JSON.stringify([attempt, shown]);
    const signed = Buffer.from(attempt?.signature?.signedBase64 ?? '', 'base64').toString();
    expect(signed).toContain('key=**********************');
    for (const text of ['query%20value', 'query value', 'header-value', basic]) expect(`${told} ${signed}`).not.toContain(text);
    expect(shown.curl).toContain('"${SECRET_KEY:?set it to the value with fingerprint');

    // The log still proves the signature, whose string contains the key.
    const proved = await engine.client.verifying.verify({
      scheme: 'custom',
      options: { header: 'X-Sig', signedContent: '{url} {body}' },
      secrets: [made.secret ?? ''],
      attemptId: attempt?.id ?? '',
    });
    expect(proved.verdict).toBe('valid');
  });

  it('masks a key that a receiver quotes when it redirects', async () => {
    const engine = await startClockedEngine();
    const key = 'query-value-0123456789';
    const target = await receiver(
      respond({ status: 308, headers: [['Location', `/other?key=${key}`]] }),
      respond({ status: 302, headers: [['Location', `/third?key=${key}`]] }),
    );
    const { id } = await engine.client.auths.create({ name: 'Partner', parts: [{ kind: 'query', name: 'key', value: key }] });
    await engine.client.endpoints.create({
      name: 'Shop',
      url: target.url,
      authId: id,
      signing: null,
      redirects: { follow: 2 },
      retryPolicy: 'none',
    });
    const [delivery] = (await engine.client.messages.send({ type: 'a.b' })).deliveries;
    const logged = await engine.deliveryWhen(delivery?.id ?? '', hasAttempts(1));
    expect(logged.lastOutcome?.code).toBe('redirect');
    expect(logged.attempts[0]?.redirects).toHaveLength(1);
    expect(JSON.stringify(logged)).not.toContain(key);
  });

  it('signs with the authentication even where it has a scheme of its own, and says so', async () => {
    const engine = await startClockedEngine();
    const target = await receiver(respond());
    const { id, secret: shared } = await engine.client.auths.create({ name: 'Partner', parts: [{ kind: 'signature', signing: standard }] });
    const endpoint = await engine.client.endpoints.create({
      name: 'Shop',
      url: target.url,
      authId: id,
      signing: { scheme: 'github-sha256' },
    });
    expect(endpoint.secret).not.toBeNull();
    expect(endpoint.warnings).toMatchObject([{ code: 'SIGNING_REPLACED', path: 'signing' }]);
    await engine.client.messages.send({ type: 'a.b' });
    const request = await target.nextRequest();
    expect(request.header('x-hub-signature-256')).toBeNull();
    const verdict = await engine.client.verifying.verify({
      scheme: 'standard-webhooks',
      secrets: [shared ?? ''],
      nowMs: engine.clock.now(),
      request: { headers: request.rawHeaders.map(([name, value]) => [name, value]), bodyBase64: request.body.toString('base64') },
    });
    expect(verdict.verdict).toBe('valid');
  });

  it('does not count the scheme of its authentication as a change to its profile', async () => {
    const { client } = await startClockedEngine();
    const { id } = await client.auths.create({ name: 'Partner', parts: [{ kind: 'signature', signing: standard }] });
    const made = await client.endpoints.create({
      profile: 'notification-delivery',
      url: 'https://127.0.0.1:9/',
      events: ['notification.sent'],
      authId: id,
    });
    expect(made).toMatchObject({ signing: null, secret: null });
    expect(made.changedFromProfile).not.toContain('signing');
  });

  it('shares one authentication with others, which cannot be deleted before they have another', async () => {
    const { client } = await startClockedEngine();
    const { id } = await client.auths.create({ name: 'Partner', parts: [{ kind: 'signature', signing: standard }] });
    const shop = await client.endpoints.create({ name: 'Shop', url, authId: id });
    const bank = await client.endpoints.create({ name: 'Bank', url, authId: id });
    expect((await client.auths.get({ id })).usedBy).toEqual([
      { id: bank.id, name: 'Bank' },
      { id: shop.id, name: 'Shop' },
    ]);
    await expect(client.auths.remove({ id })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: 'Partner is used by Bank, Shop. Give those endpoints another authentication first.',
    });
    await client.endpoints.update({ id: shop.id, authId: null });
    await client.endpoints.remove({ id: bank.id });
    expect(await client.auths.remove({ id })).toEqual({ id });
    await expect(client.auths.get({ id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('refuses an authentication that does not exist, wherever one is named', async () => {
    const { client } = await startClockedEngine();
    const made = await client.endpoints.create({ name: 'Shop', url });
    const refused = (path: string) => ({ code: 'INPUT_INVALID', data: { issues: [{ path }] } });
    await expect(client.endpoints.create({ name: 'B', url, authId: 'aut_none' })).rejects.toMatchObject(refused('authId'));
    await expect(client.endpoints.update({ id: made.id, authId: 'aut_none' })).rejects.toMatchObject(refused('authId'));
    await expect(client.messages.send({ type: 'a.b', target: { name: 'T', url, authId: 'aut_none' } })).rejects.toMatchObject(
      refused('target.authId'),
    );
    await expect(client.preview.render({ draft: { url, authId: 'aut_none' }, event: { type: 'a.b' } })).rejects.toMatchObject(
      refused('draft.authId'),
    );
  });

  it('sends a test and a message to one URL with it too', async () => {
    const engine = await startClockedEngine();
    const target = await receiver(respond(), respond());
    const { id } = await engine.client.auths.create({ name: 'Partner', parts: [{ kind: 'bearer', token: 'a'.repeat(32) }] });
    const endpoint = await engine.client.endpoints.create({ name: 'Shop', url: target.url, authId: id });
    await engine.client.endpoints.test({ id: endpoint.id });
    expect((await target.nextRequest()).header('authorization')).toBe(`Bearer ${'a'.repeat(32)}`);
    await engine.client.messages.send({ type: 'a.b', target: { name: 'T', url: target.url, authId: id } });
    expect((await target.nextRequest()).header('authorization')).toBe(`Bearer ${'a'.repeat(32)}`);
  });

  it('ends a delivery in words whose authentication was deleted while it waited', async () => {
    const engine = await startClockedEngine();
    const target = await receiver(respond({ status: 500 }));
    const { id } = await engine.client.auths.create({ name: 'Partner', parts: [{ kind: 'bearer', token: 'a'.repeat(32) }] });
    const retryPolicy = { kind: 'schedule' as const, delaysMs: [1000] };
    const sent = await engine.client.messages.send({ type: 'a.b', target: { name: 'T', url: target.url, authId: id, retryPolicy } });
    const delivery = sent.deliveries[0]?.id ?? '';
    await engine.deliveryWhen(delivery, hasAttempts(1));
    await engine.client.auths.remove({ id });
    engine.clock.advance(1000);
    expect(await engine.deliveryWhen(delivery, hasAttempts(2))).toMatchObject({
      status: 'exhausted',
      lastOutcome: {
        code: 'policy',
        message: 'Nothing was sent: The authentication of T was deleted. Choose another one for it, or none.',
      },
    });
  });
});

describe('webhooks of a service that delivers notifications', () => {
  it('share one authentication, by which a bin checks sender, integrity and time, and notices a replay', async () => {
    const engine = await startClockedEngine({ capturePort: 0 });
    const { client, clock } = engine;
    const auth = await client.auths.create({ name: 'Notifications', parts: [{ kind: 'signature', signing: standard }] });
    const bin = await client.bins.create({ name: 'Receiver', signing: standard, secrets: [auth.secret ?? ''] });
    for (const event of ['notification.sent', 'notification.failed'])
      await client.endpoints.create({
        name: event,
        profile: 'notification-delivery',
        httpsOnly: false,
        url: `${bin.url}/${event}`,
        events: [event],
        authId: auth.id,
      });
    for (const type of ['notification.sent', 'notification.failed']) {
      const [delivery] = (await client.messages.send({ type, data: {} })).deliveries;
      expect((await engine.deliveryWhen(delivery?.id ?? '', hasAttempts(1))).status).toBe('delivered');
    }
    expect((await client.auths.get({ id: auth.id })).usedBy).toHaveLength(2);
    const { items } = await client.captures.list({ binId: bin.id });
    expect(items.map(({ verdict, seenBeforeId }) => [verdict, seenBeforeId])).toEqual([
      ['valid', null],
      ['valid', null],
    ]);
    const original = await client.captures.get({ id: items[0]?.id ?? '' });
    const again = () =>
      fetch(`${engine.captureUrl}${original.target}`, {
        method: 'POST',
        headers: Object.fromEntries(original.headers.filter(([name]) => /^(webhook-|content-type)/i.test(name))),
        body: Buffer.from(original.bodyBase64, 'base64'),
      });
    await again();
    expect((await client.captures.list({ binId: bin.id })).items[0]).toMatchObject({ verdict: 'valid', seenBeforeId: original.id });
    clock.advance(301_000);
    await again();
    expect((await client.captures.list({ binId: bin.id })).items[0]).toMatchObject({ verdict: 'invalid', seenBeforeId: null });
  });
});

it('refuses a query key with half of a character, which no URL can have', async () => {
  const { client: calls } = await startClockedEngine();
  const parts = [{ kind: 'query' as const, name: 'key', value: 'query-value-0123456789\ud800' }];
  await expect(calls.auths.create({ name: 'Half', parts })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
});
