import { Autocomplete, Button, Checkbox } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { RunSummary } from '#shared/contract/runs.ts';
import { gapsText } from '#shared/run-words.ts';
import { useCatalogue, useKeys } from '../../stores/session.tsx';
import { CloseDetail } from '../../ui/close-detail.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import type { OpenProject, ProjectRuns } from './project-runs.ts';
import { ReadsFields } from './reads-fields.tsx';
import { RunOutcome } from './run-outcome.tsx';
import { runCommand } from './run-source.ts';
import { RunSteps } from './run-steps.tsx';
import { useReads } from './use-reads.ts';
import styles from './tests.module.css';

interface RunDetailProps {
  readonly run: RunSummary;
  readonly project: OpenProject;
  readonly runs: ProjectRuns;
  readonly onClose: () => void;
}

/** One run of a project: what it sends and expects, what it needs, and how it came out. */
export function RunDetail({ run, project, runs, onClose }: RunDetailProps) {
  const { to, hasGaps, secrets, results, queue } = useStore(runs);
  const { endpoints } = useCatalogue();
  const { name, description, outline, gapsMs, speed } = run;
  const needs = [...run.secrets, ...run.bodyFiles];
  const { reads, problem } = useReads(runs, needs.length === 0 ? [] : [name]);
  const result = results.get(name) ?? null;
  const isBusy = queue.length > 0;
  const start = () => {
    if (!isBusy) runs.start([name]);
  };
  useKeys({ r: start });
  const gaps = gapsText(gapsMs, speed);
  return (
    <div className={styles['detail']}>
      <header className={styles['head']}>
        <h2 className="truncate" title={name}>
          {name}
        </h2>
        <Button size="xs" variant="default" leftSection={<IconPlayerPlay size={14} />} disabled={isBusy} onClick={start} title="r">
          {result === null ? 'Run' : 'Run again'}
        </Button>
        <CloseDetail onClose={onClose} />
        {description !== null && <p className={styles['facts']}>{description}</p>}
      </header>
      <div className={styles['body']}>
        <div className={styles['fields']}>
          <Autocomplete
            label="Send to"
            size="xs"
            placeholder={run.to ?? 'As each step says'}
            data={[...new Set(endpoints.map((endpoint) => endpoint.name))]}
            value={to}
            onChange={runs.setTo}
          />
          {gaps !== null && (
            <Checkbox
              size="xs"
              label="Keep the gaps"
              description={`${gaps[0]?.toUpperCase()}${gaps.slice(1)}`}
              checked={hasGaps}
              onChange={(event) => runs.setGaps(event.currentTarget.checked)}
            />
          )}
        </div>
        <ReadsFields
          reads={needs.length === 0 ? [] : (reads ?? [])}
          secretNames={run.secrets}
          fileNamed={project.fileNamed}
          secrets={secrets}
          onSecret={runs.setSecret}
        />
        <ErrorNotice problem={problem} />
        {result !== null && <RunOutcome run={result} onStop={runs.stop} />}
        {result === null && queue.includes(name) && <p className={styles['facts']}>It waits for the tests before it.</p>}
        <RunSteps outline={outline} run={result} />
        <p className={styles['command']}>
          <span>In a terminal:</span>
          <code className="truncate">{runCommand(name)}</code>
          <CopyButton label="Copy the command that runs it" text={runCommand(name)} />
        </p>
      </div>
    </div>
  );
}
