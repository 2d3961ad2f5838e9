import { useMemo, type KeyboardEvent } from 'react';
import { spanText } from '#shared/duration-text.ts';
import { axisTicks, type AxisTick, type OutageAxis } from '#shared/what-if/axis.ts';
import styles from './what-if.module.css';

interface TicksProps {
  readonly axis: OutageAxis;
  readonly width: number;
  readonly clock: (atMs: number) => string;
  /** How far the clock that is shown is ahead of UTC. */
  readonly offsetMs: number;
}

const tickPx = 62;
/** Between two texts of the axis. */
const textGapPx = 6;

/** The axis: times of the clock until the receiver is back, and since then after it where it is compressed. */
export function AxisTicks({ axis, width, clock, offsetMs }: TicksProps) {
  const ticks = useMemo(() => axisTicks(axis, tickPx / Math.max(1, width), offsetMs), [axis, width, offsetMs]);
  const backX = axis.toShare(axis.backMs) * width;
  const texts = tickTexts(
    ticks.filter(({ share, sinceBackMs }) =>
      sinceBackMs === null ? axis.evenShare === 1 || Math.abs(backX - share * width) >= 8 : share * width - backX >= 46,
    ),
    width,
    clock,
  );
  return (
    <svg className={styles['ticks']} width={width} height={22} aria-hidden>
      {axis.evenShare < 1 && (
        <text className={styles['back']} x={backX + 4} y={14}>
          back
        </text>
      )}
      {texts.map(({ atMs, x, text, anchor }) => (
        <g key={atMs}>
          <line x1={x} x2={x} y1={17} y2={22} />
          {text !== null && (
            <text x={x} y={14} textAnchor={anchor}>
              {text}
            </text>
          )}
        </g>
      ))}
    </svg>
  );
}

interface TickText {
  readonly atMs: number;
  readonly x: number;
  /** Null where it would stand on the one before it. */
  readonly text: string | null;
  readonly anchor: 'start' | 'middle' | 'end';
}

/** Ticks with their texts, each within the width and none over another. */
function tickTexts(ticks: readonly AxisTick[], width: number, clock: (atMs: number) => string): readonly TickText[] {
  let takenPx = Number.NEGATIVE_INFINITY;
  return ticks.map(({ atMs, share, sinceBackMs }) => {
    const x = share * width;
    const text = sinceBackMs === null ? clock(atMs) : `+${spanText(sinceBackMs)}`;
    const halfPx = text.length * 3;
    const anchor = x < halfPx ? 'start' : x > width - halfPx ? 'end' : 'middle';
    const fromPx = anchor === 'start' ? x : anchor === 'end' ? x - 2 * halfPx : x - halfPx;
    if (fromPx < takenPx + textGapPx) return { atMs, x, text: null, anchor };
    takenPx = fromPx + 2 * halfPx;
    return { atMs, x, text, anchor };
  });
}

interface EventsRowProps extends Omit<TicksProps, 'offsetMs'> {
  readonly timesMs: readonly number[];
  readonly followed: number | null;
  readonly onFollow: (index: number | null) => void;
}

/** When the events come; pointer and arrow keys follow one of them through all lanes. */
export function EventsRow({ axis, width, clock, timesMs, followed, onFollow }: EventsRowProps) {
  const path = useMemo(
    () => timesMs.map((atMs) => `M${Math.round(axis.toShare(atMs) * width * 10) / 10} 5v8`).join(''),
    [axis, width, timesMs],
  );
  const last = timesMs.length - 1;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && followed !== null) {
      event.stopPropagation();
      return onFollow(null);
    }
    const from = followed ?? -1;
    const target = { ArrowRight: from + 1, ArrowUp: from + 1, ArrowLeft: from - 1, ArrowDown: from - 1, Home: 0, End: last }[event.key];
    if (target === undefined) return;
    event.preventDefault();
    onFollow(Math.min(last, Math.max(0, target)));
  };
  const x = followed === null ? null : axis.toShare(timesMs[followed] ?? 0) * width;
  return (
    <div
      className={styles['events']}
      role="slider"
      tabIndex={0}
      aria-label="Follow an event"
      aria-valuemin={0}
      aria-valuemax={timesMs.length}
      aria-valuenow={followed === null ? 0 : followed + 1}
      aria-valuetext={followed === null ? 'none' : `event ${followed + 1} of ${timesMs.length}, ${clock(timesMs[followed] ?? 0)}`}
      onKeyDown={onKeyDown}
      onBlur={() => onFollow(null)}
    >
      <svg width={width} height={18} aria-hidden>
        <path d={path} />
        {x !== null && <path className={styles['chosen']} d={`M${x} 1v16`} />}
      </svg>
    </div>
  );
}

/** The event nearest to a place on the axis. */
export function nearestEvent(timesMs: readonly number[], atMs: number): number | null {
  let best: number | null = null;
  timesMs.forEach((time, index) => {
    if (best === null || Math.abs(time - atMs) < Math.abs((timesMs[best] ?? 0) - atMs)) best = index;
  });
  return best;
}
