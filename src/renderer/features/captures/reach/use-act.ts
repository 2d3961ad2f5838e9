import { useState } from 'react';
import { toProblem, type Problem } from '../../../base/problem.ts';
import { useSession } from '../../../stores/session.tsx';

/** Something that a button does: whether it is under way, and what went wrong last. */
export interface Act {
  readonly isBusy: boolean;
  readonly problem: Problem | null;
  /** Says `done` to screen readers once it is; resolves with whether it succeeded. */
  readonly run: (work: () => Promise<unknown>, done: string) => Promise<boolean>;
}

export function useAct(): Act {
  const { announce } = useSession();
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  return {
    isBusy,
    problem,
    run: async (work, done) => {
      setBusy(true);
      try {
        await work();
        setProblem(null);
        announce(done);
        return true;
      } catch (error) {
        setProblem(toProblem(error));
        return false;
      } finally {
        setBusy(false);
      }
    },
  };
}
