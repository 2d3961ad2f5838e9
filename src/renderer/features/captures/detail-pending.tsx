import type { Problem } from '../../base/problem.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import styles from './captures.module.css';

/** In place of a detail that is not there yet: that it is on its way, or why it does not come. */
export function DetailPending({ problem, onRetry }: { readonly problem: Problem | null; readonly onRetry: () => void }) {
  if (problem === null) return <ProgressBar isActive />;
  return (
    <div className={styles['notice']}>
      <ErrorNotice problem={problem} onRetry={onRetry} />
    </div>
  );
}
