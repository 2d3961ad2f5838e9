import { createHmac } from 'node:crypto';
import { call } from '@orpc/server';
import { expect, test } from 'vitest';
import { admit } from '#engine/base/admission.ts';
import { startCaptureWorkspace, type CaptureWorkspace } from '../../support/capture-workspace.ts';

const context = admit('test');
const secret = 'a secret of some length';

async function post({ port }: CaptureWorkspace, body: string, key: string | null = secret) {
  const signature = key === null ? {} : { 'X-Hub-Signature-256': `sha256=${createHmac('sha256', key).update(body).digest('hex')}` };
  const answer = await fetch(`http://127.0.0.1:${port}/shop`, { method: 'POST', body, headers: signature });
  return { status: answer.status, body: await answer.text() };
}

async function startShop(answers: NonNullable<Parameters<CaptureWorkspace['makeBin']>[0]['answers']>) {
  const workspace = await startCaptureWorkspace();
  const bin = await workspace.makeBin({ name: 'Shop', signing: { scheme: 'github-sha256' }, secrets: [secret], answers });
  return { workspace, bin };
}

test('what does not verify gets 401 and is captured with its verdict', async () => {
  const { workspace } = await startShop({ refuse: { unverified: true } });
  expect([await post(workspace, 'a'), await post(workspace, 'a', 'another'), await post(workspace, 'a', null)]).toEqual([
    { status: 200, body: '' },
    { status: 401, body: 'The signature of this request could not be verified.\n' },
    { status: 401, body: 'The signature of this request could not be verified.\n' },
  ]);
  expect((await workspace.captures()).map(({ status, verdict, answeredBy }) => [status, verdict, answeredBy?.label])).toEqual([
    [401, 'unsigned', 'not verified'],
    [401, 'invalid', 'not verified'],
    [200, 'valid', 'own answer'],
  ]);
});

test('what was seen before gets 409, but not the retry of a request that was answered with an error', async () => {
  const { workspace } = await startShop({ refuse: { seenBefore: true }, key: 'message', sequence: { steps: '500, 200' } });
  const statuses = [];
  for (const body of ['one', 'one', 'one', 'two', 'two', 'one']) statuses.push((await post(workspace, body)).status);
  expect(statuses).toEqual([500, 200, 409, 500, 200, 409]);
});

test('of the same request many times at once, one is taken', async () => {
  const { workspace } = await startShop({ refuse: { seenBefore: true } });
  const answers = await Promise.all(Array.from({ length: 20 }, () => post(workspace, 'once')));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(answers.filter(({ status }) => status === 409)).toHaveLength(19);
});

test('a bin that refuses keeps its scheme', async () => {
  const { workspace, bin } = await startShop({ refuse: { unverified: true } });
  await expect(call(workspace.handlers.bins.update, { id: bin.id, signing: null }, { context })).rejects.toMatchObject({
    code: 'INPUT_INVALID',
    data: { issues: [{ path: 'answers.refuse.unverified', message: expect.stringContaining('choose the scheme') }] },
  });
  await call(workspace.handlers.bins.update, { id: bin.id, signing: null, answers: { refuse: { unverified: false } } }, { context });
  expect(await post(workspace, 'a', null)).toMatchObject({ status: 200 });
});
