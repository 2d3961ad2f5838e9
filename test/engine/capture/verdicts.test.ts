import { call } from '@orpc/server';
import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { admit } from '#engine/base/admission.ts';
import { startCaptureWorkspace, type CaptureWorkspace } from '../../support/capture-workspace.ts';
import { connectRaw } from '../../support/raw-http-client.ts';
import { createTempFolder } from '../../support/temp-workspace.ts';

const context = admit('test');
const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const otherSecret = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;
const body = '{"type":"invoice.paid"}';

async function post({ port }: CaptureWorkspace, path: string, headers: Readonly<Record<string, string>>, text = body) {
  const client = await connectRaw(port);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  client.write(`POST ${path} HTTP/1.1\r\nHost: x\r\n${lines.join('')}Content-Length: ${text.length}\r\n\r\n${text}`);
  return client.answer();
}

/** Signature headers by the scheme's own library. */
function signedBy(key: string, atMs: number): Record<string, string> {
  const at = new Date(atMs);
  return {
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(Math.floor(atMs / 1000)),
    'webhook-signature': new Webhook(key).sign('msg_1', at, body),
  };
}

test("captures are valid, invalid or unsigned by the bin's scheme and secrets", async () => {
  const workspace = await startCaptureWorkspace();
  const { capture, clock, captures, handlers } = workspace;
  const bin = await capture.createBin({ name: 'Orders', signing: { scheme: 'standard-webhooks' }, secrets: [otherSecret, secret] });
  await post(workspace, '/orders', signedBy(secret, clock.now()));
  await post(workspace, '/orders', signedBy(secret, clock.now()), body.replace('paid', 'lost'));
  await post(workspace, '/orders', {});
  await post(workspace, '/orders', signedBy(secret, clock.now() - 3_600_000));
  const [stale, unsigned, changed, valid] = await captures();
  expect(valid).toMatchObject({ verdict: 'valid', verification: { reason: 'ok', matchedSecret: 1 } });
  expect(Buffer.from(valid?.verification?.signedBase64 ?? '', 'base64').toString()).toBe(`msg_1.${Math.floor(clock.now() / 1000)}.${body}`);
  expect(changed).toMatchObject({ verdict: 'invalid', verification: { reason: 'signature_mismatch' } });
  expect(unsigned).toMatchObject({ verdict: 'unsigned' });
  expect(stale).toMatchObject({ verdict: 'invalid', verification: { reason: 'timestamp_stale' } });
  const page = await call(handlers.captures.list, { binId: bin.id }, { context });
  expect(page.items.map(({ verdict }) => verdict)).toEqual(['invalid', 'unsigned', 'invalid', 'valid']);
});

test('a request whose valid signature came before is told with the first capture that has it', async () => {
  const workspace = await startCaptureWorkspace();
  const { capture, clock, captures, handlers } = workspace;
  const signing = { scheme: 'standard-webhooks' } as const;
  await capture.createBin({ name: 'Orders', signing, secrets: [secret] });
  await capture.createBin({ name: 'Others', signing, secrets: [secret] });
  const headers = signedBy(secret, clock.now());
  await post(workspace, '/orders', headers);
  await post(workspace, '/orders', headers);
  await post(workspace, '/orders', { ...headers, 'X-More': '1' });
  await post(workspace, '/orders', headers, body.replace('paid', 'lost'));
  await post(workspace, '/orders', signedBy(secret, clock.now() + 1000));
  await post(workspace, '/others', headers);
  const seen = (await captures()).toReversed();
  const first = seen[0]?.id;
  expect(first).toBeDefined();
  // A new time makes another signature, and each bin has its own past.
  expect(seen.map(({ seenBeforeId }) => seenBeforeId)).toEqual([null, first, first, null, null, null]);
  const page = await call(handlers.captures.list, {}, { context });
  expect(page.items.map(({ seenBeforeId }) => seenBeforeId).toReversed()).toEqual([null, first, first, null, null, null]);
});

test('a token is the same in every request and says nothing about replays', async () => {
  const workspace = await startCaptureWorkspace();
  await workspace.capture.createBin({ name: 'Lab', signing: { scheme: 'gitlab-token' }, secrets: ['a-long-token-of-the-lab'] });
  for (let count = 0; count < 2; count += 1) await post(workspace, '/lab', { 'X-Gitlab-Token': 'a-long-token-of-the-lab' });
  expect((await workspace.captures()).map(({ verdict, seenBeforeId }) => [verdict, seenBeforeId])).toEqual([
    ['valid', null],
    ['valid', null],
  ]);
});

test('a bin without a scheme gives no verdict, and neither does half a body', async () => {
  const workspace = await startCaptureWorkspace({ bodyLimitBytes: 10 });
  const { capture, clock, captures } = workspace;
  await capture.createBin({ name: 'Plain' });
  await capture.createBin({ name: 'Signed', signing: { scheme: 'standard-webhooks' }, secrets: [secret] });
  await post(workspace, '/plain', signedBy(secret, clock.now()), 'short');
  expect((await post(workspace, '/signed', signedBy(secret, clock.now()))).status).toBe(413);
  expect((await captures()).map(({ verdict, verification }) => [verdict, verification])).toEqual([
    [null, null],
    [null, null],
  ]);
});

test('secrets are shown only by their fingerprints and are sealed in the data file', async () => {
  const { capture, handlers, database } = await startCaptureWorkspace();
  const bin = await capture.createBin({ name: 'Orders', signing: { scheme: 'standard-webhooks' }, secrets: [secret] });
  expect(bin.secretFingerprints).toEqual([expect.stringMatching(/^[0-9a-f]{8}$/)]);
  expect(JSON.stringify(await call(handlers.bins.list, {}, { context }))).not.toContain(secret);
  expect(
    JSON.stringify(
      database
        .all(database.sql.selectFrom('bins').selectAll())
        .map((row) => ({ ...row, secrets_sealed: Buffer.from(row.secrets_sealed).toString() })),
    ),
  ).not.toContain(secret);
  expect(await capture.secretsOf(bin.id)).toEqual([secret]);
  await expect(capture.secretsOf('bin_gone')).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('new secrets replace the old; without new ones they stay', async () => {
  const workspace = await startCaptureWorkspace();
  const { capture, clock, captures, handlers } = workspace;
  const bin = await capture.createBin({ name: 'Orders', signing: { scheme: 'standard-webhooks' }, secrets: [secret] });
  await call(handlers.bins.update, { id: bin.id, name: 'Renamed' }, { context });
  expect(await capture.secretsOf(bin.id)).toEqual([secret]);
  await call(handlers.bins.update, { id: bin.id, secrets: [otherSecret] }, { context });
  await post(workspace, '/orders', signedBy(secret, clock.now()));
  await post(workspace, '/orders', signedBy(otherSecret, clock.now()));
  expect((await captures()).map(({ verdict }) => verdict)).toEqual(['valid', 'invalid']);
});

test('a change of the name made together with one of the secrets does not bring back the old secrets', async () => {
  const { capture, handlers } = await startCaptureWorkspace();
  const bin = await capture.createBin({ name: 'Orders', signing: { scheme: 'standard-webhooks' }, secrets: [secret] });
  await Promise.all([
    call(handlers.bins.update, { id: bin.id, secrets: [otherSecret] }, { context }),
    call(handlers.bins.update, { id: bin.id, name: 'Renamed' }, { context }),
  ]);
  expect(await capture.secretsOf(bin.id)).toEqual([otherSecret]);
});

test('a bin whose secrets another key sealed goes on capturing and says so', async () => {
  const folder = createTempFolder();
  const before = await startCaptureWorkspace({ folder });
  await before.capture.createBin({ name: 'Orders', signing: { scheme: 'standard-webhooks' }, secrets: [secret] });
  await before.database.write((writer) =>
    writer.run(before.database.sql.updateTable('bins').set({ secrets_sealed: Buffer.from('other') })),
  );
  await before.close();
  const after = await startCaptureWorkspace({ folder });
  expect(after.log.lines).toMatchObject([{ level: 'warn', message: expect.stringContaining('enter them again') as string }]);
  await post(after, '/orders', signedBy(secret, after.clock.now()));
  expect((await after.captures())[0]).toMatchObject({ verdict: 'unchecked', verification: { reason: 'secret_missing' } });
});

test('a secret that the scheme cannot use is refused at its field', async () => {
  const { handlers } = await startCaptureWorkspace();
  await expect(
    call(handlers.bins.create, { name: 'Orders', signing: { scheme: 'standard-webhooks' }, secrets: [secret, 'whsec_???'] }, { context }),
  ).rejects.toMatchObject({
    code: 'INPUT_INVALID',
    data: { issues: [{ path: 'secrets.1' }] },
  });
});
