import { Button } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { WrittenRun } from '#shared/contract/runs.ts';
import { useClient } from '../../stores/session.tsx';
import type { FoundFile } from '../../ui/dropped-files.ts';
import { bytesOfBase64 } from '../../ui/body-format.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { createProjectRuns } from './project-runs.ts';
import { ReadsFields } from './reads-fields.tsx';
import { RunOutcome } from './run-outcome.tsx';
import { runFileText } from './run-source.ts';
import { RunSteps } from './run-steps.tsx';
import { useReads } from './use-reads.ts';
import styles from './runs.module.css';

/** The steps of a test that was just written, which can be run before it is saved anywhere. */
export function TryRun({ written }: { readonly written: WrittenRun }) {
  const client = useClient();
  const [runs] = useState(() => createProjectRuns(client));
  useEffect(() => void runs.open(filesOf(written)), [runs, written]);
  useEffect(() => runs.stop, [runs]);
  const { project, results, queue, problem, secrets } = useStore(runs);
  const { name } = written;
  const { reads, problem: unread } = useReads(runs, project === null || written.secrets.length === 0 ? [] : [name]);
  const result = results.get(name) ?? null;
  return (
    <div className={styles['try']}>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconPlayerPlay size={14} />}
        disabled={project === null || queue.length > 0}
        onClick={() => runs.start([name])}
      >
        {result === null ? 'Run it now' : 'Run it again'}
      </Button>
      {project !== null && written.secrets.length > 0 && (
        <ReadsFields
          reads={reads ?? []}
          secretNames={written.secrets}
          fileNamed={project.fileNamed}
          secrets={secrets}
          onSecret={runs.setSecret}
        />
      )}
      <ErrorNotice problem={problem ?? unread} />
      {result !== null && <RunOutcome run={result} onStop={runs.stop} />}
      <RunSteps outline={written.steps} run={result} />
    </div>
  );
}

/** The files that the project would have. */
function filesOf({ text, bodies }: WrittenRun): readonly FoundFile[] {
  return [
    { path: 'hookyard.yaml', file: new File([runFileText(text)], 'hookyard.yaml') },
    ...bodies.map(({ path, contentBase64 }) => ({ path, file: new File([bytesOfBase64(contentBase64)], path) })),
  ];
}
