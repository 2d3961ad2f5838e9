import { useElementSize } from '@mantine/hooks';
import { coarseText, durationText } from '#shared/duration-text.ts';
import { spanTicks, placeMarks, type TimelineMark } from './timeline-layout.ts';
import styles from './retry-timeline.module.css';

/** One attempt on the line: made, or `next` and not yet made. */
export interface TimelineAttempt extends TimelineMark {
  /** What stands in the mark: the attempt's number. */
  readonly label: string;
  /** Whole sentence for hover and assistive technology. */
  readonly title: string;
  readonly kind: 'good' | 'trouble' | 'bad' | 'running' | 'next';
}

interface RetryTimelineProps {
  readonly attempts: readonly TimelineAttempt[];
  /** Where the present is on the line, or null where it is not part of it. */
  readonly nowMs: number | null;
  readonly selectedKey?: string | null;
  readonly onSelect?: (key: string) => void;
  /** What the line is, for assistive technology. */
  readonly label: string;
}

const markPx = 20;
const lanePx = 22;
const axisPx = 20;
const insetPx = 12;

/** Attempts on a line drawn to scale, from the first to the last or the next; marks rise where they would cover each other. */
export function RetryTimeline({ attempts, nowMs, selectedKey = null, onSelect, label }: RetryTimelineProps) {
  const { ref, width } = useElementSize();
  const times = attempts.map(({ atMs, durationMs }) => [atMs, atMs + durationMs]).flat();
  const fromMs = Math.min(...times);
  const toMs = Math.max(fromMs + 100, ...times);
  const plot = Math.max(0, width - 2 * insetPx);
  const placed = placeMarks(attempts, fromMs, toMs, plot, markPx + 2);
  const lanes = Math.max(1, ...placed.map(({ lane }) => lane + 1));
  const lineY = lanes * lanePx;
  const xOf = (atMs: number) => insetPx + ((atMs - fromMs) / (toMs - fromMs)) * plot;
  return (
    <div ref={ref} className={styles['timeline']} role="group" aria-label={label} style={{ height: lineY + axisPx }}>
      <svg width="100%" height={lineY + axisPx} aria-hidden>
        {nowMs !== null && nowMs > fromMs && (
          <line className={styles['past']} x1={insetPx} x2={xOf(Math.min(nowMs, toMs))} y1={lineY} y2={lineY} />
        )}
        <line className={styles['line']} x1={insetPx} x2={insetPx + plot} y1={lineY} y2={lineY} />
        {width > 0 &&
          spanTicks(toMs - fromMs, Math.max(2, Math.floor(plot / 72))).map((spanMs) => {
            const x = xOf(fromMs + spanMs);
            return (
              <g key={spanMs}>
                <line className={styles['line']} x1={x} x2={x} y1={lineY} y2={lineY + 4} />
                <text x={x} y={lineY + 16} textAnchor={x < 24 ? 'start' : x > width - 24 ? 'end' : 'middle'}>
                  {spanMs === 0 ? '0' : spanMs < 1000 ? durationText(spanMs) : coarseText(spanMs)}
                </text>
              </g>
            );
          })}
        {placed.map(({ mark, x, width: lasted, lane }) => (
          <g key={mark.key} data-kind={mark.kind} className={styles['stem']}>
            {lane > 0 && <line x1={insetPx + x} x2={insetPx + x} y1={lineY} y2={lineY - lane * lanePx - markPx / 2} />}
            {lasted > 0 && <rect x={insetPx + x} y={lineY - 2} width={lasted} height={4} />}
          </g>
        ))}
        {nowMs !== null && nowMs > fromMs && nowMs < toMs && <path className={styles['now']} d={`M${xOf(nowMs)} ${lineY - 6}v12`} />}
      </svg>
      {width > 0 &&
        placed.map(({ mark, x, lane }) => (
          <button
            key={mark.key}
            type="button"
            className={styles['mark']}
            data-kind={mark.kind}
            aria-pressed={onSelect === undefined ? undefined : mark.key === selectedKey}
            aria-label={mark.title}
            title={mark.title}
            disabled={onSelect === undefined || mark.kind === 'next'}
            style={{ left: insetPx + x - markPx / 2, top: lineY - lane * lanePx - markPx }}
            onClick={() => onSelect?.(mark.key)}
          >
            {mark.label}
          </button>
        ))}
    </div>
  );
}
