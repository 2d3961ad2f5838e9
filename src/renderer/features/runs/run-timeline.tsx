import { useElementSize } from '@mantine/hooks';
import { spanText } from '#shared/duration-text.ts';
import type { WrittenRun } from '#shared/contract/runs.ts';
import { evenAxis } from '../../ui/even-axis.ts';
import { logAxis, type TimeAxis } from '../../ui/log-axis.ts';
import styles from './runs.module.css';

const heightPx = 46;
const lineY = 22;
const insetPx = 10;
const tickPx = 56;
/** Across the circle of a step. */
const stepPx = 10;
/** Numbers stand this far apart at least. */
const numberPx = 16;

/** The steps of a run at the times at which they were, on an even line from the first one; on a logarithmic one where that shows more of them. */
export function RunTimeline({ steps }: Pick<WrittenRun, 'steps'>) {
  const { ref, width } = useElementSize();
  const momentsMs = stepMoments(steps);
  const plot = Math.max(0, width - 2 * insetPx);
  const even = evenAxis(momentsMs.at(-1) ?? 0, plot, tickPx);
  const logarithmic = logAxis(momentsMs, plot, tickPx);
  const isEven = hiddenOn(even, momentsMs) <= hiddenOn(logarithmic, momentsMs);
  const { xOf, ticks } = isEven ? even : logarithmic;
  const at = (ms: number) => insetPx + xOf(ms);
  const numbered = numbersWithRoom(momentsMs.map(at));
  return (
    <>
      <div ref={ref} className={styles['timeline']} role="img" aria-label={`${steps.length} steps over ${spanText(momentsMs.at(-1) ?? 0)}`}>
        {width > 0 && (
          <svg width="100%" height={heightPx} aria-hidden>
            <line className={styles['line']} x1={insetPx} x2={insetPx + plot} y1={lineY} y2={lineY} />
            {ticks.map((ms) => (
              <text key={ms} x={at(ms)} y={lineY + 20} textAnchor={at(ms) < 24 ? 'start' : at(ms) > width - 24 ? 'end' : 'middle'}>
                {ms === 0 ? 'first' : `+${spanText(ms)}`}
              </text>
            ))}
            {momentsMs.map((ms, index) => (
              <g key={steps[index]?.sourceId}>
                <circle className={styles['step']} cx={at(ms)} cy={lineY} r={4} />
                {numbered.has(index) && (
                  <text className={styles['number']} x={at(ms)} y={lineY - 10} textAnchor="middle">
                    {index + 1}
                  </text>
                )}
              </g>
            ))}
          </svg>
        )}
      </div>
      <p className={styles['scale']}>
        {isEven
          ? 'Time since the first step.'
          : 'Time since the first step, on a logarithmic scale: later steps are drawn closer together than they were.'}
      </p>
    </>
  );
}

/** When each step was, after the first. */
function stepMoments(steps: WrittenRun['steps']): readonly number[] {
  let sum = 0;
  return steps.map(({ afterMs }) => (sum += afterMs));
}

/** How many steps are drawn over the one before them. */
function hiddenOn({ xOf }: TimeAxis, momentsMs: readonly number[]): number {
  return momentsMs.filter((ms, index) => index > 0 && xOf(ms) - xOf(momentsMs[index - 1] ?? 0) < stepPx).length;
}

/** The places of steps whose numbers do not touch. */
function numbersWithRoom(places: readonly number[]): ReadonlySet<number> {
  const chosen = new Set<number>();
  let takenPx = Number.NEGATIVE_INFINITY;
  for (const [index, place] of places.entries()) {
    if (place - takenPx < numberPx) continue;
    chosen.add(index);
    takenPx = place;
  }
  return chosen;
}
