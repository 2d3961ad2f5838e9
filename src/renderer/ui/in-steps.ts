import { useEffect, useMemo } from 'react';
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';

/** Work of any length that pauses where it may yield, and returns its result. */
export type Steps<Result> = Generator<void, Result, void>;

/** Work under way: null until it is done. */
export interface StepsStore<Result> extends StoreApi<{ readonly result: Result } | null> {
  /** Continues until `stop`. */
  readonly start: () => void;
  readonly stop: () => void;
}

/** How long work runs before it yields, and how it yields. */
export interface StepSettings {
  readonly stepMs?: number;
  readonly later?: (work: () => void) => () => void;
}

/** A step of this length is not noticeable. */
export const usualStepMs = 12;

/** Does work in steps that block nothing. The first runs at once, so that short work is done from the beginning. */
export function createSteps<Result>(
  work: Steps<Result>,
  { stepMs = usualStepMs, later = afterATurn }: StepSettings = {},
): StepsStore<Result> {
  let cancel: (() => void) | null = null;
  const goOn = (): { readonly result: Result } | null => {
    const untilMs = performance.now() + stepMs;
    do {
      const step = work.next();
      if (step.done === true) return { result: step.value };
    } while (performance.now() <= untilMs);
    return null;
  };
  const store = createStore<{ readonly result: Result } | null>(goOn);
  const turn = () => {
    cancel = null;
    const done = goOn();
    if (done === null) cancel = later(turn);
    else store.setState(done, true);
  };
  return {
    ...store,
    start: () => {
      if (cancel === null && store.getState() === null) cancel = later(turn);
    },
    stop: () => {
      cancel?.();
      cancel = null;
    },
  };
}

/** What `work` makes, null until then; new `work` starts over, so keep the same object between renders. */
export function useInSteps<Result>(work: () => Steps<Result>): Result | null {
  const store = useMemo(() => createSteps(work()), [work]);
  const done = useStore(store);
  useEffect(() => {
    store.start();
    return store.stop;
  }, [store]);
  return done === null ? null : done.result;
}

/** Runs something in a separate task; returns a function that cancels it. */
export function afterATurn(work: () => void): () => void {
  const timer = setTimeout(work, 0);
  return () => clearTimeout(timer);
}
