import { Button, Group } from '@mantine/core';
import type { ReactNode } from 'react';
import { IconBan, IconList, IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import type { Replay, ReplayDetail } from '#shared/contract/replays.ts';
import { skippedCount } from '#shared/skip-words.ts';
import { useClient, useSettings } from '../../stores/session.tsx';
import { useAct } from '../../stores/use-act.ts';
import { numberText } from '../../base/size-format.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { IdText } from '../../ui/id-text.tsx';
import { MeaningBadge } from '../../ui/status-badge.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { knownCauses } from './known-causes.ts';
import { progressParts, replayBadges, replaySentence, replayWords, skippedWords } from './replay-words.ts';
import styles from './replays.module.css';

/** The state of a replay as icon, word and colour. */
export function ReplayBadge({ replay, plain = false }: { readonly replay: Replay; readonly plain?: boolean }) {
  const badge = replayBadges[replay.status];
  return <MeaningBadge meaning={badge.meaning} icon={badge.icon} word={badge.word} plain={plain} />;
}

/** Progress drawn to scale: deliveries by result, skipped, and still to come. */
export function ReplayBar({ replay }: { readonly replay: Replay | ReplayDetail }) {
  const done = replay.replayed + skippedCount(replay.skipped);
  const total = Math.max(replay.total, done, 1);
  return (
    <div
      className={styles['bar']}
      role="progressbar"
      aria-label="Progress of the replay"
      aria-valuemin={0}
      aria-valuemax={total}
      aria-valuenow={done}
      aria-valuetext={replaySentence(replay)}
    >
      {progressParts(replay)
        .filter(({ key }) => key !== 'left')
        .map(({ key, label, count }) => (
          <span key={key} data-part={key} style={{ width: `${(count / total) * 100}%` }} title={`${numberText(count)} ${label}`} />
        ))}
    </div>
  );
}

/** Pause or resume, and cancel. */
function ReplayControls({ replay, onChanged, size }: ControlsProps) {
  const client = useClient();
  const act = useAct();
  const run = (call: (input: { readonly id: string }) => Promise<Replay>, done: string) =>
    act.run(async () => onChanged(await call({ id: replay.id })), done);
  if (replay.status !== 'running' && replay.status !== 'paused') return null;
  return (
    <>
      {replay.status === 'running' ? (
        <Button
          size={size}
          variant="default"
          disabled={act.isBusy}
          leftSection={<IconPlayerPause size={14} />}
          onClick={() => void run(client.replays.pause, 'Replay paused')}
        >
          Pause
        </Button>
      ) : (
        <Button
          size={size}
          disabled={act.isBusy}
          leftSection={<IconPlayerPlay size={14} />}
          onClick={() => void run(client.replays.resume, 'Replay resumed')}
        >
          Resume
        </Button>
      )}
      <Button
        size={size}
        variant="default"
        disabled={act.isBusy}
        leftSection={<IconBan size={14} />}
        onClick={() => void run(client.replays.cancel, 'Replay cancelled')}
      >
        Cancel replay
      </Button>
      <ErrorNotice problem={act.problem} />
    </>
  );
}

interface ControlsProps {
  readonly replay: Replay;
  readonly onChanged: (replay: Replay) => void;
  readonly size: 'xs' | 'compact-xs';
}

interface ReplayProgressProps {
  readonly replay: ReplayDetail;
  readonly onChanged: (replay: Replay) => void;
  readonly onShowDeliveries: () => void;
  /** What came of it, as one sentence; null while that is not known. */
  readonly verdict: string | null;
  /** What came of it, one by one. */
  readonly children?: ReactNode;
}

/** One replay: its progress, the state of its deliveries, and the possible actions. */
export function ReplayProgress({ replay, verdict, onChanged, onShowDeliveries, children }: ReplayProgressProps) {
  const causes = knownCauses(useClient());
  const isUtc = useSettings()?.isUtc ?? false;
  return (
    <div className={styles['progress']}>
      <div className={styles['title']}>
        <ReplayBadge replay={replay} />
        <span className={styles['source']}>Replay of {replayWords(replay, isUtc, causes)}</span>
        <IdText id={replay.id} label="replay id" />
      </div>
      <p className={styles['sentence']} aria-live="polite">
        {verdict ?? replaySentence(replay)}
      </p>
      <ReplayBar replay={replay} />
      <ul className={styles['legend']} aria-label="Status of its deliveries">
        {progressParts(replay).map(({ key, label, count }) => (
          <li key={key}>
            <i data-part={key} aria-hidden />
            <b>{numberText(count)}</b> {label}
          </li>
        ))}
      </ul>
      {replay.skipped.length > 0 && <p className={styles['note']}>{skippedWords(replay.skipped)}.</p>}
      {replay.problem !== null && <ErrorNotice problem={{ code: 'STORE_UNAVAILABLE', message: replay.problem, issues: [] }} />}
      <p className={styles['note']}>
        {verdict !== null && `${replaySentence(replay)} `}
        {signatureWords(replay)},{' '}
        {replay.ratePerSecond === null ? 'with no limit on the rate' : `${numberText(replay.ratePerSecond)} per second`}. Started by{' '}
        {replay.creator} <TimeText atMs={replay.createdAtMs} />
        {replay.endedAtMs !== null && (
          <>
            , ended <TimeText atMs={replay.endedAtMs} />
          </>
        )}
        .
      </p>
      {children}
      <Group gap={8}>
        <ReplayControls replay={replay} onChanged={onChanged} size="xs" />
        <Button
          size="xs"
          variant="default"
          leftSection={<IconList size={14} />}
          disabled={replay.replayed === 0}
          onClick={onShowDeliveries}
        >
          Show its deliveries
        </Button>
      </Group>
    </div>
  );
}

function signatureWords({ source, timestamp }: Replay): string {
  if (source.kind === 'captures') return source.as === 'received' ? 'As received' : 'With a new signature';
  return timestamp === 'now' ? 'With a new timestamp' : 'With the original timestamp';
}
