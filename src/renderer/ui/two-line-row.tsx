import type { ReactNode } from 'react';
import { UnsavedBadge } from './unsaved-badge.tsx';
import styles from './two-line-row.module.css';

interface TwoLineRowProps {
  readonly title: string;
  readonly isCode?: boolean;
  /** Under which its edits are kept; left out where it has none. */
  readonly draftKey?: string;
  /** At the end of the first line. */
  readonly aside: ReactNode;
  readonly note: string;
}

/** A row of a list: a name with a word beside it, and a line about it. */
export function TwoLineRow({ title, isCode = false, draftKey, aside, note }: TwoLineRowProps) {
  const Title = isCode ? 'code' : 'b';
  return (
    <div className={styles['row']}>
      <span className={styles['name']}>
        <Title className={`truncate ${styles['title']}`} title={title}>
          {title}
        </Title>
        {draftKey !== undefined && <UnsavedBadge draftKey={draftKey} />}
      </span>
      <span className={styles['aside']}>{aside}</span>
      <span className={`truncate ${styles['note']}`} title={note}>
        {note}
      </span>
    </div>
  );
}
