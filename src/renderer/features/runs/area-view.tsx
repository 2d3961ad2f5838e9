import { Button, FileButton, Group } from '@mantine/core';
import { IconCheck, IconClock, IconFolder, IconPlayerPlay, IconPlayerStop, IconTestPipe, IconX } from '@tabler/icons-react';
import { useRef, useState, type DragEvent, type ReactNode } from 'react';
import { useStore } from 'zustand';
import type { RunSummary } from '#shared/contract/runs.ts';
import { countText } from '../../base/size-format.ts';
import { useKeys, useRoute, useSession } from '../../stores/session.tsx';
import { useAct } from '../../stores/use-act.ts';
import { AreaBar } from '../../ui/area-bar.tsx';
import { filesOfDrop, filesOfList, type FoundFile } from '../../ui/dropped-files.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { SplitPane } from '../../ui/split-pane.tsx';
import { MeaningBadge } from '../../ui/status-badge.tsx';
import { TwoLineRow } from '../../ui/two-line-row.tsx';
import { VirtualList } from '../../ui/virtual-list.tsx';
import type { FollowedRun } from './followed-run.ts';
import { choiceOf, projectRunsOf, type OpenProject, type ProjectRuns, type ProjectRunsState } from './project-runs.ts';
import { isAskedFor, RunAll } from './run-all.tsx';
import { RunDetail } from './run-detail.tsx';
import styles from './tests.module.css';

/** The tests of a project whose files are chosen here: run one of them or all, and see what each step brought. */
export function AreaView() {
  const session = useSession();
  const runs = projectRunsOf(session);
  const { project, isReading, problem, results, queue } = useStore(runs);
  const [isAsking, setAsking] = useState(false);
  const act = useAct();
  const id = useRoute().id;
  const shown = project?.runs.find(({ name }) => name === id);
  const open = (name: string | null) => session.router.visit({ area: 'tests', id: name });
  const choose = (found: readonly FoundFile[]) => {
    if (found.length > 0) void runs.open(found);
  };
  const startAll = async () => {
    if (project === null || project.runs.length === 0 || queue.length > 0) return;
    const names = project.runs.map(({ name }) => name);
    if ((await runs.needsOf(names)).some(isAskedFor)) setAsking(true);
    else runs.start(names);
  };
  const runAll = () => void act.run(startAll);
  useKeys({ Escape: () => open(null), a: runAll, s: runs.stop });
  return (
    <section
      className={styles['area']}
      aria-label="Tests of a project"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event: DragEvent) => {
        event.preventDefault();
        void filesOfDrop(event.dataTransfer).then(choose);
      }}
    >
      <AreaBar
        title="Tests"
        count={
          project === null ? undefined : `${countText(project.runs.length, 'test', 'tests')} of ${project.name}${standingText(results)}`
        }
        action={
          project === null ? undefined : (
            <BarActions runs={runs} project={project} isRunning={queue.length > 0} onRunAll={runAll} onChoose={choose} />
          )
        }
      />
      <ProgressBar isActive={isReading} />
      {(problem ?? act.problem) !== null && (
        <div className={styles['problem']}>
          <ErrorNotice problem={problem ?? act.problem} />
          {problem !== null && project !== null && <p>The tests below are those that were chosen before.</p>}
        </div>
      )}
      {project === null ? (
        <NoProject onChoose={choose} />
      ) : project.runs.length === 0 ? (
        <NoTests />
      ) : (
        <SplitPane
          name="tests"
          initialShare={0.36}
          list={<TestList project={project} runs={runs} selectedId={id} onSelect={open} />}
          detail={shown === undefined ? null : <RunDetail key={shown.name} run={shown} runs={runs} onClose={() => open(null)} />}
          onBack={() => open(null)}
        />
      )}
      {project !== null && <RunAll project={project} runs={runs} isOpen={isAsking} onClose={() => setAsking(false)} />}
    </section>
  );
}

interface BarActionsProps {
  readonly runs: ProjectRuns;
  readonly project: OpenProject;
  readonly isRunning: boolean;
  readonly onRunAll: () => void;
  readonly onChoose: (found: readonly FoundFile[]) => void;
}

/** Stop and Run all keep their places, so that a second click never does the opposite. */
function BarActions({ runs, project, isRunning, onRunAll, onChoose }: BarActionsProps) {
  return (
    <Group gap={8} wrap="nowrap">
      {project.isFolder ? (
        <ChooseFolder size="xs" onChoose={onChoose}>
          Choose again
        </ChooseFolder>
      ) : (
        <ChooseFiles size="xs" onChoose={onChoose}>
          Choose again
        </ChooseFiles>
      )}
      <Button size="xs" variant="default" onClick={runs.close}>
        Close
      </Button>
      <Button size="xs" variant="default" leftSection={<IconPlayerStop size={14} />} disabled={!isRunning} onClick={runs.stop} title="s">
        Stop
      </Button>
      <Button
        size="xs"
        leftSection={<IconPlayerPlay size={14} />}
        disabled={isRunning || project.runs.length === 0}
        onClick={onRunAll}
        title="a"
      >
        Run all
      </Button>
    </Group>
  );
}

function NoProject({ onChoose }: Pick<BarActionsProps, 'onChoose'>) {
  return (
    <EmptyState
      icon={IconTestPipe}
      sentence="The tests of a project stand in its hookyard.yaml: choose its folder, or drop it here, to run them. Its files stay in this window."
      action={
        <div className={styles['choices']}>
          <ChooseFolder size="sm" onChoose={onChoose}>
            Choose a folder
          </ChooseFolder>
          <ChooseFiles size="sm" onChoose={onChoose}>
            Choose files
          </ChooseFiles>
        </div>
      }
      example={
        <>
          A first test, of what was just sent: <code>hookyard run save checkout --endpoint Shop --since 10m</code>
        </>
      }
    />
  );
}

function NoTests() {
  return (
    <EmptyState
      icon={IconTestPipe}
      sentence="This project has no tests yet: Save as test, in Deliveries and Captures, writes one of what was sent or received."
      example={<code>hookyard run save checkout --endpoint Shop --since 10m</code>}
    />
  );
}

interface ChooseProps {
  readonly size: 'xs' | 'sm';
  readonly onChoose: (found: readonly FoundFile[]) => void;
  readonly children: ReactNode;
}

function ChooseFiles({ size, onChoose, children }: ChooseProps) {
  return (
    <FileButton multiple onChange={(list) => onChoose(filesOfList(list))}>
      {(props) => (
        <Button {...props} size={size} variant="default">
          {children}
        </Button>
      )}
    </FileButton>
  );
}

function ChooseFolder({ size, onChoose, children }: ChooseProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button
        size={size}
        variant={size === 'xs' ? 'default' : 'filled'}
        leftSection={<IconFolder size={14} />}
        onClick={() => input.current?.click()}
      >
        {children}
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        aria-hidden
        tabIndex={-1}
        {...{ webkitdirectory: '' }}
        onChange={(event) => {
          onChoose(filesOfList(event.currentTarget.files));
          event.currentTarget.value = '';
        }}
      />
    </>
  );
}

interface TestListProps {
  readonly project: OpenProject;
  readonly runs: ProjectRuns;
  readonly selectedId: string | null;
  readonly onSelect: (name: string) => void;
}

function TestList({ project, runs, selectedId, onSelect }: TestListProps) {
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
function standingText(results: ProjectRunsState['results']): string {
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
