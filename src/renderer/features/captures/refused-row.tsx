import { IconBan } from '@tabler/icons-react';
import type { RefusedSummary } from '#shared/contract/refused-requests.ts';
import { bytesText } from '../../base/size-format.ts';
import { TimeText } from '../../ui/time-text.tsx';
import styles from './capture-row.module.css';
import { refusedRowText } from './refused-words.ts';
import refusedStyles from './refused.module.css';

/** A refused request in a list: what was seen, in the columns of a capture. */
export function RefusedRow({ refused }: { readonly refused: RefusedSummary }) {
  const { reason, line } = refusedRowText(refused);
  return (
    <div className={styles['measured']}>
      <div className={`${styles['row'] ?? ''} ${refusedStyles['row'] ?? ''}`}>
        <IconBan size={14} stroke={2.2} color="var(--hy-trouble-text)" aria-label="refused" />
        <span className="truncate" title={refused.firstLine === null ? refused.seen : `${refused.firstLine}\n${refused.seen}`}>
          <b>{reason}</b>
          {line !== null && <span className="mono">{line}</span>}
        </span>
        <span className={styles['status']} data-bad>
          {refused.status ?? '\u2013'}
        </span>
        <span className={styles['size']}>{bytesText(refused.receivedBytes)}</span>
        <span className={styles['gap']} />
        <span className={styles['age']}>
          <TimeText atMs={refused.receivedAtMs} as="age" />
        </span>
      </div>
    </div>
  );
}
