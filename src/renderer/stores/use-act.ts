import { useState } from 'react';
import { isAbort, toProblem, type Problem } from '../base/problem.ts';
import { useSession } from './session.tsx';

/** Something that a button does: whether it is under way, and what went wrong last. */
export interface Act {
  readonly isBusy: boolean;
  readonly problem: Problem | null;
  /** Tells screen readers `said`, if anything, once `work` is done; resolves with whether it succeeded. Cancelling is no problem. */
  readonly run: <T>(work: () => Promise<T>, said?: string | ((done: T) => string)) => Promise<boolean>;
  /** Forgets the problem. */
  readonly clear: () => void;
}

export function useAct(): Act {
  const { announce } = useSession();
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  return {
    isBusy,
    problem,
    clear: () => setProblem(null),
    run: async (work, said) => {
      setBusy(true);
      setProblem(null);
      try {
        const done = await work();
        if (said !== undefined) announce(typeof said === 'string' ? said : said(done));
        return true;
      } catch (error) {
        if (!isAbort(error)) setProblem(toProblem(error));
        return false;
      } finally {
        setBusy(false);
      }
    },
  };
}
