import { IconCheck, IconClock, IconPlayerStop, IconX } from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { RunSummary } from '#shared/contract/runs.ts';
import { countText } from '../../base/size-format.ts';
import { MeaningBadge } from '../../ui/status-badge.tsx';
import { TwoLineRow } from '../../ui/two-line-row.tsx';
import { VirtualList } from '../../ui/virtual-list.tsx';
import type { FollowedRun } from './followed-run.ts';
import { choiceOf, type OpenProject, type ProjectRuns, type ProjectRunsState } from './project-runs.ts';

interface TestListProps {
  readonly project: OpenProject;
  readonly runs: ProjectRuns;
  readonly selectedId: string | null;
  readonly onSelect: (name: string) => void;
}

/** The tests of a project with how each stands. */
export function TestList({ project, runs, selectedId, onSelect }: TestListProps) {
  const state = useStore(runs);
  const { results, queue } = state;
  return (
    <VirtualList
      label="Tests"
      items={project.runs}
      idOf={({ name }) => name}
      selectedId={selectedId}
      onSelect={onSelect}
      rowPx={44}
      renderRow={(run) => (
        <TestRow
          run={run}
          to={choiceOf(state, run.name).to.trim()}
          result={results.get(run.name) ?? null}
          isQueued={queue.includes(run.name)}
        />
      )}
    />
  );
}

interface TestRowProps {
  readonly run: RunSummary;
  /** Another target than its own, or empty. */
  readonly to: string;
  readonly result: FollowedRun | null;
  readonly isQueued: boolean;
}

function TestRow({ run, to, result, isQueued }: TestRowProps) {
  const { name, steps, description } = run;
  const others = new Set(run.outline.flatMap((step) => step.to ?? [])).size;
  const target = to !== '' ? to : run.to === null ? '' : `${run.to}${others === 0 ? '' : ' and elsewhere'}`;
  const goesTo = `${countText(steps, 'step', 'steps')}${target === '' ? '' : ` to ${target}`}`;
  const note = description === null || to !== '' ? goesTo : description;
  return <TwoLineRow title={name} aside={<Standing result={result} isQueued={isQueued} />} note={note} />;
}

/** How many tests passed and failed so far: `: 2 passed, 1 failed`. */
export function standingText(results: ProjectRunsState['results']): string {
  const over = [...results.values()].filter(({ status }) => status !== 'running');
  if (over.length === 0) return '';
  const passed = over.filter(({ ended }) => ended?.isMet === true).length;
  return `: ${passed} passed, ${over.length - passed} not`;
}

/** How a test stands, in a word. */
function Standing({ result, isQueued }: Pick<TestRowProps, 'result' | 'isQueued'>) {
  if (result?.status === 'running') {
    const words = result.started === null ? 'starting' : `${result.judged.length} of ${result.started.steps}`;
    return <MeaningBadge meaning="waiting" icon={IconClock} word={words} plain />;
  }
  if (isQueued) return <MeaningBadge meaning="waiting" icon={IconClock} word="waits" plain />;
  if (result === null) return <span />;
  if (result.ended !== null && result.ended.isMet) return <MeaningBadge meaning="good" icon={IconCheck} word="passed" plain />;
  if (result.status === 'stopped') return <MeaningBadge meaning="waiting" icon={IconPlayerStop} word="stopped" plain />;
  if (result.ended === null)
    return <MeaningBadge meaning="bad" icon={IconX} word={result.started === null ? 'did not run' : 'broke off'} plain />;
  return (
    <MeaningBadge meaning="bad" icon={IconX} word={`${result.ended.total - result.ended.met} of ${result.ended.total} not met`} plain />
  );
}
