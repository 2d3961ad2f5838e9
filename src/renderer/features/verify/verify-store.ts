import { createStore, type StoreApi } from 'zustand/vanilla';
import type { SchemeInfo, Verification } from '#shared/contract/verifying.ts';
import { pastedKindNames, type Pasted, type PastedKind } from '#shared/import/pasted.ts';
import type { Client } from '../../client.ts';
import { isAbort, toProblem, type Problem } from '../../problem.ts';
import { bytesOfBase64, utf8OrNull } from '../../ui/body-format.ts';
import { captureHead } from '../captures/capture-text.ts';
import { shownText, splitRawRequest } from './exact-text.ts';
import { importChoice, importPaste, type Imported } from './imported.ts';
import { emptyInput, exampleInput, readInput, type VerifyInput } from './verify-input.ts';

/** An endpoint or bin whose secrets can be tried. */
export interface SecretOwner {
  readonly id: string;
  readonly label: string;
  readonly fingerprints: readonly string[];
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
  /** What was last pasted or dropped as a whole request, and how it was read; null once other headers are typed. */
  readonly imported: Imported | null;
}

/** The state behind Verify, usable without a window. */
export interface VerifyStore extends StoreApi<VerifyState> {
  readonly load: () => Promise<void>;
  /** Changes some of the input; the verdict follows by itself after a short pause. */
  readonly change: (change: Partial<VerifyInput>) => void;
  /**
   * Takes over the request field. What was pasted is read: curl, HAR and JSON fill the form, a raw request is cut into head
   * and body unless there is a body already. Answers what to announce, or null.
   */
  readonly setHead: (text: string, isPaste: boolean) => string | null;
  /** Fills the form from a paste that is too large for a field. Answers what to announce. */
  readonly takePaste: (text: string) => string;
  /** Takes a dropped file: as the body, or as the whole request where the form has no headers. Answers what to announce. */
  readonly takeFile: (name: string, bytes: Uint8Array) => string;
  /** Reads what was pasted as another kind. */
  readonly readAs: (kind: PastedKind) => void;
  /** Shows another of the requests that were pasted. */
  readonly chooseEntry: (index: number) => void;
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
      .map(({ id, name, secretFingerprints }) => ({ id, label: `${name} (endpoint)`, fingerprints: secretFingerprints })),
    ...bins.items
      .filter((bin) => bin.secretFingerprints.length > 0)
      .map(({ id, name, secretFingerprints }) => ({ id, label: `${name} (bin)`, fingerprints: secretFingerprints })),
  ];
}

/**
 * Whether a paste fills the whole form: what is no plain lines of headers always does, with lines only where the body is
 * free, so that nobody's body is replaced unasked.
 */
function isTakenWhole({ kind, confidence, headers, problems }: Pasted, isBodyFree: boolean): boolean {
  switch (kind) {
    case 'curl':
    case 'har':
    case 'request_json':
    case 'headers_json':
      return headers.length > 0 || problems.length === 0;
    case 'body':
      return isBodyFree && problems.length === 0;
    case 'raw_request':
    case 'headers':
    case 'headers_and_body':
      return isBodyFree && confidence !== 'possible';
    case 'nothing':
      return false;
  }
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
    imported: null,
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

  const replaceInput = (input: VerifyInput, imported: Imported | null = null) => {
    set({ input, imported, isStale: true });
    cancelPause();
    cancelPause = later(() => void check(), pauseMs);
  };
  const change = (part: Partial<VerifyInput>) => {
    const { input, imported } = get();
    replaceInput({ ...input, ...part }, part.head === undefined || part.head === input.head ? imported : null);
  };

  const fill = ({ form, ...imported }: ReturnType<typeof importPaste>): string => {
    const { kind, choices, headers, body, problems } = imported.reading;
    if (headers.length === 0 && body === null && problems.length > 0) return tell(imported, get().input.head);
    replaceInput({ ...get().input, ...form }, imported);
    return `Read as ${pastedKindNames[kind]}${choices === undefined ? '' : `, with ${choices.length} requests to choose from`}`;
  };

  /** Shows why a paste cannot be used, and leaves the rest of the form as it is. */
  const tell = (imported: Imported, head: string): string => {
    const input = { ...get().input, head };
    replaceInput(input, { ...imported, filled: input });
    return imported.reading.problems[0]?.message ?? '';
  };

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
      const isBodyFree = body === '' && file === null;
      const read = isPaste ? importPaste({ text: head }, null) : null;
      if (read !== null && isTakenWhole(read.reading, isBodyFree)) return fill(read);
      if (read?.reading.kind === 'body' && read.reading.problems.length > 0) return tell(read, head);
      change({ head });
      if (read === null || !isBodyFree || splitRawRequest(head) === null) return null;
      moveRestToBody();
      return 'The body of the request was moved to its own field';
    },
    takePaste: (text) => fill(importPaste({ text }, null)),
    takeFile: (name, bytes) => {
      const read = importPaste({ bytes }, name);
      const { kind, confidence } = read.reading;
      if (get().input.head.trim() === '' && kind !== 'body' && kind !== 'nothing' && confidence !== 'possible') return fill(read);
      change({ file: { name, bytes } });
      return `The body is ${name}`;
    },
    readAs: (kind) => {
      const { imported } = get();
      if (imported !== null) fill(importPaste(imported.source, imported.fileName, kind));
    },
    chooseEntry: (index) => {
      const { imported } = get();
      if (imported !== null) fill(importChoice(imported, index));
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
          options: bin?.signing ?? null,
          secretsOf: bin !== undefined && bin.secretFingerprints.length > 0 ? bin.id : null,
          clock: new Date(capture.receivedAtMs).toISOString(),
        });
      } catch (error) {
        set({ problem: toProblem(error) });
      }
    },
  };
}
