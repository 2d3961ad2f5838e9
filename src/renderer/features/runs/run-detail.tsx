import { Autocomplete, Button, Checkbox } from '@mantine/core';
import { IconPencil, IconPlayerPlay } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { gapsText } from '#shared/run-words.ts';
import { capitalised } from '#shared/text/capitalised.ts';
import { useCatalogue, useKeys } from '../../stores/session.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { DetailReport } from '../../ui/detail-report.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { NeedsFields } from './needs-fields.tsx';
import { isSameRun, type ProjectRun } from './open-project.ts';
import { choiceOf, type ProjectRuns } from './project-runs.ts';
import { RunOutcome } from './run-outcome.tsx';
import { runCommand } from './run-source.ts';
import { RunSteps } from './run-steps.tsx';
import { SaveJunit } from './save-junit.tsx';
import { useNeeds } from './use-needs.ts';
import styles from './tests.module.css';

interface RunDetailProps {
  readonly run: ProjectRun;
  readonly runs: ProjectRuns;
  readonly onClose: () => void;
}

/** One run of a project: what it sends and expects, what it needs, and how it came out. */
export function RunDetail({ run, runs, onClose }: RunDetailProps) {
  const state = useStore(runs);
  const { endpoints } = useCatalogue();
  const { name, description, outline, gapsMs, speed } = run;
  const { needs, problem } = useNeeds(runs, [name]);
  const { results, queue } = state;
  const choice = choiceOf(state, name);
  const result = results.get(name) ?? null;
  const isBusy = queue.length > 0;
  const start = () => {
    if (!isBusy) runs.start([name]);
  };
  useKeys({ r: start });
  const gaps = gapsText(gapsMs, speed);
  const command = runCommand(name, choice);
  return (
    <DetailReport
      title={name}
      actions={
        <>
          {result !== null && result.status !== 'running' && (
            <SaveJunit results={[[name, result]]} fileName={`hookyard-run-${name.replaceAll(' ', '-')}.xml`} />
          )}
          <Button size="xs" variant="default" leftSection={<IconPlayerPlay size={14} />} disabled={isBusy} onClick={start} title="r">
            {result === null ? 'Run' : 'Run again'}
          </Button>
        </>
      }
      facts={description}
      onClose={onClose}
    >
      <div className={styles['fields']}>
        <Autocomplete
          label="Send to"
          size="xs"
          placeholder={run.to ?? 'As each step says'}
          title={choice.to === '' ? (run.to ?? undefined) : choice.to}
          data={[...new Set(endpoints.map((endpoint) => endpoint.name))]}
          value={choice.to}
          onChange={(to) => runs.choose(name, { to })}
        />
        {gaps !== null && (
          <Checkbox
            size="xs"
            label="Keep the gaps"
            description={capitalised(gaps)}
            checked={choice.hasGaps}
            onChange={(event) => runs.choose(name, { hasGaps: event.currentTarget.checked })}
          />
        )}
      </div>
      <NeedsFields needs={needs ?? []} runs={runs} result={result} onEnter={start} />
      <ErrorNotice problem={problem} />
      {result !== null && <RunOutcome run={result} onStop={runs.stop} />}
      {result !== null && !isSameRun(result.of, run) && (
        <p className={styles['changed']}>
          <IconPencil size={14} aria-hidden />
          The test was changed since; this is how it came out before.
        </p>
      )}
      {result === null && queue.indexOf(name) > 0 && <p className={styles['queued']}>It waits for the tests before it.</p>}
      <RunSteps outline={result?.of.outline ?? outline} run={result} />
      <p className={styles['command']}>
        <span>In a terminal:</span>
        <code className="truncate" title={command}>
          {command}
        </code>
        <CopyButton label="Copy the command that runs it" text={command} />
      </p>
    </DetailReport>
  );
}
