import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { toProblem, type Problem } from '../../base/problem.ts';
import { useChanges } from '../../stores/session.tsx';
import type { ProjectRuns } from './project-runs.ts';
import type { Need } from './run-needs.ts';

/** Typing pauses for so long before it counts. */
const typingPauseMs = 200;

/** What runs of the open project need, with the targets that they get. Null until that is known. */
export function useNeeds(runs: ProjectRuns, names: readonly string[]) {
  const project = useStore(runs, (state) => state.project);
  // A file that is named may have come, or gone, where those of the project are as before.
  const readAtMs = useStore(runs, (state) => state.readAtMs);
  const [choices] = useDebouncedValue(
    useStore(runs, (state) => state.choices),
    typingPauseMs,
  );
  const [needs, setNeeds] = useState<readonly Need[] | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  // Where a URL leads, and what an endpoint needs, is decided by the workspace, too.
  const [changes, setChanges] = useState(0);
  useChanges(['environments', 'endpoints', 'profiles', 'settings'], () => setChanges((count) => count + 1));
  const key = names.join('\n');
  useEffect(() => {
    let isLatest = true;
    const load = async () => {
      try {
        const found = key === '' ? [] : await runs.needsOf(key.split('\n'));
        if (!isLatest) return;
        setNeeds(found);
        setProblem(null);
      } catch (error) {
        if (isLatest) setProblem(toProblem(error));
      }
    };
    void load();
    return () => {
      isLatest = false;
    };
  }, [runs, project, readAtMs, choices, key, changes]);
  return { needs, problem };
}
