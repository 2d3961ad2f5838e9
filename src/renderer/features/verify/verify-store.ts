import { createStore } from 'zustand/vanilla';
import type { SolverResult } from '#shared/contract/solving.ts';
import type { Client } from '../../base/client.ts';
import type { PasteReader } from '../../base/paste-reader.ts';
import { oneAtATime } from '../../base/one-at-a-time.ts';
import { isAbort, toProblem } from '../../base/problem.ts';
import { splitRawRequest } from './exact-text.ts';
import { logIdOf, readFromLog } from './from-log.ts';
import type { Imported } from './imported.ts';
import { missingIn } from './missing.ts';
import { createPasteActs } from './paste-acts.ts';
import { createPasteReading } from './paste-reading.ts';
import { readOwners, withOwner } from './secret-owners.ts';
import { emptyInput, exampleInput, isSameRequest, readInput, verdictQuestion, type VerifyInput } from './verify-input.ts';
import { emptyState, isUnread, type Replaced, type VerifyState, type VerifyStore } from './verify-state.ts';

const pauseMs = 150;

/** A store for the Verify page. `later` calls back after a pause and returns how to cancel it. */
export function createVerifyStore(
  client: Client,
  later: (callback: () => void, delayMs: number) => () => void,
  pastes: PasteReader,
): VerifyStore {
  const store = createStore<VerifyState>(() => emptyState);
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

  const reading = createPasteReading(store);
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
    // A secret typed while a large paste is being read belongs to it.
    if (!isSameRequest(input, before.input)) reading.stop();
    asking.abort();
    cancelPause();
    cancelPause = later(() => void ask(), pauseMs);
  };
  const change = (part: Partial<VerifyInput>) => {
    const { input, imported, replaced } = get();
    const isOther = 'body' in part || 'file' in part || (part.head ?? input.head) !== input.head;
    // What was read of a paste does not hold for another request, and whoever gives a body knows it.
    const changed = { ...input, ...(isOther ? { bodyGap: null } : {}), ...part };
    replaceInput(changed, changed.head === input.head ? imported : null, isSameRequest(changed, input) ? replaced : null);
  };

  const load = oneAtATime<void>(async () => {
    try {
      const [schemes, owners] = await Promise.all([client.verifying.schemes(), readOwners(client)]);
      set({ schemes: schemes.items, owners: withOwner(owners, get().fromLog?.owner ?? null), problem: null });
      await ask();
    } catch (error) {
      set({ problem: toProblem(error), isStale: false });
    }
  });

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
    ...createPasteActs({ ...store, replaceInput, change, leaveHead }, pastes, reading),
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
    moveRestToBody,
    leaveHead,
    clear: () => {
      reading.stop();
      replaceInput(emptyInput);
    },
    showExample: () => replaceInput(exampleInput),
    stopReading: reading.stop,
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
