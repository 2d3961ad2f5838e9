import { Button, Group } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconPlayerPlay, IconPlayerStop, IconTestPipe } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { smallQuery } from '../../base/narrow.ts';
import { useKeys, useRoute, useSession } from '../../stores/session.tsx';
import { useAct } from '../../stores/use-act.ts';
import { AreaBar } from '../../ui/area-bar.tsx';
import { BarAction } from '../../ui/bar-action.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { dropsFiles } from '../../ui/dropped-files.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { canKeepFiles } from '../../ui/file-handles.ts';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { SplitPane } from '../../ui/split-pane.tsx';
import { ChooseProject, takeFiles, takeHandles } from './choose-project.tsx';
import { ProjectLine } from './project-line.tsx';
import type { OpenProject } from './open-project.ts';
import { projectRunsOf, type ProjectRuns, type ProjectRunsState } from './project-runs.ts';
import { RunAll } from './run-all.tsx';
import { RunDetail } from './run-detail.tsx';
import { isAskedFor } from './run-needs.ts';
import { SaveJunit, type NamedResult } from './save-junit.tsx';
import { standingText, TestList } from './test-list.tsx';
import styles from './tests.module.css';

/** The tests of a project whose files are chosen here: run one of them or all, and see what each step brought. */
export function AreaView() {
  const session = useSession();
  const runs = projectRunsOf(session);
  const { project, isReading, problem, unread, results, queue } = useStore(runs);
  const [isAsking, setAsking] = useState(false);
  const act = useAct();
  const id = useRoute().id;
  const shown = project?.runs.find(({ name }) => name === id);
  const open = (name: string | null) => session.router.visit({ area: 'tests', id: name });
  const isRunning = queue.length > 0;
  const startAll = async () => {
    if (isRunning) return;
    const now = await runs.upToDate();
    if (now === null || now.runs.length === 0) return;
    if ((await runs.needsOf(now.runs.map(({ name }) => name))).some(isAskedFor)) setAsking(true);
    else runs.start('all');
  };
  const runAll = () => void act.run(startAll);
  useKeys({ Escape: () => open(null), a: runAll, s: runs.stop });
  useReadOnReturn(runs);
  useEndTold(runs);
  return (
    <section className={styles['area']} aria-label="Tests of a project" {...dropsFiles(takeFiles(runs), takeHandles(runs))}>
      <AreaBar
        title="Tests"
        count={project === null ? undefined : standingText(project, results)}
        action={
          project !== null && <BarActions project={project} results={results} isRunning={isRunning} onStop={runs.stop} onRunAll={runAll} />
        }
      />
      {project !== null && <ProjectLine project={project} runs={runs} />}
      <ProgressBar isActive={isReading} />
      {(problem ?? act.problem) !== null && (
        <div className={styles['problem']}>
          <ErrorNotice problem={problem ?? act.problem} onRetry={unread === null ? undefined : () => void runs.readAgain(true)} />
          {problem !== null && project !== null && <p>The tests below are those that were read before.</p>}
        </div>
      )}
      {project === null ? (
        <NoProject runs={runs} />
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

/** Reads the files again when somebody comes back to the area, or from their editor to the window. */
function useReadOnReturn(runs: ProjectRuns) {
  useEffect(() => {
    const read = () => void runs.readAgain(false);
    read();
    window.addEventListener('focus', read);
    return () => window.removeEventListener('focus', read);
  }, [runs]);
}

/** Tells screen readers how it stands once several tests were run; a single one tells that itself. */
function useEndTold(runs: ProjectRuns) {
  const { announce } = useSession();
  useEffect(() => {
    let most = 0;
    return runs.subscribe(({ queue, project, results }) => {
      most = Math.max(most, queue.length);
      if (queue.length > 0) return;
      if (most > 1 && project !== null) announce(standingText(project, results));
      most = 0;
    });
  }, [runs, announce]);
}

interface BarActionsProps extends Pick<ProjectRunsState, 'results'> {
  readonly project: OpenProject;
  readonly isRunning: boolean;
  readonly onStop: () => void;
  readonly onRunAll: () => void;
}

/** Stop and Run all keep their places, so that a second click never does the opposite. */
function BarActions({ project, results, isRunning, onStop, onRunAll }: BarActionsProps) {
  const isSmall = useMediaQuery(smallQuery, undefined, { getInitialValueInEffect: false });
  const known = project.runs.flatMap(({ name }): NamedResult[] => {
    const result = results.get(name);
    return result === undefined ? [] : [[name, result]];
  });
  return (
    <Group gap={8} wrap="nowrap">
      <SaveJunit results={known} fileName="hookyard-runs.xml" isShort={isSmall} isDisabled={isRunning || known.length === 0} />
      <BarAction words="Stop" hint="Stop (s)" icon={IconPlayerStop} isShort={isSmall} isDisabled={!isRunning} onClick={onStop} />
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

function NoProject({ runs }: { readonly runs: ProjectRuns }) {
  const later = canKeepFiles() ? 'They are read again whenever a test is run' : 'After you change them, choose them again';
  return (
    <EmptyState
      icon={IconTestPipe}
      sentence={`A project keeps its tests in hookyard.yaml: choose its folder, or drop it here, to run them. Its files stay in this window. ${later}. To write a first one, use Save as test… in Deliveries or Captures.`}
      action={
        <div className={styles['choices']}>
          <ChooseProject runs={runs} isFolder size="sm" isPrimary>
            Choose a folder
          </ChooseProject>
          <ChooseProject runs={runs} isFolder={false} size="sm">
            Choose files
          </ChooseProject>
        </div>
      }
      example={firstTest}
    />
  );
}

function NoTests() {
  return (
    <EmptyState
      icon={IconTestPipe}
      sentence="This project has no tests yet: Save as test, in Deliveries and Captures, writes one of what was sent or received."
      example={firstTest}
    />
  );
}

const firstCommand = 'hookyard run save checkout --endpoint Shop --since 10m';

const firstTest = (
  <>
    A first test, of what was just sent:
    <span className={styles['example']}>
      <code>{firstCommand}</code>
      <CopyButton label="Copy the command" text={firstCommand} />
    </span>
  </>
);
