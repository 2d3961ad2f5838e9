import { expect, it } from 'vitest';
import { casesWith, checked, startChecking } from './checking.ts';
import { libraryReceivers, receiverAround, secretFor } from './library-receivers.ts';
import { serveReceivers } from './receivers.ts';

it('finds nothing wrong with receivers that are written with official libraries in the usual way', async () => {
  const client = await startChecking();
  const server = await serveReceivers(
    Object.fromEntries(libraryReceivers.map((one, index) => [`r${index}`, receiverAround(one, secretFor(one.scheme).key)])),
  );
  const found: Record<string, unknown> = {};
  const check = async (one: (typeof libraryReceivers)[number]) => {
    const { library, scheme, profile } = one;
    const result = await checked(client, {
      target: {
        name: library,
        url: server.urlOf(`r${libraryReceivers.indexOf(one)}`),
        secret: secretFor(scheme).secret,
        signing: { scheme } as never,
        ...(profile === null ? {} : { profile }),
      },
      without: ['handshake'],
      requestTimeoutMs: 20_000,
      seed: 1,
    });
    found[library] = {
      status: result.status,
      failed: casesWith(result, 'failed'),
      wrong: result.defects.filter(({ level }) => level === 'must').map(({ id, message }) => `${id}: ${message}`),
    };
  };
  for (let at = 0; at < libraryReceivers.length; at += 3) await Promise.all(libraryReceivers.slice(at, at + 3).map(check));
  expect(found).toEqual(
    Object.fromEntries(libraryReceivers.map(({ library }) => [library, { status: 'completed', failed: [], wrong: [] }])),
  );
}, 300_000);
