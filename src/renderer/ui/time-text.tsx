import { useNow, useSettings } from '../stores/session.tsx';
import { ageText, clockText, countdownText, exactText, relativeText, untilText } from '../base/time-format.ts';

interface TimeTextProps {
  /** Epoch milliseconds. */
  readonly atMs: number;
  /**
   * `relative` says "4 m ago", `age` only "4 m", `countdown` "in 4 m 12 s" or "due", `until` the same within a sentence, `clock` the
   * time of day, `exact` the whole time.
   */
  readonly as?: 'relative' | 'age' | 'countdown' | 'until' | 'clock' | 'exact';
}

/** A moment, relative and kept up to date, with the exact time on hover in the zone that the settings say. */
export function TimeText({ atMs, as = 'relative' }: TimeTextProps) {
  const nowMs = useNow();
  const isUtc = useSettings()?.isUtc ?? false;
  const exact = exactText(atMs, isUtc);
  const text = {
    relative: () => relativeText(atMs, nowMs),
    age: () => ageText(atMs, nowMs),
    countdown: () => countdownText(atMs, nowMs),
    until: () => untilText(atMs, nowMs),
    clock: () => clockText(atMs, nowMs, isUtc),
    exact: () => exact,
  }[as]();
  return (
    <time dateTime={new Date(atMs).toISOString()} title={exact} style={{ whiteSpace: 'nowrap' }}>
      {text}
    </time>
  );
}
