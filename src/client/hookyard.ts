import { ensureBin } from './bins.ts';
import { positionOf, waitForCaptures, type From } from './captures.ts';
import { openConnection, type ConnectOptions } from './connection.ts';
import { send, waitForDeliveries } from './deliveries.ts';
import { HookyardError } from './errors.ts';
import type { Bin, CapturesWait, Delivery, Hookyard } from './types.ts';

/** A host by its URL and token; those of the environment by default, which `hookyard with` sets. Nothing is called yet. */
export function connect(options: ConnectOptions = {}): Hookyard {
  const connection = openConnection(options);
  const { call } = connection;
  /** Where each bin was when `bin()` returned it, from where its waits count. */
  const positions = new WeakMap<Bin, From>();
  const capturesOf = async (wait: CapturesWait) =>
    await waitForCaptures(connection, wait, typeof wait.bin === 'object' ? positions.get(wait.bin) : undefined);

  const own: Pick<Hookyard, 'waitForCapture' | 'waitForCaptures' | 'waitForNoCapture'> = {
    waitForCapture: async (wait = {}) => firstOf(await capturesOf(wait), 'capture'),
    waitForCaptures: async (wait = {}) => await capturesOf(wait),
    waitForNoCapture: async (wait = {}) => void (await capturesOf({ ...wait, atMost: 0 })),
  };
  return {
    ...own,
    bin: async (name, binOptions = {}): Promise<Bin> => {
      const { id, slug, url, name: itsName } = await ensureBin(connection, name, binOptions);
      const bin: Bin = {
        id,
        slug,
        url,
        name: itsName,
        respond: async (response) => void (await call('PATCH', `/bins/${id}`, { response })),
        waitForCapture: async (wait = {}) => await own.waitForCapture({ ...wait, bin }),
        waitForCaptures: async (wait = {}) => await own.waitForCaptures({ ...wait, bin }),
        waitForNoCapture: async (wait = {}) => await own.waitForNoCapture({ ...wait, bin }),
      };
      positions.set(bin, await positionOf(connection, id));
      return bin;
    },
    send: async (type, data, sendOptions = {}) => await send(connection, type, data, sendOptions),
    redeliver: async (delivery) => void (await call('POST', `/deliveries/${idOf(delivery)}/redeliver`)),
    waitForDelivery: async (wait = {}) => firstOf(await waitForDeliveries(connection, wait), 'delivery'),
    waitForDeliveries: async (wait = {}) => [...(await waitForDeliveries(connection, wait))],
    clock: {
      scale: async () => (await call<{ readonly timeScale: number }>('GET', '/settings')).timeScale,
      setScale: async (timeScale) => void (await call('PATCH', '/settings', { timeScale })),
      attemptNow: async (delivery) => void (await call('POST', `/deliveries/${idOf(delivery)}/attempt-now`)),
    },
  };
}

function idOf(delivery: Delivery | string): string {
  return encodeURIComponent(typeof delivery === 'string' ? delivery : delivery.id);
}

/** What a wait that was met found; it may have been removed since. */
function firstOf<T>(found: readonly T[], what: string): T {
  const [first] = found;
  if (first === undefined) throw new HookyardError(`The ${what} that matched was removed meanwhile: keep more of them in the settings.`);
  return first;
}
