import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import styles from './empty-state.module.css';

interface EmptyStateProps {
  readonly icon: Icon;
  /** One sentence that says what is missing and how to get it. */
  readonly sentence: string;
  /** The one button that does it. */
  readonly action?: ReactNode;
  /** A real example: a command, a URL, a row. */
  readonly example?: ReactNode;
}

/** An empty state: one sentence, one button that does it, and a real example. */
export function EmptyState({ icon: IconShape, sentence, action, example }: EmptyStateProps) {
  return (
    <div className={styles['empty']} tabIndex={-1} data-focus-first>
      <IconShape size={28} stroke={1.5} className={styles['icon'] ?? ''} aria-hidden />
      <p className={styles['sentence']}>{sentence}</p>
      {action}
      {example !== undefined && <div className={styles['example']}>{example}</div>}
    </div>
  );
}
