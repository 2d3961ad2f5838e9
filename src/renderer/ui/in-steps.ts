import { useEffect, useMemo } from 'react';
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';

/** Work of any length that stops where other work may be let in, and answers what it made. */
export type Steps<Result> = Generator<void, Result, void>;

/** Work under way: null until it is done. */
export interface StepsStore<Result> extends StoreApi<{ readonly result: Result } | null> {
  /** Goes on with what was begun, until `stop`. */
  readonly start: () => void;
  readonly stop: () => void;
}

/** How long work goes on before other work is let in, and how that is done. */
export interface StepSettings {
  readonly stepMs?: number;
  readonly later?: (work: () => void) => () => void;
}

/** A step that takes this long is not felt. */
export const usualStepMs = 12;

/** Does work in steps that hold nothing up. The first is taken at once, so that what is short is there from the beginning. */
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

/** What `work` makes, null until then; other `work` begins anew, so it is to be kept the same between drawings. */
export function useInSteps<Result>(work: () => Steps<Result>): Result | null {
  const store = useMemo(() => createSteps(work()), [work]);
  const done = useStore(store);
  useEffect(() => {
    store.start();
    return store.stop;
  }, [store]);
  return done === null ? null : done.result;
}

/** Does something in a task of its own; what it answers takes that back. */
export function afterATurn(work: () => void): () => void {
  const timer = setTimeout(work, 0);
  return () => clearTimeout(timer);
}
