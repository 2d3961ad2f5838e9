import { expect, it, onTestFinished } from 'vitest';
import { startClockedEngine } from '../../support/clocked-engine.ts';
import { startReceiver } from '../../support/scripted-receiver.ts';

/** Custom schemes whose signature stands outside of the headers, and what the request line and body show of them. */
const schemes = {
  query: {
    signing: {
      scheme: 'custom',
      signedContent: '{method}\n{url}\n{body}',
      fields: [
        { place: 'query', name: 'ts', value: '{timestamp}' },
        { place: 'query', name: 'sig', value: '{signature}' },
      ],
    },
    target: /^\/hook\?a=1&ts=\d{10}&sig=[0-9a-f]{64}$/,
    body: /^type=a\.b$/,
  },
  form: {
    signing: { scheme: 'custom', encoding: 'base64', fields: [{ place: 'form', name: 'sig', value: 'v1={signature}' }] },
    target: /^\/hook\?a=1$/,
    body: /^type=a\.b&sig=v1%3D[A-Za-z0-9%]+%3D$/,
  },
} as const;

it.each(Object.entries(schemes))(
  'a signature in the %s is sent as the preview shows it, and verifies on arrival and from the log',
  async (_, expected) => {
    const receiver = await startReceiver();
    onTestFinished(receiver.close);
    const engine = await startClockedEngine();
    const secret = 'a-secret-of-32-characters-or-so!';
    const { id } = await engine.client.endpoints.create({
      name: 'Own',
      url: `${receiver.url}/hook?a=1`,
      contentType: 'application/x-www-form-urlencoded',
      template: 'type={{ type }}',
      signing: { ...expected.signing, fields: [...expected.signing.fields] },
      secret,
    });
    const event = { type: 'a.b', id: 'msg_1', data: {} };
    const shown = await engine.client.preview.render({ endpointId: id, event });
    const { deliveries } = await engine.client.messages.send(event);
    const request = await receiver.nextRequest();
    expect(request.target).toMatch(expected.target);
    expect(request.body.toString()).toMatch(expected.body);
    expect(shown.url).toBe(`${receiver.url}${request.target}`);
    expect(shown.bodyText).toBe(request.body.toString());
    expect(shown.headers).toEqual(request.rawHeaders);

    const arrived = {
      method: request.method,
      url: `${receiver.url}${request.target}`,
      headers: request.rawHeaders.map(([name, value]): [string, string] => [name, value]),
      bodyBase64: request.body.toString('base64'),
    };
    const { scheme, ...options } = expected.signing;
    const verify = async (secrets: string[]) =>
      engine.client.verifying.verify({
        scheme,
        options: { ...options, fields: options.fields.map((field) => ({ ...field })) },
        secrets,
        request: arrived,
        nowMs: engine.clock.now(),
      });
    expect(await verify([secret])).toMatchObject({ verdict: 'valid' });
    expect(await verify(['other'])).toMatchObject({ verdict: 'invalid', reason: 'signature_mismatch' });

    const { attempts } = await engine.deliveryWhen(deliveries[0]?.id ?? '', ({ status }) => status === 'delivered');
    const attempt = attempts[0];
    expect(attempt?.request?.url).toBe(arrived.url);
    const fromLog = await engine.client.verifying.verify({ scheme: 'auto', secrets: [], attemptId: attempt?.id ?? '' });
    expect(fromLog).toMatchObject({ verdict: 'valid', scheme: 'custom' });
  },
);
