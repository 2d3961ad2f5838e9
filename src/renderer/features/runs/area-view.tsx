import { Button, Group } from '@mantine/core';
import { IconPlayerPlay, IconPlayerStop, IconTestPipe } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { countText } from '../../base/size-format.ts';
import { useKeys, useRoute, useSession } from '../../stores/session.tsx';
import { useAct } from '../../stores/use-act.ts';
import { AreaBar } from '../../ui/area-bar.tsx';
import { dropsFiles, type FoundFile } from '../../ui/dropped-files.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { FilesButton, FolderButton } from '../../ui/files-buttons.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { SplitPane } from '../../ui/split-pane.tsx';
import { projectRunsOf, type OpenProject, type ProjectRuns } from './project-runs.ts';
import { RunAll } from './run-all.tsx';
import { RunDetail } from './run-detail.tsx';
import { isAskedFor } from './run-needs.ts';
import { standingText, TestList } from './test-list.tsx';
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
  const choose = (found: readonly FoundFile[]) => void runs.open(found);
  const startAll = async () => {
    if (project === null || project.runs.length === 0 || queue.length > 0) return;
    const names = project.runs.map(({ name }) => name);
    if ((await runs.needsOf(names)).some(isAskedFor)) setAsking(true);
    else runs.start(names);
  };
  const runAll = () => void act.run(startAll);
  useKeys({ Escape: () => open(null), a: runAll, s: runs.stop });
  return (
    <section className={styles['area']} aria-label="Tests of a project" {...dropsFiles(choose)}>
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
        <FolderButton size="xs" onChoose={onChoose}>
          Choose again
        </FolderButton>
      ) : (
        <FilesButton size="xs" onChoose={onChoose}>
          Choose again
        </FilesButton>
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
          <FolderButton size="sm" isPrimary onChoose={onChoose}>
            Choose a folder
          </FolderButton>
          <FilesButton size="sm" onChoose={onChoose}>
            Choose files
          </FilesButton>
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
