import { rest, type HostileAct } from './act.ts';
import { largeBase64 } from './data.ts';

/** Case files of large requests. */
export const caseActs: readonly HostileAct[] = (['html', 'json'] as const).map((format) => ({
  name: `a case file as ${format}, of 15 MiB`,
  group: 'cases',
  act: (host) =>
    rest(host, 'POST', '/verify/case', {
      scheme: 'github-sha256',
      secrets: ['a secret of some length'],
      request: { headers: [['x-hub-signature-256', `sha256=${'0'.repeat(64)}`]], bodyBase64: largeBase64() },
      format,
    }),
}));
