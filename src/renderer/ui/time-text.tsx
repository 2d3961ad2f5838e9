import { useNow, useSettings } from '../stores/session.tsx';
import { ageText, countdownText, exactText, relativeText } from '../base/time-format.ts';

interface TimeTextProps {
  /** Epoch milliseconds. */
  readonly atMs: number;
  /** `relative` says "4 m ago", `age` only "4 m", `countdown` "in 4 m 12 s", `exact` the whole time. */
  readonly as?: 'relative' | 'age' | 'countdown' | 'exact';
}

/** A moment, relative and kept up to date, with the exact time on hover in the zone that the settings say. */
export function TimeText({ atMs, as = 'relative' }: TimeTextProps) {
  const nowMs = useNow();
  const exact = exactText(atMs, useSettings()?.isUtc ?? false);
  const text = {
    relative: () => relativeText(atMs, nowMs),
    age: () => ageText(atMs, nowMs),
    countdown: () => countdownText(atMs, nowMs),
    exact: () => exact,
  }[as]();
  return (
    <time dateTime={new Date(atMs).toISOString()} title={exact} style={{ whiteSpace: 'nowrap' }}>
      {text}
    </time>
  );
}
