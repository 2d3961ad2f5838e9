import { Button } from '@mantine/core';
import { numberText } from '../base/size-format.ts';
import { Delayed } from './delayed.tsx';
import styles from './progress-bar.module.css';

interface Progress {
  readonly label: string;
  readonly done: number;
  /** Null when it is not known. */
  readonly total: number | null;
}

interface ProgressBarProps {
  readonly isActive: boolean;
  /** Label of the work; shown once it takes longer than a second. */
  readonly progress?: Progress | undefined;
  /** Whether the count has no other place, and comes below the bar. */
  readonly isCounted?: boolean;
  readonly onCancel?: (() => void) | undefined;
}

/** Nothing under 100 ms, a quiet bar under a second, both without height, so that nothing jumps; then a line with a count and Cancel. */
export function ProgressBar({ isActive, progress, isCounted = true, onCancel }: ProgressBarProps) {
  if (!isActive) return null;
  const share = shareOf(progress);
  const counted = isCounted ? progress : undefined;
  return (
    <Delayed delayMs={100}>
      <>
        <div ref={takeNoGap} className={styles['anchor']}>
          <div
            className={styles['bar']}
            role="progressbar"
            aria-label={progress?.label ?? 'Loading'}
            aria-valuetext={progress === undefined ? 'Loading' : countOf(progress)}
            {...(share === null ? {} : { 'aria-valuemin': 0, 'aria-valuemax': 100, 'aria-valuenow': Math.round(share * 100) })}
          >
            <div
              className={share === null ? styles['running'] : styles['share']}
              style={share === null ? {} : { width: `${share * 100}%` }}
            />
          </div>
        </div>
        {(counted !== undefined || onCancel !== undefined) && (
          <Delayed delayMs={900}>
            <div className={styles['box']}>
              {counted !== undefined && <span>{countOf(counted)}</span>}
              {onCancel !== undefined && (
                <Button size="compact-xs" variant="default" onClick={onCancel}>
                  Cancel
                </Button>
              )}
            </div>
          </Delayed>
        )}
      </>
    </Delayed>
  );
}

/** A column with gaps has one more for everything in it, also for what has no height: takes that back. */
function takeNoGap(anchor: HTMLElement | null) {
  if (anchor?.parentElement == null) return;
  const { rowGap } = getComputedStyle(anchor.parentElement);
  anchor.style.marginBottom = `${-(Number.parseFloat(rowGap) || 0)}px`;
}

/** Which part is done; null where that is not known. */
function shareOf(progress: Progress | undefined): number | null {
  if (progress === undefined || progress.total === null || progress.total <= 0) return null;
  return Math.min(1, progress.done / progress.total);
}

function countOf({ label, done, total }: Progress): string {
  return total === null ? `${label}: ${numberText(done)}` : `${label}: ${numberText(done)} of ${numberText(total)}`;
}
