import { expect, it } from 'vitest';
import { casesWith, checked, startChecking } from './checking.ts';
import { libraryReceivers, receiverAround, secretFor } from './library-receivers.ts';
import { serveReceivers, type Receive } from './receivers.ts';

/** A receiver that calls a URL once for each event that it takes, and knows events by their bodies. */
function acting(receive: Receive, effectUrl: string, taken: (status: number) => boolean): Receive {
  const handled = new Set<string>();
  return async (request) => {
    const status = await receive(request);
    const event = request.body.toString('base64');
    if (!taken(status) || handled.has(event)) return status;
    handled.add(event);
    await fetch(effectUrl, { method: 'POST' });
    return status;
  };
}

it.each([
  ['by their answers', false],
  ['by their answers and what they do', true],
])(
  'finds nothing wrong with receivers that are written with official libraries in the usual way, %s',
  async (how, isCounted) => {
    const client = await startChecking();
    const bins = isCounted ? await Promise.all(libraryReceivers.map(({ scheme }) => client.bins.create({ name: scheme }))) : [];
    const server = await serveReceivers(
      Object.fromEntries(
        libraryReceivers.map((one, index) => {
          const receive = receiverAround(one, secretFor(one.scheme).key);
          const bin = bins[index];
          return [`r${index}`, bin === undefined ? receive : acting(receive, bin.url, (status) => status === (one.success ?? 200))];
        }),
      ),
    );
    const counted: string[] = [];
    const found: Record<string, unknown> = {};
    const check = async (one: (typeof libraryReceivers)[number]) => {
      const { library, scheme, profile } = one;
      const bin = bins[libraryReceivers.indexOf(one)];
      const result = await checked(client, {
        target: {
          name: library,
          url: server.urlOf(`r${libraryReceivers.indexOf(one)}`),
          secret: secretFor(scheme).secret,
          signing: { scheme } as never,
          ...(profile === null ? {} : { profile }),
        },
        ...(bin === undefined ? {} : { effectBinId: bin.id }),
        without: ['handshake'],
        requestTimeoutMs: 20_000,
        seed: 1,
      });
      if (result.cases.some(({ family, effects }) => family !== 'genuine' && effects !== null)) counted.push(library);
      found[library] = {
        status: result.status,
        failed: casesWith(result, 'failed'),
        wrong: result.defects.filter(({ level }) => level === 'must').map(({ id, message }) => `${id}: ${message}`),
      };
    };
    for (let at = 0; at < libraryReceivers.length; at += 3) await Promise.all(libraryReceivers.slice(at, at + 3).map(check));
    const right = { status: 'completed', failed: [], wrong: [] };
    const isRight = (one: unknown) => JSON.stringify(one) === JSON.stringify(right);
    console.log(
      `Receivers with official libraries judged right ${how}: ${Object.values(found).filter(isRight).length} of ${libraryReceivers.length}`,
    );
    expect(found).toEqual(Object.fromEntries(libraryReceivers.map(({ library }) => [library, right])));
    expect(counted.toSorted()).toEqual(isCounted ? libraryReceivers.map(({ library }) => library).toSorted() : []);
  },
  300_000,
);
