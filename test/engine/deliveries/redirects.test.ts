import { describe, expect, it, onTestFinished } from 'vitest';
import { hasAttempts, startClockedEngine } from '../../support/clocked-engine.ts';
import { respond, startReceiver, type ScriptedReceiver, type Step } from '../../support/scripted-receiver.ts';

async function receiver(...steps: readonly Step[]): Promise<ScriptedReceiver> {
  const started = await startReceiver(steps);
  onTestFinished(started.close);
  return started;
}

function redirect(location: string): Step {
  return respond({ status: 308, reason: 'Permanent Redirect', headers: [['location', location]] });
}

type Engine = Awaited<ReturnType<typeof startClockedEngine>>;

/** The one attempt of a delivery to an endpoint. */
async function attemptAt(engine: Engine, endpoint: Parameters<Engine['client']['endpoints']['create']>[0]) {
  await engine.client.endpoints.create({ retryPolicy: { kind: 'none' }, ...endpoint });
  const { deliveries } = await engine.client.messages.send({ type: 'invoice.paid', data: { amount: 5 } });
  return (await engine.deliveryWhen(deliveries[0]?.id ?? '', hasAttempts(1))).attempts[0];
}

describe('an endpoint and redirects', () => {
  it('are refused unless the endpoint says otherwise', async () => {
    const target = await receiver(redirect('/new'));
    const engine = await startClockedEngine();
    const attempt = await attemptAt(engine, { name: 'Own', url: `${target.url}/old` });
    expect(attempt).toMatchObject({ outcome: { code: 'redirect', status: 308, reason: null }, redirects: [] });
    expect((await engine.client.endpoints.list({})).items[0]?.redirects).toBe('refuse');
    expect(target.requests).toHaveLength(1);
  });

  it('are followed with signature and secret headers to the same origin, and kept with the attempt', async () => {
    const target = await receiver(redirect('/new'));
    const engine = await startClockedEngine();
    const attempt = await attemptAt(engine, {
      name: 'Own',
      url: `${target.url}/old`,
      redirects: { follow: 2 },
      secretHeaders: { Authorization: 'Bearer 12345' },
    });
    expect(attempt).toMatchObject({
      outcome: { code: 'ok', status: 200 },
      request: { url: `${target.url}/old` },
      redirects: [{ url: `${target.url}/old`, status: 308, location: '/new', remoteAddress: '127.0.0.1' }],
    });
    expect(JSON.stringify(attempt)).not.toContain('Bearer 12345');
    const [first, second] = target.requests;
    expect(second?.target).toBe('/new');
    expect(second?.header('Authorization')).toBe('Bearer 12345');
    expect(second?.rawHeaders).toEqual(first?.rawHeaders);
    expect(second?.body).toEqual(first?.body);
  });

  it.each([
    { name: 'a signed endpoint', fields: {} },
    { name: 'an endpoint with a secret header', fields: { signing: null, secretHeaders: { 'X-Key': '12345' } } },
  ])('are not followed to another origin by $name', async ({ fields }) => {
    const other = await receiver();
    const target = await receiver(redirect(`${other.url}/new`));
    const engine = await startClockedEngine();
    const attempt = await attemptAt(engine, { name: 'Own', url: `${target.url}/old`, redirects: { follow: 2 }, ...fields });
    expect(attempt?.outcome).toMatchObject({ code: 'redirect', reason: 'REDIRECT_ORIGIN' });
    expect(other.connectionCount()).toBe(0);
  });

  it('are followed to another origin by an endpoint without signature and secrets', async () => {
    const other = await receiver();
    const target = await receiver(redirect(`${other.url}/new`));
    const engine = await startClockedEngine();
    const attempt = await attemptAt(engine, { name: 'Own', url: `${target.url}/old`, redirects: { follow: 2 }, signing: null });
    expect(attempt?.outcome?.code).toBe('ok');
    expect((await other.nextRequest()).body).toEqual(target.requests[0]?.body);
  });

  it('are refused again once the endpoint is changed', async () => {
    const target = await receiver(redirect('/new'), respond(), redirect('/new'));
    const engine = await startClockedEngine();
    await attemptAt(engine, { name: 'Own', url: `${target.url}/old`, redirects: { follow: 2 } });
    const id = (await engine.client.endpoints.list({})).items[0]?.id ?? '';
    expect(await engine.client.endpoints.update({ id, redirects: 'refuse' })).toMatchObject({ redirects: 'refuse' });
    const { deliveries } = await engine.client.messages.send({ type: 'invoice.paid', data: {} });
    const delivery = await engine.deliveryWhen(deliveries[0]?.id ?? '', hasAttempts(1));
    expect(delivery.attempts[0]?.outcome?.code).toBe('redirect');
  });
});
