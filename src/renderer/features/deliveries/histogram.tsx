import { useElementSize } from '@mantine/hooks';
import { useRef, useState, type PointerEvent } from 'react';
import type { DeliveryStatus } from '#shared/contract/delivery-status.ts';
import { useNow, useSettings } from '../../stores/session.tsx';
import { countText, numberText } from '../../base/size-format.ts';
import { clockText, exactText, utcOffsetMs } from '../../base/time-format.ts';
import { badgeOf } from '../../ui/meaning.ts';
import type { DeliveryStats } from './deliveries-store.ts';
import { axisTicks, layoutBars, stackOrder, timeAt, type Bar } from './histogram-layout.ts';
import styles from './histogram.module.css';

/** A time range that the log is narrowed to. */
export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

interface HistogramProps {
  /** Null while they are read for the first time: the room is kept, so that the list below does not move when they come. */
  readonly stats: DeliveryStats | null;
  readonly range: TimeRange | null;
  readonly onRange: (range: TimeRange | null) => void;
  readonly status: DeliveryStatus | null;
  readonly onStatus: (status: DeliveryStatus | null) => void;
  /** How many tests there are: what is counted where `isOfTests`, and otherwise what is left out. */
  readonly tests: number;
  /** Whether only tests are counted. */
  readonly isOfTests: boolean;
  readonly onTests: (isShown: boolean) => void;
  /** Whether tests are left out of the list, too. */
  readonly areTestsHidden: boolean;
  readonly onHideTests: (areHidden: boolean) => void;
}

const plotPx = 56;
/** The plot with the times below it. */
const svgPx = plotPx + 18;
/** Drags shorter than this are clicks on a bar. */
const clickPx = 4;
const presets = [
  ['15 m', 15 * 60_000],
  ['1 h', 3_600_000],
  ['24 h', 86_400_000],
] as const;

/** Deliveries over time by status. A drag over it, a click on a bar or a preset narrows the log to that time. */
export function Histogram({
  stats,
  range,
  onRange,
  status,
  onStatus,
  tests,
  isOfTests,
  onTests,
  areTestsHidden,
  onHideTests,
}: HistogramProps) {
  return (
    <section className={styles['histogram']} aria-label="Deliveries over time" data-waiting={stats === null || undefined}>
      <div className={styles['bar']}>
        <div className={styles['legend']} role="group" aria-label="Narrow by status">
          {stackOrder.map((name) => (
            <LegendButton
              key={name}
              status={name}
              count={stats?.byStatus[name] ?? 0}
              isChosen={status === name}
              onToggle={() => onStatus(status === name ? null : name)}
            />
          ))}
          {areTestsHidden && (
            <button type="button" aria-pressed onClick={() => onHideTests(false)} title="Tests are not listed (test:no); list them again">
              tests hidden
            </button>
          )}
          {(tests > 0 || isOfTests) && (
            <button
              type="button"
              aria-pressed={isOfTests}
              onClick={() => onTests(!isOfTests)}
              title={isOfTests ? 'Only tests are counted and listed' : 'Tests are not counted: show only them (test:yes)'}
            >
              tests <b>{numberText(tests)}</b>
            </button>
          )}
          {tests > 0 && !isOfTests && (
            <button type="button" onClick={() => onHideTests(true)} title="List the deliveries that are no tests (test:no)">
              hide tests
            </button>
          )}
        </div>
        <div className={styles['presets']} role="group" aria-label="Narrow by time">
          {presets.map(([label, spanMs]) => (
            <button key={label} type="button" onClick={() => onRange({ fromMs: Date.now() - spanMs, toMs: Date.now() })}>
              {label}
            </button>
          ))}
          {range === null ? (
            <span className={styles['all']}>All time</span>
          ) : (
            <button type="button" data-chosen onClick={() => onRange(null)}>
              Show all time
            </button>
          )}
        </div>
      </div>
      {stats === null ? <div style={{ height: svgPx }} /> : <Plot stats={stats} chosen={status} onRange={onRange} />}
    </section>
  );
}

interface LegendButtonProps {
  readonly status: DeliveryStatus;
  readonly count: number;
  readonly isChosen: boolean;
  readonly onToggle: () => void;
}

function LegendButton({ status, count, isChosen, onToggle }: LegendButtonProps) {
  return (
    <button type="button" aria-pressed={isChosen} disabled={count === 0 && !isChosen} onClick={onToggle}>
      <span className={styles['swatch']} data-status={status} aria-hidden />
      {badgeOf(status).word} <b>{numberText(count)}</b>
    </button>
  );
}

interface PlotProps {
  readonly stats: DeliveryStats;
  /** The one status that is not dimmed, or null for all. */
  readonly chosen: DeliveryStatus | null;
  readonly onRange: (range: TimeRange) => void;
}

function Plot({ stats, chosen, onRange }: PlotProps) {
  const { ref, width } = useElementSize();
  const isUtc = useSettings()?.isUtc ?? false;
  const nowMs = useNow();
  const start = useRef<number | null>(null);
  const [brush, setBrush] = useState<readonly [number, number] | null>(null);
  const [hovered, setHovered] = useState<Bar | null>(null);
  const bars = layoutBars(stats, width, plotPx);
  const offsetMs = utcOffsetMs(stats.toMs, isUtc);

  const xOf = (event: PointerEvent<SVGSVGElement>) => event.clientX - event.currentTarget.getBoundingClientRect().left;
  const onPointerMove = (event: PointerEvent<SVGSVGElement>) => {
    const x = xOf(event);
    if (start.current === null) setHovered(bars.find((bar) => x >= bar.x - 1 && x <= bar.x + bar.width + 1) ?? null);
    else setBrush([Math.min(start.current, x), Math.max(start.current, x)]);
  };
  const onPointerUp = (event: PointerEvent<SVGSVGElement>) => {
    const from = start.current;
    start.current = null;
    setBrush(null);
    if (from === null) return;
    const x = xOf(event);
    const bar = bars.find(({ x: left, width: barWidth }) => x >= left - 1 && x <= left + barWidth + 1);
    if (Math.abs(x - from) >= clickPx)
      onRange({ fromMs: timeAt(stats, width, Math.min(from, x)), toMs: timeAt(stats, width, Math.max(from, x)) });
    else if (bar !== undefined && bar.total > 0) onRange({ fromMs: bar.startMs, toMs: bar.endMs });
  };

  return (
    <div ref={ref} className={styles['plot']}>
      <svg
        width="100%"
        height={svgPx}
        role="img"
        aria-label={`${countText(stats.total, 'delivery', 'deliveries')} from ${exactText(stats.fromMs, isUtc)} to ${exactText(stats.toMs, isUtc)}`}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          start.current = xOf(event);
          setHovered(null);
        }}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerLeave={() => setHovered(null)}
      >
        {hovered !== null && <rect className={styles['hover']} x={hovered.x - 1} width={hovered.width + 2} y={0} height={plotPx} />}
        {bars.map((bar) =>
          bar.segments.map(({ status, y, height }) => (
            <rect
              key={`${bar.startMs}${status}`}
              className={styles['segment']}
              data-status={status}
              data-dim={(chosen !== null && chosen !== status) || undefined}
              x={bar.x}
              width={bar.width}
              y={y}
              height={height}
            />
          )),
        )}
        <line className={styles['axis']} x1={0} x2={width} y1={plotPx + 0.5} y2={plotPx + 0.5} />
        {axisTicks(stats, width, 96, offsetMs).map(({ atMs, x }) => (
          <g key={atMs} className={styles['tick']}>
            <line x1={x} x2={x} y1={plotPx} y2={plotPx + 4} />
            <text x={x} y={plotPx + 15} textAnchor={x < 30 ? 'start' : x > width - 30 ? 'end' : 'middle'}>
              {clockText(atMs, nowMs, isUtc)}
            </text>
          </g>
        ))}
        {brush !== null && <rect className={styles['brush']} x={brush[0]} width={brush[1] - brush[0]} y={0} height={plotPx} />}
      </svg>
      {hovered !== null && hovered.total > 0 && <BarTip bar={hovered} widthPx={width} isUtc={isUtc} nowMs={nowMs} />}
    </div>
  );
}

function BarTip({
  bar,
  widthPx,
  isUtc,
  nowMs,
}: {
  readonly bar: Bar;
  readonly widthPx: number;
  readonly isUtc: boolean;
  readonly nowMs: number;
}) {
  const isRight = bar.x > widthPx / 2;
  return (
    <div className={styles['tip']} style={isRight ? { right: widthPx - bar.x + 8 } : { left: bar.x + bar.width + 8 }}>
      <div>
        {clockText(bar.startMs, nowMs, isUtc)} to {clockText(bar.endMs, nowMs, isUtc)}
      </div>
      {bar.segments.toReversed().map(({ status, count }) => (
        <div key={status}>
          <span className={styles['swatch']} data-status={status} /> {numberText(count)} {badgeOf(status).word}
        </div>
      ))}
    </div>
  );
}
