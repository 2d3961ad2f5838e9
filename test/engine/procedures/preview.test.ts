import { describe, expect, it, onTestFinished } from 'vitest';
import { startClockedEngine } from '../../support/clocked-engine.ts';
import { startReceiver } from '../../support/scripted-receiver.ts';

const url = 'http://127.0.0.1:9/hook';

describe('the preview', () => {
  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'GET'] as const)('by %s shows what is then sent', async (method) => {
    const target = await startReceiver();
    onTestFinished(target.close);
    const engine = await startClockedEngine();
    const signing = {
      scheme: 'custom',
      header: 'X-Sig',
      timestampHeader: 'X-Time',
      signedContent: '{method} {url} {timestamp}.{body}',
    } as const;
    const { id } = await engine.client.endpoints.create({
      name: 'Own',
      url: `${target.url}/a?b=1`,
      method,
      signing,
      headers: { 'X-One': '1', 'user-agent': 'own' },
    });
    const event = { type: 'a.b', id: 'msg_1', data: { n: 'é' } };
    const shown = await engine.client.preview.render({ endpointId: id, event });
    await engine.client.messages.send(event);
    const request = await target.nextRequest();
    expect(shown.headers).toEqual(request.rawHeaders);
    expect(shown.bodyBase64).toBe(request.body.toString('base64'));
    expect(shown).toMatchObject({ method, bodyBytes: request.body.length, secretSource: 'endpoint' });
    expect(shown.bodyText).toBe(request.body.toString());
  });

  it('lays a draft over the endpoint and changes nothing', async () => {
    const engine = await startClockedEngine();
    const { id } = await engine.client.endpoints.create({ name: 'Own', url, template: '{"a": 1}' });
    const before = await engine.client.endpoints.get({ id });
    const shown = await engine.client.preview.render({
      endpointId: id,
      draft: { template: '{"b": 2}', headers: { A: '1' }, secret: `whsec_${Buffer.alloc(32, 1).toString('base64')}` },
      event: { type: 'a.b' },
    });
    expect(shown).toMatchObject({ bodyText: '{"b": 2}', secretSource: 'draft', url });
    expect(shown.headers).toContainEqual(['A', '1']);
    expect(await engine.client.endpoints.get({ id })).toEqual(before);
  });

  it('signs with a stand-in where there is no secret yet, and says so', async () => {
    const engine = await startClockedEngine();
    const shown = await engine.client.preview.render({ draft: { url }, event: { type: 'a.b' } });
    expect(shown.secretSource).toBe('placeholder');
    expect(shown.warnings.map((each) => each.code)).toEqual(['EVENT_TYPE_UNKNOWN', 'SECRET_PLACEHOLDER']);
    expect(shown.signature?.scheme).toBe('standard-webhooks');
    expect(await engine.client.preview.render({ draft: { url, signing: null }, event: { type: 'a.b' } })).toMatchObject({
      secretSource: 'none',
      signature: null,
    });
  });

  it('shows no text for a body that is not UTF-8, and a command that still makes it', async () => {
    const engine = await startClockedEngine();
    const shown = await engine.client.preview.render({
      draft: { url, signing: null },
      event: { type: 'a.b', bodyBase64: Buffer.from([0xff, 0]).toString('base64') },
    });
    expect(shown).toMatchObject({ bodyText: null, bodyBytes: 2, curl: expect.stringContaining("printf %s '/wA=' | base64 -d | curl") });
  });

  it.each(['curl', 'httpie', 'fetch', 'python', 'go'] as const)(
    'is also written as %s, small or large, without masked values',
    async (as) => {
      const engine = await startClockedEngine();
      for (const length of [10, 200_000]) {
        const { code, curl } = await engine.client.preview.render({
          draft: { url, signing: null, secretHeaders: { 'X-Key': 'abc' } },
          event: { type: 'a.b', bodyBase64: Buffer.from('x'.repeat(length)).toString('base64') },
          as,
        });
        expect(code).toMatchObject({ as, text: expect.stringContaining('SECRET_X_KEY') });
        expect(code?.text).toContain('x'.repeat(length));
        expect(code?.text === curl).toBe(as === 'curl');
      }
    },
  );

  it('quotes what a shell would take for its own', async () => {
    const engine = await startClockedEngine();
    const shown = await engine.client.preview.render({
      draft: { url: `${url}?a='$(x)'`, signing: null, headers: { 'X-A': "it's" } },
      event: { type: 'a.b', bodyBase64: Buffer.from("'; rm -rf ~ #").toString('base64') },
    });
    expect(shown.curl).toContain(`'${url}?a=%27$(x)%27'`);
    expect(shown.curl).toContain(`'X-A: it'\\''s'`);
    expect(shown.curl).toContain(`--data-raw ''\\''; rm -rf ~ #'`);
  });

  it('refuses with the place of an error in the template or in what it renders', async () => {
    const engine = await startClockedEngine();
    const render = (template: string) =>
      engine.client.preview.render({ draft: { url, template }, event: { type: 'a.b', data: { a: 'x' } } });
    await expect(render('{\n{{ data.b }}\n}')).rejects.toMatchObject({
      code: 'TEMPLATE_INVALID',
      data: { source: 'template', line: 2, column: 4 },
    });
    await expect(render('{\n"a": {{ data.a }}\n}')).rejects.toMatchObject({
      code: 'TEMPLATE_INVALID',
      data: { source: 'json', line: 2, column: 6, rendered: '{\n"a": x\n}' },
    });
    await expect(render('{% if %}')).rejects.toMatchObject({ code: 'TEMPLATE_INVALID', data: { source: 'template', line: 1 } });
    await expect(engine.client.preview.render({ event: { type: 'a.b' } })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      data: { issues: [{ path: 'draft.url' }] },
    });
    await expect(engine.client.preview.render({ endpointId: 'ep_none', event: { type: 'a.b' } })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await engine.client.system.updateSettings({ bodyLimitBytes: 1024 });
    await expect(render(`{"a": "${'x'.repeat(2000)}"}`)).rejects.toMatchObject({
      code: 'BODY_TOO_LARGE',
      data: { bodyBytes: 2009, limitBytes: 1024 },
    });
  });
});
