import { Button, FileButton } from '@mantine/core';
import { IconCheck, IconClock, IconFolder, IconPlayerPlay, IconPlayerStop, IconTestPipe, IconX } from '@tabler/icons-react';
import { useRef, useState, type DragEvent, type ReactNode } from 'react';
import { useStore } from 'zustand';
import type { RunSummary } from '#shared/contract/runs.ts';
import { countText } from '../../base/size-format.ts';
import { useKeys, useRoute, useSession } from '../../stores/session.tsx';
import { AreaBar } from '../../ui/area-bar.tsx';
import { filesOfDrop, filesOfList, type FoundFile } from '../../ui/dropped-files.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { SplitPane } from '../../ui/split-pane.tsx';
import { MeaningBadge } from '../../ui/status-badge.tsx';
import { VirtualList } from '../../ui/virtual-list.tsx';
import type { FollowedRun } from './followed-run.ts';
import { projectRunsOf, type OpenProject, type ProjectRuns } from './project-runs.ts';
import { needsSomething, RunAll } from './run-all.tsx';
import { RunDetail } from './run-detail.tsx';
import styles from './tests.module.css';

/** The tests of a project whose files are chosen here: run one of them or all, and see what each step brought. */
export function AreaView() {
  const session = useSession();
  const runs = projectRunsOf(session);
  const { project, isReading, problem, queue } = useStore(runs);
  const [isAsking, setAsking] = useState(false);
  const id = useRoute().id;
  const shown = project?.runs.find(({ name }) => name === id);
  const open = (name: string | null) => session.router.visit({ area: 'tests', id: name });
  const choose = (found: readonly FoundFile[]) => {
    if (found.length > 0) void runs.open(found);
  };
  const startAll = () => {
    if (project === null || project.runs.length === 0 || queue.length > 0) return;
    if (project.runs.some(needsSomething)) setAsking(true);
    else runs.start(project.runs.map(({ name }) => name));
  };
  useKeys({ Escape: () => open(null), a: startAll });
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
        count={project === null ? undefined : `${countText(project.runs.length, 'test', 'tests')} of ${project.name}`}
        action={
          project === null ? undefined : (
            <BarActions
              runs={runs}
              isRunning={queue.length > 0}
              isEmpty={project.runs.length === 0}
              onStartAll={startAll}
              onChoose={choose}
            />
          )
        }
      />
      <ProgressBar isActive={isReading} />
      {problem !== null && (
        <div className={styles['problem']}>
          <ErrorNotice problem={problem} />
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
          detail={
            shown === undefined ? null : <RunDetail key={shown.name} run={shown} project={project} runs={runs} onClose={() => open(null)} />
          }
          onBack={() => open(null)}
        />
      )}
      {project !== null && <RunAll project={project} runs={runs} isOpen={isAsking} onClose={() => setAsking(false)} />}
    </section>
  );
}

interface BarActionsProps {
  readonly runs: ProjectRuns;
  readonly isRunning: boolean;
  readonly isEmpty: boolean;
  readonly onStartAll: () => void;
  readonly onChoose: (found: readonly FoundFile[]) => void;
}

function BarActions({ runs, isRunning, isEmpty, onStartAll, onChoose }: BarActionsProps) {
  return (
    <>
      <ChooseFolder size="xs" onChoose={onChoose}>
        Choose again
      </ChooseFolder>
      <Button size="xs" variant="default" onClick={runs.close}>
        Close
      </Button>
      {isRunning ? (
        <Button size="xs" variant="default" leftSection={<IconPlayerStop size={14} />} onClick={runs.stop}>
          Stop
        </Button>
      ) : (
        <Button size="xs" leftSection={<IconPlayerPlay size={14} />} disabled={isEmpty} onClick={onStartAll} title="a">
          Run all
        </Button>
      )}
    </>
  );
}

function NoProject({ onChoose }: Pick<BarActionsProps, 'onChoose'>) {
  return (
    <EmptyState
      icon={IconTestPipe}
      sentence="The tests of a project stand in its hookyard.yaml: choose its folder, or drop it here, to run them. Nothing of it is kept."
      action={
        <div className={styles['choices']}>
          <ChooseFolder size="sm" onChoose={onChoose}>
            Choose a folder
          </ChooseFolder>
          <FileButton multiple onChange={(list) => onChoose(filesOfList(list))}>
            {(props) => (
              <Button {...props} variant="default">
                Choose files
              </Button>
            )}
          </FileButton>
        </div>
      }
      example={<code>hookyard run save checkout --endpoint Shop --since 10m</code>}
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

interface ChooseFolderProps {
  readonly size: 'xs' | 'sm';
  readonly onChoose: (found: readonly FoundFile[]) => void;
  readonly children: ReactNode;
}

function ChooseFolder({ size, onChoose, children }: ChooseFolderProps) {
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
  const { results, queue } = useStore(runs);
  return (
    <VirtualList
      label="Tests"
      items={project.runs}
      idOf={({ name }) => name}
      selectedId={selectedId}
      onSelect={onSelect}
      rowPx={44}
      renderRow={(run) => <TestRow run={run} result={results.get(run.name) ?? null} isQueued={queue.includes(run.name)} />}
    />
  );
}

interface TestRowProps {
  readonly run: RunSummary;
  readonly result: FollowedRun | null;
  readonly isQueued: boolean;
}

function TestRow({ run: { name, steps, to, description }, result, isQueued }: TestRowProps) {
  const target = to === null ? '' : ` to ${to}`;
  const note = description ?? `${countText(steps, 'step', 'steps')}${target}`;
  return (
    <div className={styles['row']}>
      <b className="truncate" title={name}>
        {name}
      </b>
      <Standing result={result} isQueued={isQueued} />
      <span className={`truncate ${styles['note']}`} title={note}>
        {note}
      </span>
    </div>
  );
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
  if (result.ended === null) return <MeaningBadge meaning="bad" icon={IconX} word="could not run" plain />;
  return (
    <MeaningBadge meaning="bad" icon={IconX} word={`${result.ended.total - result.ended.met} of ${result.ended.total} not met`} plain />
  );
}
