import type { RetryPolicy } from '#shared/contract/retry.ts';
import type { RetryPreset } from '#shared/contract/retry-presets.ts';
import { formatDurationMs, spanText } from '#shared/duration-text.ts';
import { plainDelayMs } from '#shared/retry-delay.ts';
import { previewSchedule, scheduleSummary } from '#shared/schedule-preview.ts';
import { useSettings } from '../../stores/session.tsx';
import { countText } from '../../base/size-format.ts';
import { ScheduleTimeline } from '../../ui/schedule-timeline.tsx';
import styles from './policies.module.css';

interface SchedulePlanProps {
  /** The policy, or a sentence about why there is none yet. */
  readonly policy: RetryPolicy | string;
  /** Where its figures come from, for a preset. */
  readonly preset?: RetryPreset | undefined;
}

/** When the attempts of a policy come: drawn, in one line, and with the source of a preset. */
export function SchedulePlan({ policy, preset }: SchedulePlanProps) {
  const timeScale = useSettings()?.timeScale ?? 1;
  if (typeof policy === 'string')
    return (
      <div className={styles['plan']}>
        <p className={styles['unread']}>{policy}</p>
      </div>
    );
  const preview = previewSchedule(policy, 1);
  const summary = scheduleSummary(policy, timeScale);
  return (
    <div className={styles['plan']} role="group" aria-label="Schedule">
      <p className={styles['summary']}>{summary}.</p>
      {preview.attempts.length > 1 && (
        <>
          <p className={styles['note']}>{delaysText(policy, preview.leftOutAttempts)}</p>
          <ScheduleTimeline preview={preview} timeScale={timeScale} label={`Schedule: ${summary}`} />
        </>
      )}
      {preset !== undefined && <PresetNote preset={preset} />}
    </div>
  );
}

/** Delays listed at most; the rest is counted. */
const listedDelays = 12;

function delaysText(policy: RetryPolicy, leftOutAttempts: number): string {
  const delays: string[] = [];
  for (let retry = 1; delays.length < listedDelays; retry += 1) {
    const delayMs = plainDelayMs(policy, retry);
    if (delayMs === null) break;
    delays.push(delayMs % 1000 === 0 && delayMs < 86_400_000 ? formatDurationMs(delayMs) : spanText(delayMs));
  }
  const isMore = plainDelayMs(policy, delays.length + 1) !== null;
  const isEven = delays.length > 1 && delays.every((delay) => delay === delays[0]);
  const after = isEven ? `${delays[0]} each time.` : isMore ? `${delays.join(', ')} and so on.` : `${delays.join(', ')}.`;
  const leftOut =
    leftOutAttempts === 0 ? '' : ` The limit on the total time leaves out ${countText(leftOutAttempts, 'attempt', 'attempts')}.`;
  return `At once, then after ${after}${leftOut}`;
}

function PresetNote({ preset: { source, asOf, note, disablesEndpoint } }: { readonly preset: RetryPreset }) {
  if (source === null && note === null && !disablesEndpoint) return null;
  return (
    <p className={styles['note']}>
      {note} {disablesEndpoint && 'Senders that use it disable an endpoint once a delivery is exhausted. '}
      {source !== null && (
        <>
          <span className={styles['day']}>As of {asOf}:</span>{' '}
          <a href={source} target="_blank" rel="noreferrer">
            {source.replace(/^https:\/\//, '')}
          </a>
        </>
      )}
    </p>
  );
}
