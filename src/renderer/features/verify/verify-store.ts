import { createStore, type StoreApi } from 'zustand/vanilla';
import type { SchemeInfo, Verification } from '#shared/contract/verifying.ts';
import type { Client } from '../../client.ts';
import { isAbort, toProblem, type Problem } from '../../problem.ts';
import { bytesOfBase64, utf8OrNull } from '../../ui/body-format.ts';
import { captureHead } from '../captures/capture-text.ts';
import { shownText, splitRawRequest } from './exact-text.ts';
import { emptyInput, exampleInput, readInput, type VerifyInput } from './verify-input.ts';

/** An endpoint or bin whose secrets can be tried. */
export interface SecretOwner {
  readonly id: string;
  readonly label: string;
}

/** Everything the Verify page shows. */
export interface VerifyState {
  readonly input: VerifyInput;
  readonly schemes: readonly SchemeInfo[];
  readonly owners: readonly SecretOwner[];
  /** The verdict on what stands in the form; null before there is one. */
  readonly verification: Verification | null;
  /** The verdict is of an earlier input, and one on this input is under way. */
  readonly isStale: boolean;
  readonly problem: Problem | null;
}

/** The state behind Verify, usable without a window. */
export interface VerifyStore extends StoreApi<VerifyState> {
  readonly load: () => Promise<void>;
  /** Changes some of the input; the verdict follows by itself after a short pause. */
  readonly change: (change: Partial<VerifyInput>) => void;
  /** Takes over the request field; a whole request that was pasted into an empty form is cut into head and body. Answers whether it was. */
  readonly setHead: (text: string, isPaste: boolean) => boolean;
  /** Cuts what stands behind the first empty line of the request field off into the body. */
  readonly moveRestToBody: () => void;
  readonly check: () => Promise<void>;
  readonly clear: () => void;
  readonly showExample: () => void;
  /** Fills the form from a capture, with its bin's scheme and secrets and the time at which it came. */
  readonly openCapture: (id: string) => Promise<void>;
}

const pauseMs = 150;

async function readOwners(client: Client): Promise<readonly SecretOwner[]> {
  const [endpoints, bins] = await Promise.all([client.endpoints.list({ limit: 200 }), client.bins.list({ limit: 200 })]);
  return [
    ...endpoints.items
      .filter((endpoint) => endpoint.secretFingerprints.length > 0)
      .map(({ id, name }) => ({ id, label: `${name} (endpoint)` })),
    ...bins.items.filter((bin) => bin.secretFingerprints.length > 0).map(({ id, name }) => ({ id, label: `${name} (bin)` })),
  ];
}

/** A store for the Verify page. `later` calls back after a pause and answers how to take it back. */
export function createVerifyStore(client: Client, later: (callback: () => void, delayMs: number) => () => void): VerifyStore {
  const store = createStore<VerifyState>(() => ({
    input: emptyInput,
    schemes: [],
    owners: [],
    verification: null,
    isStale: false,
    problem: null,
  }));
  const { getState: get, setState: set } = store;
  let asking = new AbortController();
  let cancelPause: () => void = () => undefined;

  const check = async () => {
    cancelPause();
    asking.abort();
    const { signal } = (asking = new AbortController());
    const reading = readInput(get().input, get().schemes);
    if (reading.question === null) return set({ verification: null, problem: null, isStale: false });
    try {
      const verification = await client.verifying.verify(reading.question, { signal });
      if (!signal.aborted) set({ verification, problem: null, isStale: false });
    } catch (error) {
      if (!signal.aborted && !isAbort(error)) set({ problem: toProblem(error), verification: null, isStale: false });
    }
  };

  const replaceInput = (input: VerifyInput) => {
    set({ input, isStale: true });
    cancelPause();
    cancelPause = later(() => void check(), pauseMs);
  };
  const change = (part: Partial<VerifyInput>) => replaceInput({ ...get().input, ...part });

  const moveRestToBody = () => {
    const split = splitRawRequest(get().input.head);
    if (split !== null) change({ head: split.head, body: split.body, file: null, encoding: 'text', lineEnding: 'asPasted' });
  };

  return {
    ...store,
    change,
    check,
    moveRestToBody,
    clear: () => replaceInput(emptyInput),
    showExample: () => replaceInput(exampleInput),
    setHead: (head, isPaste) => {
      const { body, file } = get().input;
      const canSplit = isPaste && body === '' && file === null && splitRawRequest(head) !== null;
      change({ head });
      if (canSplit) moveRestToBody();
      return canSplit;
    },
    load: async () => {
      try {
        const [schemes, owners] = await Promise.all([client.verifying.schemes(), readOwners(client)]);
        set({ schemes: schemes.items, owners, problem: null });
        await check();
      } catch (error) {
        set({ problem: toProblem(error) });
      }
    },
    openCapture: async (id) => {
      try {
        const [capture, bins] = await Promise.all([client.captures.get({ id }), client.bins.list({ limit: 200 })]);
        const bin = bins.items.find((candidate) => candidate.id === capture.binId);
        const text = utf8OrNull(bytesOfBase64(capture.bodyBase64));
        replaceInput({
          ...emptyInput,
          head: shownText(captureHead(capture)).trimEnd(),
          url: bin === undefined ? '' : new URL(bin.url).origin + capture.target,
          ...(text === null ? { body: capture.bodyBase64, encoding: 'base64' as const } : { body: text }),
          scheme: bin?.signing?.scheme ?? null,
          custom: bin?.signing?.scheme === 'custom' ? bin.signing : null,
          secretsOf: bin !== undefined && bin.secretFingerprints.length > 0 ? bin.id : null,
          clock: new Date(capture.receivedAtMs).toISOString(),
        });
      } catch (error) {
        set({ problem: toProblem(error) });
      }
    },
  };
}
