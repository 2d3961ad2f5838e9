import { useElementSize } from '@mantine/hooks';
import { useState, type KeyboardEvent, type PointerEvent } from 'react';
import { spanText } from '#shared/duration-text.ts';
import type { PreviewedAttempt, SchedulePreview } from '#shared/schedule-preview.ts';
import { logAxis } from './log-axis.ts';
import styles from './schedule-timeline.module.css';

interface ScheduleTimelineProps {
  /** At real time. */
  readonly preview: SchedulePreview;
  /** How many times faster than real the workspace runs; its times are told too where it is not 1. */
  readonly timeScale: number;
  /** What the line is, for assistive technology. */
  readonly label: string;
}

const lineY = 40;
const heightPx = 62;
const insetPx = 12;
const bandPx = 14;
/** Numbers stand this far apart at least. */
const numberPx = 16;

/** Attempts of a schedule on a logarithmic line, each with the band that jitter leaves it; pointer and arrow keys tell the figures of one. */
export function ScheduleTimeline({ preview, timeScale, label }: ScheduleTimelineProps) {
  const { ref, width } = useElementSize();
  const { attempts } = preview;
  const [chosen, setChosen] = useState<number | null>(null);
  const plot = Math.max(0, width - 2 * insetPx);
  const { xOf, ticks } = logAxis(
    attempts.flatMap(({ earliestMs, nominalMs, latestMs }) => [earliestMs, nominalMs, latestMs]),
    plot,
    48,
  );
  const at = (ms: number) => insetPx + xOf(ms);
  const last = attempts.length - 1;
  const index = chosen === null ? null : Math.min(chosen, last);
  const told = attempts[index ?? last];
  const numbered = numberedAttempts(attempts, at, index);
  const onKeyDown = (event: KeyboardEvent) => {
    const from = index ?? 0;
    const target = { ArrowRight: from + 1, ArrowUp: from + 1, ArrowLeft: from - 1, ArrowDown: from - 1, Home: 0, End: last }[event.key];
    if (target === undefined) return;
    event.preventDefault();
    setChosen(Math.min(last, Math.max(0, target)));
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
    const nearest = attempts.reduce(
      (best, attempt, other) => (Math.abs(at(attempt.nominalMs) - x) < Math.abs(at(attempts[best]?.nominalMs ?? 0) - x) ? other : best),
      0,
    );
    setChosen(nearest);
  };
  return (
    <div>
      <div
        ref={ref}
        className={styles['timeline']}
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-valuemin={1}
        aria-valuemax={attempts.length}
        aria-valuenow={(index ?? 0) + 1}
        aria-valuetext={attemptText(attempts[index ?? 0], timeScale)}
        style={{ height: heightPx }}
        onKeyDown={onKeyDown}
        onPointerMove={onPointerMove}
        onPointerLeave={() => setChosen(null)}
        onBlur={() => setChosen(null)}
      >
        {width > 0 && (
          <svg width="100%" height={heightPx} aria-hidden>
            <line className={styles['line']} x1={insetPx} x2={insetPx + plot} y1={lineY} y2={lineY} />
            {ticks.map((ms) => (
              <g key={ms}>
                <line className={styles['line']} x1={at(ms)} x2={at(ms)} y1={lineY} y2={lineY + 4} />
                <text x={at(ms)} y={lineY + 17} textAnchor={at(ms) < 24 ? 'start' : at(ms) > width - 24 ? 'end' : 'middle'}>
                  {ms === 0 ? 'first' : spanText(ms)}
                </text>
              </g>
            ))}
            {attempts.map((attempt, each) => (
              <g key={attempt.number} className={styles['attempt']} data-chosen={each === index} data-certain={attempt.isCertain}>
                {attempt.latestMs > attempt.earliestMs && (
                  <rect
                    className={styles['band']}
                    x={at(attempt.earliestMs)}
                    width={Math.max(2, at(attempt.latestMs) - at(attempt.earliestMs))}
                    y={lineY - bandPx / 2}
                    height={bandPx}
                    rx={3}
                  />
                )}
                <circle cx={at(attempt.nominalMs)} cy={lineY} r={each === index ? 6 : 4} />
                {numbered.has(attempt.number) && (
                  <text className={styles['number']} x={at(attempt.nominalMs)} y={lineY - 16} textAnchor="middle">
                    {attempt.number}
                  </text>
                )}
              </g>
            ))}
          </svg>
        )}
      </div>
      <p className={styles['figures']}>{attemptText(told, timeScale)}</p>
    </div>
  );
}

/** The attempts whose numbers have room, from the first to the last; the chosen one always has it. */
function numberedAttempts(attempts: readonly PreviewedAttempt[], xOf: (ms: number) => number, chosen: number | null): ReadonlySet<number> {
  const chosenAttempt = chosen === null ? undefined : attempts[chosen];
  const numbered = new Set(chosenAttempt === undefined ? [] : [chosenAttempt.number]);
  let takenPx = Number.NEGATIVE_INFINITY;
  for (const { number, nominalMs } of attempts) {
    const isBesideChosen = chosenAttempt !== undefined && Math.abs(xOf(nominalMs) - xOf(chosenAttempt.nominalMs)) < numberPx;
    if (isBesideChosen || xOf(nominalMs) - takenPx < numberPx) continue;
    numbered.add(number);
    takenPx = xOf(nominalMs);
  }
  return numbered;
}

/** One attempt in figures. */
function attemptText(attempt: PreviewedAttempt | undefined, timeScale: number): string {
  if (attempt === undefined) return '';
  const { number, delayMs, earliestMs, nominalMs, latestMs, isCertain } = attempt;
  if (number === 1) return 'Attempt 1: at once.';
  const band = earliestMs === latestMs ? '' : ` (${spanText(earliestMs)} to ${spanText(latestMs)})`;
  const scaled = timeScale === 1 ? '' : `; ${spanText(nominalMs / timeScale)} at ${timeScale}x`;
  const maybe = isCertain ? '' : ' Jitter may push it beyond the total time, so that it is not made.';
  return `Attempt ${number}: ${spanText(nominalMs)} after the first${band}${scaled}; ${spanText(delayMs)} after attempt ${number - 1}.${maybe}`;
}
