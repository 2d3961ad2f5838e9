import { Button } from '@mantine/core';
import { IconCheck, IconPlayerStop, IconX } from '@tabler/icons-react';
import { durationText } from '#shared/duration-text.ts';
import { gapsText, stoppedText } from '#shared/run-words.ts';
import { formatRoute } from '../../base/router.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { MeaningBadge } from '../../ui/status-badge.tsx';
import type { FollowedRun } from './followed-run.ts';
import styles from './run-outcome.module.css';

interface RunOutcomeProps {
  readonly run: FollowedRun;
  readonly onStop: () => void;
}

/** How a run stands, or how it came out, in a line; and where it is in the log. */
export function RunOutcome({ run, onStop }: RunOutcomeProps) {
  const { status, started, ended, judged, problem } = run;
  const total = started?.steps ?? 0;
  const done = judged.filter(({ kind }) => kind === 'step').length;
  return (
    <div>
      <ProgressBar isActive={status === 'running'} />
      <div className={styles['outcome']}>
        <p className={styles['line']} aria-live="polite" hidden={status === 'broken' && started === null}>
          {ended !== null && <EndBadge isMet={ended.isMet} />}
          {ended !== null && `${ended.message} It took ${durationText(ended.tookMs)}.`}
          {status === 'running' && (started === null ? 'Starting…' : `Running: ${done} of ${total} steps decided.`)}
          {status === 'stopped' && stoppedText(judged, started)}
          {status === 'broken' && started !== null && `${done} of ${total} steps are known to be decided.`}
        </p>
        {status === 'running' && (
          <Button size="compact-xs" variant="default" leftSection={<IconPlayerStop size={12} />} onClick={onStop}>
            Stop
          </Button>
        )}
        {problem !== null && (
          <div className={styles['problem']}>
            <ErrorNotice problem={problem} />
          </div>
        )}
        {started !== null && <Facts started={started} />}
      </div>
    </div>
  );
}

/** Whether all that was expected came. */
function EndBadge({ isMet }: { readonly isMet: boolean }) {
  return isMet ? <MeaningBadge meaning="good" icon={IconCheck} word="passed" /> : <MeaningBadge meaning="bad" icon={IconX} word="failed" />;
}

function Facts({ started: { id, to, gapsMs, speed } }: { readonly started: NonNullable<FollowedRun['started']> }) {
  const gaps = gapsText(gapsMs, speed);
  return (
    <p className={styles['facts']}>
      Sent to <code>{to}</code>
      {gaps !== null && `; ${gaps}`}. <a href={formatRoute({ area: 'deliveries', query: { f: id } })}>Its deliveries</a>
    </p>
  );
}
