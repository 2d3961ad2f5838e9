import type { Problem } from '../../base/problem.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import styles from './captures.module.css';

/** Shown while a detail is loading, or with the reason why it could not be loaded. */
export function DetailPending({ problem, onRetry }: { readonly problem: Problem | null; readonly onRetry: () => void }) {
  if (problem === null) return <ProgressBar isActive />;
  return (
    <div className={styles['notice']}>
      <ErrorNotice problem={problem} onRetry={onRetry} />
    </div>
  );
}
