import { expect, it } from 'vitest';
import { checked, startChecking } from './checking.ts';
import { plantedReceivers } from './planted.ts';
import { serveReceivers, stripeSecret } from './receivers.ts';

/** Sent to all receivers, beside those that each is about: all cases for each would take minutes. */
const always = ['wrong-secret', 'missing-signature', 'byte-changed', 'header-name-case', 'compact-json', 'pretty-json', 'sent-again'];

it('names the defect of each receiver that has one, and no other', async () => {
  const planted = plantedReceivers();
  const names = Object.keys(planted);
  const client = await startChecking();
  const server = await serveReceivers(
    Object.fromEntries(Object.entries(planted).map(([name, { receive }]) => [name, receive])),
    Object.fromEntries(Object.entries(planted).flatMap(([name, { early }]) => (early === undefined ? [] : [[name, early]]))),
  );
  const found: Record<string, readonly string[]> = {};
  const check = async (name: string) => {
    const one = planted[name] ?? expect.unreachable();
    const {
      profile = one.scheme === undefined ? 'stripe' : null,
      secret = stripeSecret,
      scheme,
      timeoutMs,
      cases = ['signature', 'time', 'rotation'],
    } = one;
    const { defects } = await checked(client, {
      target: {
        name,
        profile,
        url: server.urlOf(name),
        secret,
        ...(scheme === undefined ? {} : { signing: { scheme } }),
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
      },
      requestTimeoutMs: 20_000,
      seed: 1,
      only: [...always, ...cases],
    });
    found[name] = defects.map(({ id }) => id).toSorted();
  };
  // Some at once, since each mostly waits.
  for (let at = 0; at < names.length; at += 3) await Promise.all(names.slice(at, at + 3).map(check));
  const wanted = Object.fromEntries(Object.entries(planted).map(([name, { defect, also = [] }]) => [name, [defect, ...also].toSorted()]));
  const named = names.filter((name) => JSON.stringify(found[name]) === JSON.stringify(wanted[name]));
  console.log(`Planted faults named, and nothing else: ${named.length} of ${names.length}`);
  expect(found).toEqual(wanted);
  expect(new Set(Object.values(planted).map(({ defect }) => defect)).size).toBeGreaterThanOrEqual(25);
}, 300_000);
