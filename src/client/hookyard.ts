import { ensureBin } from './bins.ts';
import { positionOf, waitForCaptures, type From } from './captures.ts';
import { openConnection, type ConnectOptions } from './connection.ts';
import { send, waitForDeliveries } from './deliveries.ts';
import { HookyardError } from './errors.ts';
import { checkOptions, idIn } from './options.ts';
import type { Bin, CapturesWait, Delivery, Hookyard } from './types.ts';

/** A host by its URL and token; those of the environment by default, which `hookyard with` sets. Nothing is called yet. */
export function connect(options: ConnectOptions = {}): Hookyard {
  checkOptions('connect()', options);
  const connection = openConnection(options);
  const { call } = connection;
  /** Where each bin was when `bin()` returned it, from where its waits count. */
  const positions = new WeakMap<Bin, From>();
  const capturesOf = async (wait: CapturesWait) =>
    await waitForCaptures(connection, wait, typeof wait.bin === 'object' ? positions.get(wait.bin) : undefined);

  /** The waits for captures, of one bin or of all, with the options that are theirs. */
  const waitsOf = <Of extends '' | 'bin.'>(of: Of, fixed: Pick<CapturesWait, 'bin'>): CaptureWaits => ({
    waitForCapture: async (wait = {}) => {
      checkOptions(`${of}waitForCapture()`, wait);
      return firstOf(await capturesOf({ ...wait, ...fixed }), 'capture');
    },
    waitForCaptures: async (wait = {}) => {
      checkOptions(`${of}waitForCaptures()`, wait);
      return await capturesOf({ ...wait, ...fixed });
    },
    waitForNoCapture: async (wait = {}) => {
      checkOptions(`${of}waitForNoCapture()`, wait);
      await capturesOf({ ...wait, ...fixed, atMost: 0 });
    },
  });
  return {
    ...waitsOf('', {}),
    bin: async (name, binOptions = {}): Promise<Bin> => {
      checkOptions('bin()', binOptions);
      if (binOptions.response !== undefined) checkOptions('bin.respond()', binOptions.response);
      const { id, slug, url, name: itsName } = await ensureBin(connection, name, binOptions);
      const bin: Bin = {
        id,
        slug,
        url,
        name: itsName,
        respond: async (response) => {
          checkOptions('bin.respond()', response);
          await call('PATCH', `/bins/${id}`, { response });
        },
        waitForCapture: async (wait) => await own.waitForCapture(wait),
        waitForCaptures: async (wait) => await own.waitForCaptures(wait),
        waitForNoCapture: async (wait) => await own.waitForNoCapture(wait),
      };
      const own = waitsOf('bin.', { bin });
      positions.set(bin, await positionOf(connection, id));
      return bin;
    },
    send: async (type, data, sendOptions = {}) => {
      checkOptions('send()', sendOptions);
      return await send(connection, type, data, sendOptions);
    },
    redeliver: async (delivery) => void (await call('POST', `/deliveries/${deliveryPath(delivery)}/redeliver`)),
    waitForDelivery: async (wait = {}) => {
      checkOptions('waitForDelivery()', wait);
      return firstOf(await waitForDeliveries(connection, wait), 'delivery');
    },
    waitForDeliveries: async (wait = {}) => {
      checkOptions('waitForDeliveries()', wait);
      return [...(await waitForDeliveries(connection, wait))];
    },
    clock: {
      scale: async () => (await call<{ readonly timeScale: number }>('GET', '/settings')).timeScale,
      setScale: async (timeScale) => {
        // Undefined would change nothing, and say nothing.
        if (typeof timeScale !== 'number') throw new HookyardError('Give clock.setScale() a number from 1 to 3600.');
        await call('PATCH', '/settings', { timeScale });
      },
      attemptNow: async (delivery) => void (await call('POST', `/deliveries/${deliveryPath(delivery)}/attempt-now`)),
    },
  };
}

type CaptureWaits = Pick<Hookyard, 'waitForCapture' | 'waitForCaptures' | 'waitForNoCapture'>;

function deliveryPath(delivery: Delivery | string): string {
  return encodeURIComponent(idIn(delivery, 'delivery'));
}

/** What a wait that was met found; it may have been removed since. */
function firstOf<T>(found: readonly T[], what: string): T {
  const [first] = found;
  if (first === undefined) throw new HookyardError(`The ${what} that matched was removed meanwhile: keep more of them in the settings.`);
  return first;
}
