import { createRouterClient } from '@orpc/server';
import { expect, it } from 'vitest';
import { admit } from '#engine/index.ts';
import { startTestEngine } from '../../support/engine.ts';

it('refuses to sign with several secrets by a scheme that has room for one signature', async () => {
  const { engine } = await startTestEngine();
  const { verifying } = createRouterClient(engine.router, { context: admit('tester') });
  const secrets = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'whsec_AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB'];
  const sign = (scheme: string) => verifying.sign({ scheme, secrets, request: { bodyBase64: Buffer.from('{}') } });
  await expect(sign('github-sha256')).rejects.toThrow('Give one secret: a request of github-sha256 has room for one signature.');
  const { headers } = await sign('standard-webhooks');
  expect(headers.at(-1)?.[1].split(' ')).toHaveLength(2);
});
