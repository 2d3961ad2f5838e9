import { Buffer } from 'node:buffer';
import { request as httpRequest } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { HeaderField } from '#shared/contract/common.ts';
import { schemeIds, type Signing } from '#shared/contract/signing.ts';
import type { Verification } from '#shared/contract/verifying.ts';
import { createOfflineClient } from '#engine/index.ts';
import { schemeOf } from '#engine/signing/registry.ts';
import { verifyRequest } from '#engine/signing/verify.ts';
import { startClockedEngine } from '../../support/clocked-engine.ts';
import { judgedOptions } from '../snippets/judged-requests.ts';
import { adyenBody } from '../snippets/special-requests.ts';

const random = (start: number) => Uint8Array.from({ length: 32 }, (_, at) => (at * 37 + start) % 256);

interface Sent {
  readonly url: string;
  readonly headers: readonly HeaderField[];
  readonly body: Uint8Array;
}

/** A request as a scheme signs it, and what can happen to it on its way. */
function variantsOf(
  options: Signing,
  url: string,
  nowMs: number,
): readonly (readonly [name: string, sent: Sent, secrets: readonly string[]])[] {
  const { sign, makeSecret, publicKeyOf } = schemeOf(options.scheme);
  const [secret, other] = [makeSecret(random(11), options), makeSecret(random(7), options)];
  const known = (text: string) => publicKeyOf?.(text, options) ?? text;
  const body =
    options.scheme === 'twilio-form'
      ? Buffer.from('From=%2B1415&Body=+hi')
      : options.scheme === 'adyen-payments'
        ? adyenBody
        : Buffer.from('{"id":1,"name":"Zoë"}');
  const signed = (atMs: number, change: Partial<Sent> = {}): Sent => {
    const made = sign({ options, secrets: [secret], id: 'msg_1', nowMs: atMs, method: 'POST', url, body });
    return { url: made.url ?? url, headers: [...made.headers, ['X-Trace', 'a']], body: made.body ?? body, ...change };
  };
  const good = signed(nowMs);
  const own = known(secret);
  return [
    ['intact', good, [own]],
    ['by another secret', good, [known(other)]],
    ['by two secrets', good, [known(other), own]],
    ['an hour old', signed(nowMs - 3_600_000), [own]],
    ['an hour early', signed(nowMs + 3_600_000), [own]],
    ['its body changed', { ...good, body: Buffer.from([...good.body.subarray(0, -1), 0x20]) }, [own]],
    ['its body gone', { ...good, body: new Uint8Array() }, [own]],
    ['its headers gone', { ...good, headers: [] }, [own]],
    ['its first header gone', { ...good, headers: good.headers.slice(1) }, [own]],
    ['its headers cut', { ...good, headers: good.headers.map(([name, value]): HeaderField => [name, value.slice(0, -3)]) }, [own]],
    ['a header twice', { ...good, headers: [...good.headers, ...good.headers] }, [own]],
    ['with another query', { ...good, url: `${good.url}&more=1` }, [own]],
    ['as a proxy hands it on', { ...good, headers: [...good.headers, ['X-Forwarded-Proto', 'https']] }, [own]],
  ];
}

/** Sends without a word of its own, so that headers may occur twice or be empty. */
function send({ url, headers, body }: Sent): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const outgoing = httpRequest(url, {
    method: 'POST',
    headers: ['Host', new URL(url).host, ...headers.flat(), 'Content-Length', String(body.byteLength)],
    path: url.slice(new URL(url).origin.length),
  });
  outgoing.once('response', (response) => response.resume().once('end', resolve)).once('error', reject);
  outgoing.end(body);
  return promise;
}

const bare = ({
  recognised: _recognised,
  options: _options,
  ...rest
}: Verification & { readonly recognised?: unknown; readonly options?: unknown }): Verification => rest;

it('is one for a request in the bin, by its capture, given whole, offline and in the engine, in every scheme and however damaged', async () => {
  const { client, clock } = await startClockedEngine({ capturePort: 0 });
  const offline = createOfflineClient();
  const bin = await client.bins.create({ name: 'All' });
  let count = 0;
  for (const scheme of schemeIds) {
    const options = judgedOptions(scheme);
    const given: Record<string, never> = JSON.parse(JSON.stringify({ ...options, scheme: undefined }));
    const verdicts = new Set<string>();
    for (const [name, sent, secrets] of variantsOf(options, `${bin.url}/hooks?n=1`, clock.now())) {
      await client.bins.update({ id: bin.id, signing: options, secrets: [...secrets] });
      await send(sent);
      const summary = (await client.captures.list({ binId: bin.id, limit: 1 })).items[0];
      const capture = await client.captures.get({ id: summary?.id ?? '' });
      const stored = capture.verification;
      if (stored === null) throw new Error(`The bin gave no verdict in ${scheme} on a request ${name}.`);
      expect(summary?.verdict).toBe(stored.verdict);
      verdicts.add(stored.verdict);
      const isProxied = capture.headers.some(([header]) => header === 'X-Forwarded-Proto');
      const url = isProxied ? sent.url.replace('http://', 'https://') : sent.url;
      const whole = { method: 'POST', url, headers: capture.headers };
      const request = { ...whole, bodyBase64: capture.bodyBase64 };
      const asked = { scheme, options: given, secrets: [...secrets] };
      const nowMs = capture.receivedAtMs;
      const answers = {
        byCapture: await client.verifying.verify({ scheme: 'auto', captureId: capture.id }),
        byName: await client.verifying.verify({ ...asked, captureId: capture.id }),
        givenWhole: await client.verifying.verify({ ...asked, request, nowMs }),
        offline: await offline.verifying.verify({ ...asked, request, nowMs }),
        engine: verifyRequest({ ...whole, options, secrets, nowMs, body: Buffer.from(capture.bodyBase64, 'base64') }),
      };
      for (const [door, answer] of Object.entries(answers)) expect({ door, name, ...bare(answer) }).toEqual({ door, name, ...stored });
      count += 1;
    }
    expect(verdicts, scheme).toContain('valid');
    expect(verdicts.size, scheme).toBeGreaterThan(1);
  }
  expect(count).toBe(schemeIds.length * 13);
}, 600_000);

describe('a request of the workspace', () => {
  it('is judged by the scheme and secrets of its bin, unless the call names others', async () => {
    const { client } = await startClockedEngine({ capturePort: 0 });
    const secret = 'a secret of some length';
    const bin = await client.bins.create({
      name: 'Mine',
      signing: { scheme: 'custom', header: 'X-Own', signedContent: '{body}' } as never,
      secrets: [secret],
    });
    const { headers } = await client.verifying.sign({
      scheme: 'custom',
      options: { header: 'X-Own' },
      secrets: [secret],
      request: { bodyBase64: btoa('{}') },
    });
    await send({ url: bin.url, headers, body: Buffer.from('{}') });
    const id = (await client.captures.list({ binId: bin.id })).items[0]?.id ?? '';
    expect(await client.verifying.verify({ scheme: 'auto', captureId: id })).toMatchObject({
      verdict: 'valid',
      recognised: [{ scheme: 'custom', confidence: 'certain', because: expect.stringContaining('verifies by it') as string }],
      options: { header: 'X-Own' },
    });
    expect(await client.verifying.verify({ scheme: 'auto', captureId: id, secrets: ['another secret here'] })).toMatchObject({
      reason: 'signature_mismatch',
    });
    expect(await client.verifying.verify({ scheme: 'slack', captureId: id, secrets: [secret] })).toMatchObject({
      verdict: 'unsigned',
      scheme: 'slack',
    });
  });

  it('is not called invalid where the body of a given request is not known', async () => {
    const { client } = await startClockedEngine();
    const request = { headers: [['X-Hub-Signature-256', `sha256=${'0'.repeat(64)}`]] as [string, string][], bodyBase64: '' };
    const asked = { scheme: 'auto', secrets: ['a secret of some length'] };
    expect(await client.verifying.verify({ ...asked, request })).toMatchObject({ verdict: 'invalid', reason: 'signature_mismatch' });
    const gap = { ...request, bodyGap: 'is in the file a.json' };
    expect(await client.verifying.verify({ ...asked, request: gap })).toMatchObject({
      verdict: 'unchecked',
      reason: 'request_incomplete',
      message: expect.stringMatching(/^The body is in the file a\.json\. Nothing is said/),
    });
    await expect(client.verifying.case({ ...asked, request: gap, format: 'json' })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    // A token is compared without the body.
    const token = {
      headers: [['X-Gitlab-Token', 'another token']] as [string, string][],
      bodyBase64: '',
      bodyGap: 'is in the file a.json',
    };
    expect(await client.verifying.verify({ ...asked, scheme: 'gitlab-token', request: token })).toMatchObject({ verdict: 'invalid' });
  });

  it('is not judged where its body was cut off', async () => {
    const { client } = await startClockedEngine({ capturePort: 0 });
    await client.system.updateSettings({ bodyLimitBytes: 1024 });
    const bin = await client.bins.create({ name: 'Mine', signing: { scheme: 'github-sha256' }, secrets: ['a secret of some length'] });
    await send({ url: bin.url, headers: [['X-Hub-Signature-256', `sha256=${'0'.repeat(64)}`]], body: Buffer.alloc(100_000) }).catch(
      () => undefined,
    );
    const [summary] = (await client.captures.list({ binId: bin.id })).items;
    expect(summary?.verdict).toBeNull();
    const asked = { scheme: 'auto', captureId: summary?.id ?? '' };
    expect(await client.verifying.verify(asked)).toMatchObject({
      verdict: 'unchecked',
      reason: 'request_incomplete',
      scheme: 'github-sha256',
    });
    await expect(client.verifying.case({ ...asked, format: 'json' })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });
});
