import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { ProjectRead } from '#shared/contract/project.ts';
import { toProblem, type Problem } from '../../base/problem.ts';
import type { ProjectRuns } from './project-runs.ts';

/** Typing pauses for so long before it counts. */
const typingPauseMs = 200;

/** What is read for runs of the open project, for the target that they get. Null until that is known. */
export function useReads(runs: ProjectRuns, names: readonly string[]) {
  const project = useStore(runs, (state) => state.project);
  const [to] = useDebouncedValue(
    useStore(runs, (state) => state.to),
    typingPauseMs,
  );
  const [reads, setReads] = useState<readonly ProjectRead[] | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const key = names.join('\n');
  useEffect(() => {
    let isLatest = true;
    const load = async () => {
      try {
        const found = key === '' ? [] : await runs.readsOf(key.split('\n'));
        if (!isLatest) return;
        setReads(found);
        setProblem(null);
      } catch (error) {
        if (isLatest) setProblem(toProblem(error));
      }
    };
    void load();
    return () => {
      isLatest = false;
    };
  }, [runs, project, to, key]);
  return { reads, problem };
}
