import { Buffer } from 'node:buffer';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { SolverEvent } from '#shared/contract/solving.ts';
import { maskUrlSecrets, variableSecrets } from '#engine/request/url-secrets.ts';
import { renderUrl } from '#engine/templates/url-template.ts';
import { hasAttempts, startClockedEngine } from '../../support/clocked-engine.ts';
import { respond, startReceiver, type Step } from '../../support/scripted-receiver.ts';

const key = 'a'.repeat(32);

/** An attempt at an endpoint that signs its URL, which has a secret. */
async function attempted(
  value: string,
  { fields = {}, path = '/q?t={{ vars.token }}', script = [] }: { fields?: object; path?: string; script?: readonly Step[] } = {},
) {
  const target = await startReceiver(script);
  onTestFinished(target.close);
  const { client, deliveryWhen } = await startClockedEngine();
  const { id } = await client.environments.create({ name: 'staging', variables: [{ name: 'token', value, isSecret: true }] });
  await client.system.updateSettings({ activeEnvironmentId: id });
  await client.endpoints.create({
    name: 'Own',
    url: `${target.url}${path}`,
    signing: { scheme: 'square' },
    secret: key,
    retryPolicy: 'none',
    ...fields,
  });
  const { deliveries } = await client.messages.send({ type: 'a.b' });
  const delivery = await deliveryWhen(deliveries[0]?.id ?? '', hasAttempts(1));
  return { client, delivery, attemptId: delivery.attempts[0]?.id ?? '' };
}

const decoded = (base64: string | null | undefined) => Buffer.from(base64 ?? '', 'base64').toString();

function variablesWith(token: string) {
  return { environment: 'staging', isDeleted: false, plain: {}, secret: { token } };
}

describe('a secret in the URL of an attempt', () => {
  it.each(['redacted', 'all'] as const)('is in no case file, with headers %s', async (includeHeaders) => {
    const { client, attemptId } = await attempted('simpleTOKEN99');
    const { contentBase64 } = await client.verifying.case({ scheme: 'auto', attemptId, format: 'json', includeHeaders });
    const file = decoded(contentBase64);
    expect(file).not.toContain('simpleTOKEN99');
    expect(file).not.toContain(Buffer.from('/q?t=simpleTOKEN99').toString('base64').slice(4, -4));
    const { request, verdict, signed } = JSON.parse(file) as Record<string, Record<string, string>>;
    expect(request?.['url']).toMatch(/\/q\?t=\[secret [0-9a-f]{8}\]$/);
    expect(verdict?.['verdict']).toBe('valid');
    expect(decoded(signed?.['base64'])).toContain('/q?t=*************{');
  });

  it('is in no verdict and in no result of a search, though both use it', async () => {
    const { client, attemptId } = await attempted('simpleTOKEN99');
    const verdict = await client.verifying.verify({ scheme: 'auto', attemptId });
    expect(verdict.verdict).toBe('valid');
    expect(decoded(verdict.signedBase64)).toContain('/q?t=*************{');
    const events: SolverEvent[] = [];
    for await (const event of await client.verifying.solve({ scheme: 'auto', attemptId })) events.push(event);
    const result = events.find((event) => event.kind === 'result');
    expect(decoded(result?.matches[0]?.signed?.base64)).toContain('/q?t=*************{');
    expect(JSON.stringify(events)).not.toContain('simpleTOKEN99');
  });

  it('is put back as it was sent, so that the signature is valid', async () => {
    const { client, attemptId, delivery } = await attempted('abc+def/ghi==');
    expect(delivery.attempts[0]?.request?.url).toMatch(/\/q\?t=\[secret vars\.token\]$/);
    expect((await client.verifying.verify({ scheme: 'auto', attemptId })).verdict).toBe('valid');
  });

  it('that cannot be told any more leaves the signature unchecked, not invalid', async () => {
    const { client, attemptId, delivery } = await attempted('simpleTOKEN99');
    await client.endpoints.update({ id: delivery.endpointId, url: 'http://127.0.0.1:9/other' });
    expect((await client.verifying.verify({ scheme: 'auto', attemptId })).verdict).toBe('unchecked');
  });

  it('is masked in the reason and the headers of an answer, as is one in a header', async () => {
    const answer = respond({ status: 500, reason: 'no simpleTOKEN99', headers: [['x-echo', 'got simpleTOKEN99']] });
    const inHeader = { path: '/plain', fields: { headers: { 'X-Token': 'key {{ vars.token }}' } } };
    for (const place of [{}, inHeader]) {
      const { delivery } = await attempted('simpleTOKEN99', { ...place, script: [answer] });
      expect(delivery.attempts[0]?.response).toMatchObject({ reason: 'no [secret vars.token]' });
      expect(delivery.attempts[0]?.response?.headers).toContainEqual(['x-echo', 'got [secret vars.token]']);
      expect(JSON.stringify(delivery)).not.toContain('simpleTOKEN99');
    }
  });

  it.each([
    ['http://{{ vars.token }}.example/', 'MySecretHost'],
    ['http://a.example/{{ vars.token }}/x', "it's<a>{secret}"],
    ['http://a.example/?q={{ vars.token }}', "it's<a>|{secret}`^"],
    ['http://a.example/x/{{ vars.token }}', 'gone/../../secret-part'],
    ['http://a.example/x/{{ vars.token }}', 'back\\slash-secret'],
    ['{{ vars.token }}/x', "http://MyHost.example:81/it's"],
    ['http://{{ vars.token }}/x', "MyHost.example:81/aa'b?c'd<e>"],
    ['http://{{ vars.token }}.example/', 'bücher'],
  ])('is masked in %s as the parser of URLs writes it: %s', (source, token) => {
    const { url, secrets } = renderUrl(source, variablesWith(token));
    const known = variableSecrets(secrets, url);
    const { href, host, pathname, search } = new URL(url);
    const shown = [href, host, pathname, search].map((text) => maskUrlSecrets(text, known)).join(' ');
    for (const part of [
      /myhost/i,
      /mysecret/i,
      /secret[}-]/i,
      /secret%7D/i,
      /it's|it%27s/,
      /-secret/,
      /secret-part/,
      /a'b|c'd|c%27d/,
      /xn--/,
    ])
      expect(shown).not.toMatch(part);
    expect(shown).toContain('[secret vars.token]');
  });

  it('with a dollar sign is not read as a pattern in the reason why nothing can be sent', () => {
    const render = () => renderUrl('{{ vars.token | append: "" | prepend: "$&" }}', variablesWith('ftp://$&-secret'));
    expect(render).toThrow('With the variables of staging, nothing can be sent');
    expect(render).not.toThrow('ftp://$&-secret');
  });
});
