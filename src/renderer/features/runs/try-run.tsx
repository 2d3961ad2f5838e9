import { Button } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { WrittenRun } from '#shared/contract/runs.ts';
import { useClient } from '../../stores/session.tsx';
import { bytesOfBase64 } from '../../ui/body-format.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { filesAsChosen, type ChosenFiles } from './chosen-files.ts';
import { NeedsFields } from './needs-fields.tsx';
import { createProjectRuns } from './project-runs.ts';
import { isAskedFor } from './run-needs.ts';
import { RunOutcome } from './run-outcome.tsx';
import { runFileText } from './run-source.ts';
import { RunSteps } from './run-steps.tsx';
import { useNeeds } from './use-needs.ts';
import styles from './runs.module.css';

interface TryRunProps {
  readonly written: WrittenRun;
  /** Told how to stop the test while it runs, and null once it does not. */
  readonly onRunning: (stop: (() => void) | null) => void;
}

/** The steps of a test that was just written, which can be run before it is saved anywhere. */
export function TryRun({ written, onRunning }: TryRunProps) {
  const client = useClient();
  const [runs] = useState(() => createProjectRuns(client));
  useEffect(() => void runs.open(filesOf(written)), [runs, written]);
  useEffect(() => runs.stop, [runs]);
  const { project, results, queue, problem } = useStore(runs);
  const { name } = written;
  const { needs, problem: unread } = useNeeds(runs, project === null ? [] : [name]);
  const result = results.get(name) ?? null;
  const isRunning = queue.length > 0;
  useEffect(() => onRunning(isRunning ? runs.stop : null), [onRunning, isRunning, runs]);
  const start = () => {
    if (project !== null && !isRunning) runs.start([name]);
  };
  return (
    <div className={styles['try']}>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconPlayerPlay size={14} />}
        disabled={project === null || isRunning}
        onClick={start}
      >
        {result === null ? 'Run it now' : 'Run it again'}
      </Button>
      <NeedsFields needs={(needs ?? []).filter(isAskedFor)} runs={runs} result={result} onEnter={start} />
      <ErrorNotice problem={problem ?? unread} />
      {result !== null && <RunOutcome run={result} onStop={runs.stop} />}
      <RunSteps outline={written.steps} run={result} />
    </div>
  );
}

/** The files that the project would have. */
function filesOf({ text, bodies }: WrittenRun): ChosenFiles {
  return filesAsChosen([
    { path: 'hookyard.yaml', file: new File([runFileText(text)], 'hookyard.yaml') },
    ...bodies.map(({ path, contentBase64 }) => ({ path, file: new File([bytesOfBase64(contentBase64)], path) })),
  ]);
}
