import { allPages } from '#shared/all-pages.ts';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { SolverResult } from '#shared/contract/solving.ts';
import type { SchemeInfo, VerifyAnswer } from '#shared/contract/verifying.ts';
import { pasteLimitBytes } from '#shared/import/limits.ts';
import { pastedKindNames, refusedPaste, type Pasted, type PastedKind } from '#shared/import/pasted.ts';
import type { Client } from '../../base/client.ts';
import type { PasteReader } from '../../base/paste-reader.ts';
import { isAbort, toProblem, type Problem } from '../../base/problem.ts';
import { bytesText } from '../../base/size-format.ts';
import { splitRawRequest, withLineEnding, type PastedPart } from './exact-text.ts';
import { logIdOf, ownerOf, readFromLog, type FromLog, type SecretOwner } from './from-log.ts';
import { fillWith, importPaste, isUntouched, type Imported } from './imported.ts';
import { missingIn, type Missing } from './missing.ts';
import {
  emptyInput,
  exampleInput,
  isSameRequest,
  readInput,
  requestFieldsOf,
  verdictQuestion,
  type RequestFields,
  type VerifyInput,
  type VerifyQuestion,
} from './verify-input.ts';

/** Everything the Verify page shows. */
export interface VerifyState {
  readonly input: VerifyInput;
  readonly schemes: readonly SchemeInfo[];
  readonly owners: readonly SecretOwner[];
  /** The verdict on the current form; null before there is one, and as soon as the form changes. */
  readonly verification: VerifyAnswer | null;
  /** When that verdict was given. */
  readonly checkedAtMs: number | null;
  /** Signatures that were found in the request, as long as its head and scheme are the same. */
  readonly receivedSignatures: number;
  /** A verdict on this input is under way. */
  readonly isStale: boolean;
  /** What is missing for a verdict; null until Check was pressed without enough input. */
  readonly missing: Missing | null;
  readonly problem: Problem | null;
  /** What was last pasted or dropped as a whole request, and how it was read; null once other headers are typed. */
  readonly imported: Imported | null;
  /** The request that the last paste took the place of, while nothing of the pasted one was changed. */
  readonly replaced: Replaced | null;
  /** The request of the log that the form was filled with; null once another head is there. */
  readonly fromLog: Omit<FromLog, 'input'> | null;
  /** The change that was applied last, as long as nothing else was changed since. */
  readonly applied: Applied | null;
  /** The name of a large paste or file that is being read; null while there is none. */
  readonly readingName: string | null;
  /** Why a request of the log could not be opened, and the text that was typed. */
  readonly openProblem: { readonly text: string; readonly problem: Problem } | null;
}

/** A request that stood in the form, and what was told of where it came from. */
export interface Replaced extends Pick<VerifyState, 'imported' | 'fromLog'> {
  readonly request: RequestFields;
}

/** A cause's change that was applied to the form. */
export interface Applied {
  readonly sentence: string;
  /** The form before this change. */
  readonly before: VerifyInput;
  /** The change that was applied before this one. */
  readonly earlier: Applied | null;
  /** What was asked before any change, and the search that found the first cause; null where the verdict itself gave the change. */
  readonly original: { readonly question: VerifyQuestion; readonly search: SolverResult | null };
}

/** The state behind Verify, usable without a window. */
export interface VerifyStore extends StoreApi<VerifyState> {
  readonly load: () => Promise<void>;
  /** Changes some of the input; the verdict follows by itself after a short pause. */
  readonly change: (change: Partial<VerifyInput>) => void;
  /**
   * Takes over the request field. What was pasted is read: a whole request, in whatever form, takes the place of the one that stood
   * there with its body; lines pasted beside others leave a body alone that is there. Returns what to announce, or null.
   */
  readonly setHead: (text: string, pasted: PastedPart | null) => string | null;
  /** Brings back the request that a paste took the place of. */
  readonly undoPaste: () => void;
  /** Fills the form from a paste that is too large for a field. Returns what to announce, or null once something else is read or typed. */
  readonly takePaste: (text: string) => Promise<string | null>;
  /** Takes a paste that is too large for the body's field as bytes. Returns the like. */
  readonly takeBody: (text: string) => Promise<string | null>;
  /** The bytes of a file, or the sentence that is shown because it is too large. */
  readonly readFile: (file: File) => Promise<Uint8Array<ArrayBuffer> | string>;
  /** Takes a dropped file: as the body, or as the whole request where the form has no headers. Returns the like. */
  readonly takeFile: (name: string, bytes: Uint8Array) => Promise<string | null>;
  /** Reads what was pasted as another kind. */
  readonly readAs: (kind: PastedKind) => Promise<void>;
  /** Shows another of the requests that were pasted. */
  readonly chooseEntry: (index: number) => Promise<void>;
  /** Gives up what is being read, and leaves the form as it is. */
  readonly stopReading: () => void;
  /** Cuts what stands behind the first empty line of the request field off into the body. */
  readonly moveRestToBody: () => void;
  /** The same once the field is left, unless there is a body already. Returns what to announce, or null. */
  readonly leaveHead: () => string | null;
  /** Requests a verdict, or sets `missing`. */
  readonly check: () => Promise<void>;
  /** Puts a cause's change into the form, and remembers the request as it came with the search that found the cause. */
  readonly apply: (fields: Partial<VerifyInput>, sentence: string, search: SolverResult | null) => void;
  /** Makes the last change undone. */
  readonly undoApply: () => void;
  readonly clear: () => void;
  readonly showExample: () => void;
  /**
   * Fills the form with a request of the log by the id of a capture, attempt, delivery or message: with the scheme and secrets
   * of its bin or endpoint, and the time at which it came or went. Returns what to announce, or null.
   */
  readonly openFromLog: (text: string) => Promise<string | null>;
}

const pauseMs = 150;

/** What is shown of something that cannot be used. */
function refused(name: string, message: string): Imported {
  const { head, body, encoding, lineEnding, file } = emptyInput;
  return {
    source: {},
    fileName: name,
    reading: refusedPaste('nothing', message),
    choice: 0,
    filled: { head, body, encoding, lineEnding, file },
  };
}

function tooLarge(name: string, bytes: number): Imported {
  const most = pasteLimitBytes / 1_048_576;
  return refused(
    name,
    `The ${name === 'pasted text' ? name : `file ${name}`} has ${bytesText(bytes)}, and this page accepts at most ${most} MiB. Verify it on the command line: hookyard verify --headers FILE --body FILE.`,
  );
}

async function readOwners(client: Client): Promise<readonly SecretOwner[]> {
  const [endpoints, bins] = await Promise.all([
    allPages((from) => client.endpoints.list({ limit: 200, ...from })),
    allPages((from) => client.bins.list({ limit: 200, ...from })),
  ]);
  const hasSecret = ({ secretFingerprints }: { readonly secretFingerprints: readonly string[] }) => secretFingerprints.length > 0;
  return [
    ...endpoints.filter(hasSecret).map((endpoint) => ownerOf(endpoint, 'endpoint')),
    ...bins.filter(hasSecret).map((bin) => ownerOf(bin, 'bin')),
  ];
}

/**
 * Whether a paste fills the whole form: what is no plain lines of headers always does. Lines do where the body is free, or where they
 * are all that stands in the field and bring a body along: so nobody's body is replaced by a part of another request.
 */
function isTakenWhole({ kind, confidence, headers, body, problems }: Pasted, isBodyFree: boolean, part: PastedPart): boolean {
  switch (kind) {
    case 'curl':
    case 'curl_output':
    case 'http_file':
    case 'httpie':
    case 'wget':
    case 'powershell':
    case 'fetch':
    case 'python':
    case 'har':
    case 'postman':
    case 'request_json':
    case 'headers_json':
    case 'printed':
    case 'log':
      return headers.length > 0 || problems.length === 0;
    case 'body':
      return isBodyFree && problems.length === 0;
    case 'raw_request':
    case 'headers':
    case 'headers_and_body':
      return (isBodyFree || (part === 'whole' && body !== null && body.length > 0)) && confidence !== 'possible';
    case 'unread':
    case 'nothing':
      return false;
  }
}

/** A store for the Verify page. `later` calls back after a pause and returns how to cancel it. */
export function createVerifyStore(
  client: Client,
  later: (callback: () => void, delayMs: number) => () => void,
  pastes: PasteReader,
): VerifyStore {
  const store = createStore<VerifyState>(() => ({
    input: emptyInput,
    schemes: [],
    owners: [],
    verification: null,
    checkedAtMs: null,
    receivedSignatures: 0,
    isStale: false,
    missing: null,
    problem: null,
    imported: null,
    replaced: null,
    fromLog: null,
    applied: null,
    readingName: null,
    openProblem: null,
  }));
  const { getState: get, setState: set } = store;
  let asking = new AbortController();
  let cancelPause: () => void = () => undefined;

  const ask = async () => {
    cancelPause();
    asking.abort();
    const { signal } = (asking = new AbortController());
    const reading = readInput(get().input, get().schemes);
    const none = { verification: null, checkedAtMs: null, isStale: false };
    if (reading.question === null || isUnread(get())) return set({ ...none, problem: null });
    try {
      const verification = await client.verifying.verify(verdictQuestion(reading.question, get().input), { signal });
      const receivedSignatures = verification.receivedSignatures.length;
      if (!signal.aborted) set({ verification, checkedAtMs: Date.now(), receivedSignatures, problem: null, missing: null, isStale: false });
    } catch (error) {
      if (!signal.aborted && !isAbort(error)) set({ ...none, problem: toProblem(error) });
    }
  };

  let readingPaste = new AbortController();
  const stopReading = () => {
    readingPaste.abort();
    if (get().readingName !== null) set({ readingName: null });
  };
  /** Reads something that may be large; null once something else is read or typed. What cannot be read is told in the form. */
  const readLarge = async <T>(name: string, work: (signal: AbortSignal) => Promise<T>): Promise<T | null> => {
    stopReading();
    const { signal } = (readingPaste = new AbortController());
    set({ readingName: name });
    try {
      const read = await work(signal);
      return signal.aborted ? null : read;
    } catch (error) {
      if (!signal.aborted) tell(refused(name, toProblem(error).message), get().input.head);
      return null;
    } finally {
      if (!signal.aborted) set({ readingName: null });
    }
  };

  const replaceInput = (input: VerifyInput, imported: Imported | null = null, replaced: Replaced | null = null) => {
    const before = get();
    const isSameHead = input.head === before.input.head;
    set({
      input,
      imported,
      replaced,
      verification: null,
      isStale: true,
      missing: null,
      applied: null,
      openProblem: null,
      fromLog: isSameHead ? before.fromLog : null,
      ...(isSameHead && input.scheme === before.input.scheme ? {} : { receivedSignatures: 0 }),
    });
    stopReading();
    asking.abort();
    cancelPause();
    cancelPause = later(() => void ask(), pauseMs);
  };
  const change = (part: Partial<VerifyInput>) => {
    const { input, imported, replaced } = get();
    const changed = { ...input, ...part };
    replaceInput(changed, changed.head === input.head ? imported : null, isSameRequest(changed, input) ? replaced : null);
  };

  /** What stands in the form before a paste; null where nothing does, or where the paste is beside it. */
  const replacedBy = (part: PastedPart): Replaced | null => {
    const { input, imported, fromLog } = get();
    const request = requestFieldsOf(input);
    return part === 'part' || isSameRequest(request, emptyInput) ? null : { request, imported, fromLog };
  };

  const fill = ({ form, ...imported }: ReturnType<typeof importPaste>, replaced: Replaced | null): string => {
    const { kind, choices, headers, body, problems } = imported.reading;
    if (headers.length === 0 && body === null && problems.length > 0) return tell(imported, get().input.head);
    replaceInput({ ...get().input, ...form }, imported, replaced);
    return `Read as ${pastedKindNames[kind]}${choices === undefined ? '' : `, with ${choices.length} requests to choose from`}`;
  };

  /** Shows why a paste cannot be used, and leaves the rest of the form as it is. */
  const tell = (imported: Imported, head: string): string => {
    const input = { ...get().input, head };
    replaceInput(input, { ...imported, filled: input });
    return imported.reading.problems[0]?.message ?? '';
  };

  const load = async () => {
    try {
      const [schemes, owners] = await Promise.all([client.verifying.schemes(), readOwners(client)]);
      set({ schemes: schemes.items, owners: withOwner(owners, get().fromLog?.owner ?? null), problem: null });
      await ask();
    } catch (error) {
      set({ problem: toProblem(error), isStale: false });
    }
  };

  const moveRestToBody = () => {
    const split = splitRawRequest(get().input.head);
    if (split !== null) change({ head: split.head, body: split.body, file: null, encoding: 'text', lineEnding: 'asPasted' });
  };

  const leaveHead = () => {
    const { head, body, file } = get().input;
    if (body !== '' || file !== null || splitRawRequest(head) === null) return null;
    moveRestToBody();
    return 'The body of the request was moved to its own field';
  };

  const apply = (fields: Partial<VerifyInput>, sentence: string, search: SolverResult | null) => {
    const { input, schemes, applied: earlier, fromLog, imported } = get();
    const { question } = readInput(input, schemes);
    const original = earlier?.original ?? (question === null ? null : { question: verdictQuestion(question, input), search });
    replaceInput({ ...input, ...fields }, imported);
    // The change is one of this request, so what was said of where it came from still holds.
    set({ fromLog, applied: original === null ? null : { sentence, before: input, earlier, original } });
  };

  return {
    ...store,
    change,
    check: async () => {
      leaveHead();
      // The old verdict is removed first, so that one sees that there is a new one.
      set({ verification: null, isStale: true, missing: null });
      if (get().schemes.length === 0) await load();
      else await ask();
      const { verification, problem, input, schemes } = get();
      const unread = isUnread(get()) ? get().imported?.reading.problems[0]?.message : undefined;
      if (verification === null && problem === null)
        set({ missing: unread === undefined ? missingIn(readInput(input, schemes)) : { field: 'head', message: unread } });
    },
    apply,
    undoApply: () => {
      const { applied } = get();
      if (applied === null) return;
      const { fromLog, imported } = get();
      replaceInput(applied.before, imported);
      set({ fromLog, applied: applied.earlier });
    },
    undoPaste: () => {
      const { input, replaced } = get();
      if (replaced === null) return;
      replaceInput({ ...input, ...replaced.request }, replaced.imported);
      set({ fromLog: replaced.fromLog });
    },
    moveRestToBody,
    leaveHead,
    clear: () => replaceInput(emptyInput),
    showExample: () => replaceInput(exampleInput),
    setHead: (head, pasted) => {
      const { body, file } = get().input;
      const isBodyFree = body === '' && file === null;
      const read = pasted === null ? null : importPaste({ text: head }, null);
      if (read !== null && pasted !== null && isTakenWhole(read.reading, isBodyFree, pasted)) return fill(read, replacedBy(pasted));
      if (read?.reading.kind === 'unread' || (read?.reading.kind === 'body' && read.reading.problems.length > 0)) return tell(read, head);
      change({ head });
      return read === null ? null : leaveHead();
    },
    stopReading,
    takePaste: async (text) => {
      const read = await readLarge('the pasted text', (signal) => pastes.read({ text }, null, signal));
      return read === null ? null : fill(fillWith({ text }, null, read), replacedBy('whole'));
    },
    takeBody: async (text) => {
      const { encoding, lineEnding } = get().input;
      if (text.length > pasteLimitBytes) return tell(tooLarge('pasted text', text.length), get().input.head);
      const exact = encoding === 'text' ? withLineEnding(text, lineEnding) : text;
      const body = await readLarge('the pasted body', (signal) => pastes.decode(exact, encoding, signal));
      if (body === null) return null;
      if (!body.ok) return tell(refused('pasted text', body.message), get().input.head);
      change({ file: { name: 'pasted body', bytes: body.bytes } });
      return 'The body is the pasted text';
    },
    readFile: async (file) => {
      // Not even read: the page would stand still for it.
      if (file.size > pasteLimitBytes) return tell(tooLarge(file.name, file.size), get().input.head);
      return new Uint8Array(await file.arrayBuffer());
    },
    takeFile: async (name, bytes) => {
      const read = await readLarge(name, (signal) => pastes.read({ bytes }, null, signal));
      if (read === null) return null;
      const { kind, confidence } = read;
      if (get().input.head.trim() === '' && kind !== 'body' && kind !== 'nothing' && confidence !== 'possible')
        return fill(fillWith({ bytes }, name, read), replacedBy('whole'));
      change({ file: { name, bytes } });
      return `The body is ${name}`;
    },
    readAs: async (kind) => {
      const { imported } = get();
      if (imported === null) return;
      const { source, fileName } = imported;
      const read = await readLarge(fileName ?? 'the pasted text', (signal) => pastes.read(source, kind, signal));
      if (read !== null) fill(fillWith(source, fileName, read), get().replaced);
    },
    chooseEntry: async (index) => {
      const { imported } = get();
      if (imported === null) return;
      const { source, fileName, reading } = imported;
      const read = await readLarge(fileName ?? 'the pasted text', (signal) => pastes.choose(reading, index, signal));
      if (read !== null) fill(fillWith(source, fileName, read, index), get().replaced);
    },
    load,
    openFromLog: async (text) => {
      try {
        const id = logIdOf(text);
        if (id === null)
          throw new Error(
            `"${text}" is not an id from the log: give one that begins with cap_, att_, dlv_ or msg_, as copied from its detail.`,
          );
        const { input, ...fromLog } = await readFromLog(client, id);
        replaceInput(input);
        set({ fromLog, owners: withOwner(get().owners, fromLog.owner) });
        return `Opened ${fromLog.label}`;
      } catch (error) {
        set({ openProblem: { text, problem: toProblem(error) } });
        return null;
      }
    },
  };
}

/** Whether the request field holds a paste that could not be read: what its lines look like is no request to judge. */
function isUnread({ imported, input }: VerifyState): boolean {
  return imported?.reading.kind === 'unread' && isUntouched(imported, input);
}

/** A target that was sent to once is in no list, but its secrets can be tried while it is there. */
function withOwner(owners: readonly SecretOwner[], owner: SecretOwner | null): readonly SecretOwner[] {
  return owner === null || owners.some(({ id }) => id === owner.id) ? owners : [...owners, owner];
}
