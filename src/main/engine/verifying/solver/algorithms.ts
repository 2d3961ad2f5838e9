import { Buffer } from 'node:buffer';
import { createHash, createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { macBytes, type HashName } from '../../signing/mac-recipe.ts';
import type { Cause } from './cause.ts';

/** How the bytes of a signature may have been computed. */
export interface Algorithm {
  readonly hash: HashName;
  /** `swapped` uses the signed bytes as the key, and the secret as the signed bytes. */
  readonly mode: 'hmac' | 'swapped' | 'key-first' | 'key-last' | 'keyless';
  readonly causes: readonly Cause[];
  readonly cost: number;
}

const hashNames = Object.keys(macBytes) as readonly HashName[];
const useHmac = 'Use HMAC with the hash that the scheme names.';

/** The scheme's own algorithm first, then the others with the same length as one of the received signatures. */
export function algorithmsFor(own: HashName, receivedBytes: ReadonlySet<number>): readonly Algorithm[] {
  const fitting = hashNames.filter((hash) => receivedBytes.has(macBytes[hash]));
  const others = fitting.flatMap((hash): readonly Algorithm[] => {
    const name = hash.toUpperCase().replace('SHA', 'SHA-');
    const hmac =
      hash === own ? [] : [other(hash, 'hmac', 1, `the algorithm is HMAC-${name}`, 'the sender uses another hash than the scheme')];
    return [
      ...hmac,
      other(
        hash,
        'swapped',
        1.2,
        `the arguments of HMAC-${name} are swapped: what is signed is the key, and the secret is the text`,
        'the sender calls its HMAC function with the arguments the wrong way round',
      ),
      other(hash, 'key-first', 1.3, `the algorithm is plain ${name} over the secret and what is signed`, 'the sender hashes without HMAC'),
      other(hash, 'key-last', 1.3, `the algorithm is plain ${name} over what is signed and the secret`, 'the sender hashes without HMAC'),
      other(hash, 'keyless', 1.6, `the algorithm is plain ${name} without any secret`, 'the sender sends a checksum and not a signature'),
    ];
  });
  return [{ hash: own, mode: 'hmac', causes: [], cost: 0 }, ...others];
}

function other(hash: HashName, mode: Algorithm['mode'], cost: number, change: string, why: string): Algorithm {
  return {
    hash,
    mode,
    cost,
    causes: [{ kind: 'algorithm', id: `algorithm-${mode}-${hash}`, family: 'hash', cost, change, why, remedy: useHmac }],
  };
}

/** A key prepared for many MACs. */
export function readyKey(key: Uint8Array): KeyObject {
  return createSecretKey(key);
}

/** Native calls are kept this short, so that a search can be ended between them. */
const chunkBytes = 1_048_576;

/** The result of the algorithm over concatenated pieces. */
export function computeMac(algorithm: Algorithm, key: KeyObject, runs: readonly Uint8Array[]): Uint8Array {
  if (algorithm.mode === 'hmac') {
    const hmac = createHmac(algorithm.hash, key);
    for (const run of runs) for (const chunk of chunksOf(run)) hmac.update(chunk);
    return hmac.digest();
  }
  if (algorithm.mode === 'swapped') return createHmac(algorithm.hash, Buffer.concat(runs)).update(key.export()).digest();
  const hash = createHash(algorithm.hash);
  if (algorithm.mode === 'key-first') hash.update(key.export());
  for (const run of runs) for (const chunk of chunksOf(run)) hash.update(chunk);
  if (algorithm.mode === 'key-last') hash.update(key.export());
  return hash.digest();
}

function chunksOf(run: Uint8Array): readonly Uint8Array[] {
  if (run.byteLength <= chunkBytes) return run.byteLength === 0 ? [] : [run];
  return Array.from({ length: Math.ceil(run.byteLength / chunkBytes) }, (_, index) =>
    run.subarray(index * chunkBytes, (index + 1) * chunkBytes),
  );
}
