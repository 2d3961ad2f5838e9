import { IconCheck, IconClock, IconPencil, IconPlayerStop, IconX, type Icon } from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { RunSummary } from '#shared/contract/runs.ts';
import { countText } from '../../base/size-format.ts';
import type { Meaning } from '../../ui/meaning.ts';
import { MeaningBadge } from '../../ui/status-badge.tsx';
import { TwoLineRow } from '../../ui/two-line-row.tsx';
import { VirtualList } from '../../ui/virtual-list.tsx';
import { isSameRun, type OpenProject, type ProjectRun } from './open-project.ts';
import { choiceOf, type ProjectRuns, type ProjectRunsState, type RunResult } from './project-runs.ts';

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
          standing={standingOf(run, results.get(run.name) ?? null, queue.indexOf(run.name))}
        />
      )}
    />
  );
}

interface TestRowProps {
  readonly run: RunSummary;
  /** Another target than its own, or empty. */
  readonly to: string;
  readonly standing: Standing | null;
}

function TestRow({ run, to, standing }: TestRowProps) {
  const { name, steps, description } = run;
  const others = new Set(run.outline.flatMap((step) => step.to ?? [])).size;
  const target = to !== '' ? to : run.to === null ? '' : `${run.to}${others === 0 ? '' : ' and elsewhere'}`;
  const goesTo = `${countText(steps, 'step', 'steps')}${target === '' ? '' : ` to ${target}`}`;
  const note = description === null || to !== '' ? goesTo : description;
  return <TwoLineRow title={name} aside={standing === null ? <span /> : <MeaningBadge {...standing} plain />} note={note} />;
}

/** How a test stands, in a word. */
interface Standing {
  readonly meaning: Meaning;
  readonly icon: Icon;
  readonly word: string;
}

/** How a test stands; null for one that was not run. `place` is where it is in the queue, or -1. */
function standingOf(run: ProjectRun, result: RunResult | null, place: number): Standing | null {
  if (result?.status === 'running') {
    const word = result.started === null ? 'starting' : `${result.judged.length} of ${result.started.steps}`;
    return { meaning: 'waiting', icon: IconClock, word };
  }
  if (place >= 0) return { meaning: 'waiting', icon: IconClock, word: place === 0 ? 'starting' : 'waits' };
  if (result === null) return null;
  if (!isSameRun(result.of, run)) return { meaning: 'waiting', icon: IconPencil, word: 'changed since' };
  const { status, started, ended } = result;
  if (status === 'stopped') return { meaning: 'waiting', icon: IconPlayerStop, word: 'stopped' };
  if (ended === null) return { meaning: 'bad', icon: IconX, word: started === null ? 'did not run' : 'broke off' };
  if (ended.isMet) return { meaning: 'good', icon: IconCheck, word: 'passed' };
  return { meaning: 'bad', icon: IconX, word: `${ended.total - ended.met} of ${ended.total} not met` };
}

/** How many tests there are, and how they came out so far: `3 tests: 2 passed, 1 failed`. */
export function standingText({ runs }: OpenProject, results: ProjectRunsState['results']): string {
  const over = runs.flatMap((run) => {
    const result = results.get(run.name);
    return result === undefined || result.status === 'running' || !isSameRun(result.of, run) ? [] : [result];
  });
  const all = countText(runs.length, 'test', 'tests');
  if (over.length === 0) return all;
  const [passed, stopped] = [
    over.filter(({ ended }) => ended?.isMet === true).length,
    over.filter(({ status }) => status === 'stopped').length,
  ];
  const unrun = over.filter(({ status, started }) => status !== 'stopped' && started === null).length;
  const parts = [
    [passed, 'passed'],
    [over.length - passed - stopped - unrun, 'failed'],
    [stopped, 'stopped'],
    [unrun, 'did not run'],
  ] as const;
  return `${all}: ${parts.flatMap(([count, word]) => (count > 0 ? [`${count} ${word}`] : [])).join(', ')}`;
}
