import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { numberText } from '../size-format.ts';
import styles from './progress-bar.module.css';

interface ProgressBarProps {
  readonly isActive: boolean;
  /** What is done, `total` null when it is not known; shown once it takes longer than a second. */
  readonly progress?: { readonly label: string; readonly done: number; readonly total: number | null } | undefined;
  readonly onCancel?: (() => void) | undefined;
}

/** Nothing under 100 ms, a quiet bar under a second, then a count and Cancel. Takes no height, so nothing jumps. */
export function ProgressBar({ isActive, progress, onCancel }: ProgressBarProps) {
  const stage = useStage(isActive);
  if (stage === 'hidden') return null;
  const isLong = stage === 'long' && (progress !== undefined || onCancel !== undefined);
  return (
    <div className={styles['anchor']}>
      <div className={styles['bar']} role="progressbar" aria-label={progress?.label ?? 'Loading'} aria-valuetext={progress === undefined ? 'Loading' : countOf(progress)} />
      {isLong && (
        <div className={styles['box']}>
          {progress !== undefined && <span>{countOf(progress)}</span>}
          {onCancel !== undefined && (
            <Button size="compact-xs" variant="default" onClick={onCancel}>
              Cancel
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

function useStage(isActive: boolean): 'hidden' | 'quiet' | 'long' {
  const [stage, setStage] = useState<'hidden' | 'quiet' | 'long'>('hidden');
  useEffect(() => {
    if (!isActive) return setStage('hidden');
    const quiet = setTimeout(() => setStage('quiet'), 100);
    const long = setTimeout(() => setStage('long'), 1000);
    return () => {
      clearTimeout(quiet);
      clearTimeout(long);
    };
  }, [isActive]);
  return stage;
}

function countOf({ label, done, total }: { readonly label: string; readonly done: number; readonly total: number | null }): string {
  return total === null ? `${label}: ${numberText(done)}` : `${label}: ${numberText(done)} of ${numberText(total)}`;
}
