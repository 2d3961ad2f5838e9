import type { ReactNode } from 'react';
import { CloseDetail } from './close-detail.tsx';
import styles from './detail-report.module.css';

interface DetailReportProps {
  /** Null while it is not known; there is no head then. */
  readonly title: string | null;
  /** Between the title and the button that closes it. */
  readonly actions: ReactNode;
  /** A line about it, under the title; null for none. */
  readonly facts: ReactNode;
  /** Between the head and what is reported. */
  readonly progress?: ReactNode;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** What came of one thing of a list, under its title, which stays in view. */
export function DetailReport({ title, actions, facts, progress, onClose, children }: DetailReportProps) {
  return (
    <div className={styles['detail']}>
      {title !== null && (
        <header className={styles['head']}>
          <h2 className="truncate" title={title}>
            {title}
          </h2>
          {actions}
          <CloseDetail onClose={onClose} />
          {facts !== null && <p className={styles['facts']}>{facts}</p>}
        </header>
      )}
      {progress}
      <div className={styles['body']}>{children}</div>
    </div>
  );
}
