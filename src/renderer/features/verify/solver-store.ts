import { createStore, type StoreApi } from 'zustand/vanilla';
import type { SolverMatch, SolverProgress, SolverResult } from '#shared/contract/solving.ts';
import type { Verification } from '#shared/contract/verifying.ts';
import { whyNoSearch } from '#shared/worth-a-search.ts';
import type { Client } from '../../base/client.ts';
import { isAbort, toProblem, type Problem } from '../../base/problem.ts';
import { readInput, verdictQuestion, type VerifyQuestion } from './verify-input.ts';
import type { VerifyState, VerifyStore } from './verify-state.ts';

/** Progress of the search for the cause of a mismatch. */
export type Search =
  | { readonly kind: 'none' }
  | { readonly kind: 'running'; readonly progress: SolverProgress | null }
  | { readonly kind: 'done'; readonly result: SolverResult }
  | { readonly kind: 'cancelled'; readonly tried: number }
  | { readonly kind: 'failed'; readonly problem: Problem };

/** What the search part of the Verify page shows. */
export interface SolverState {
  readonly search: Search;
  /** Whether the secrets of every endpoint and bin are tried, too. */
  readonly isAllSecrets: boolean;
}

/** The search for the cause, usable without a window. It begins by itself after a verdict that needs a cause. */
export interface SolverStore extends StoreApi<SolverState> {
  /** Searches for as long as is usual, or for up to `maxMs`. */
  readonly start: (maxMs?: number) => Promise<void>;
  readonly cancel: () => void;
  readonly setAllSecrets: (isAllSecrets: boolean) => void;
}

/** A verdict stands for this long before the search begins, so that typing starts none. */
const settleMs = 300;

const none: Search = { kind: 'none' };

/** A store that follows the verdicts of a Verify page. `later` calls back after a pause and returns how to cancel it. */
export function createSolverStore(
  client: Client,
  verify: VerifyStore,
  later: (callback: () => void, delayMs: number) => () => void,
): SolverStore {
  const store = createStore<SolverState>(() => ({ search: none, isAllSecrets: false }));
  const { getState: get, setState: set } = store;
  let running = new AbortController();
  let cancelPause: () => void = () => undefined;

  const stop = () => {
    cancelPause();
    running.abort();
  };

  const start = async (maxMs?: number) => {
    stop();
    const { input, schemes } = verify.getState();
    const { question } = readInput(input, schemes);
    if (question === null || !hasSecrets(question, get().isAllSecrets)) return set({ search: none });
    const { signal } = (running = new AbortController());
    // The same question as for the verdict, so that the search is about what was judged.
    const asked = solveInput(verdictQuestion(question, input), get().isAllSecrets, maxMs);
    set({ search: { kind: 'running', progress: null } });
    try {
      for await (const event of await client.verifying.solve(asked, { signal })) {
        if (signal.aborted) return;
        set({ search: event.kind === 'result' ? { kind: 'done', result: event } : { kind: 'running', progress: event } });
      }
    } catch (error) {
      if (!signal.aborted && !isAbort(error)) set({ search: { kind: 'failed', problem: toProblem(error) } });
    }
  };

  const follow = ({ verification, isStale }: VerifyState, before: VerifyState) => {
    if (isStale && !before.isStale) stop();
    if (isStale || (verification === before.verification && !before.isStale)) return;
    stop();
    if (verification === null || !isWorthASearch(verification, verify.getState(), get().isAllSecrets)) return set({ search: none });
    const shown = get().search;
    // Results for the previous input are wrong for this one; a running search is replaced by the next.
    if (shown.kind !== 'running') set({ search: none });
    cancelPause = later(() => void start(), settleMs);
  };
  verify.subscribe(follow);

  return {
    ...store,
    start,
    cancel: () => {
      const { search } = get();
      stop();
      if (search.kind === 'running') set({ search: { kind: 'cancelled', tried: search.progress?.tried ?? 0 } });
    },
    setAllSecrets: (isAllSecrets) => {
      set({ isAllSecrets });
      const { verification, isStale } = verify.getState();
      if (verification !== null && !isStale && isWorthASearch(verification, verify.getState(), isAllSecrets)) void start();
    },
  };
}

function hasSecrets({ secrets = [], secretsOf }: VerifyQuestion, isAllSecrets: boolean): boolean {
  return isAllSecrets || secrets.length > 0 || secretsOf !== undefined;
}

function solveInput({ secretsOf, ...question }: VerifyQuestion, allSecrets: boolean, maxMs: number | undefined) {
  return { ...question, secretsOf: secretsOf === undefined ? [] : [secretsOf], allSecrets, ...(maxMs === undefined ? {} : { maxMs }) };
}

/** Whether a search could find something: where no signature was recognised, one that a secret may explain. */
export function isWorthASearch(
  verification: Verification,
  { input, schemes }: Pick<VerifyState, 'input' | 'schemes'>,
  isAllSecrets: boolean,
): boolean {
  const { question } = readInput(input, schemes);
  return whyNoSearch(verification, question !== null && hasSecrets(question, isAllSecrets)) === null;
}

/** What a search found, in a sentence to be read out; null while there is nothing to say. */
export function searchSentence(search: Search): string | null {
  switch (search.kind) {
    case 'done':
      return resultSentence(search.result);
    case 'cancelled':
      return 'The search for the cause was cancelled.';
    case 'failed':
      return search.problem.message;
    case 'none':
    case 'running':
      return null;
  }
}

function resultSentence({ matches, tried }: SolverResult): string {
  const [first] = matches;
  if (first === undefined) return `No cause was found; ${tried.total} signatures were tried.`;
  const more = matches.length > 1 ? ` And ${matches.length - 1} more.` : '';
  return `${first.weak ? 'A hint: ' : 'Cause found: '}${first.sentence}${more}`;
}

/** What to send to a customer where nothing was found, as text. */
export function requestText({ advice, tried }: SolverResult, verification: Verification | null): string {
  const found =
    verification?.reason === 'unknown'
      ? `No signature was recognised in the request, and nothing in it is one after any of ${tried.total} usual ways to sign.`
      : `The signature does not match the request as it was given, nor after any of ${tried.total} usual changes of body, secret, signed string and encoding.`;
  return [found, '', ...advice.map((sentence) => `- ${sentence}`)].join('\n');
}

/** A match as text to send: what does not match, the cause, and the proof under it. */
export function matchText({ sentence, received, expected, secretFingerprint, weak, bodyDiff }: SolverMatch): string {
  return [
    'Hello,',
    '',
    'we looked into why the signature of the webhook you sent us does not match. This is what we found:',
    '',
    sentence,
    '',
    `Received signature: ${received}`,
    `With this change:   ${expected}`,
    `Fingerprint of the secret: ${secretFingerprint}`,
    ...(bodyDiff === null ? [] : [`The bodies differ from byte ${bodyDiff.offset} on.`]),
    ...(weak ? ['The signature is too short to be a proof; take this as a hint.'] : []),
  ].join('\n');
}
