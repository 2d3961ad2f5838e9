import { IconBan } from '@tabler/icons-react';
import type { RefusedSummary } from '#shared/contract/refused-requests.ts';
import { bytesText, numberText } from '../../base/size-format.ts';
import { TimeText } from '../../ui/time-text.tsx';
import styles from './captures.module.css';
import refusedStyles from './refused.module.css';

/** A refused request in a list: what was seen, in the columns of a capture. */
export function RefusedRow({ refused }: { readonly refused: RefusedSummary }) {
  return (
    <div className={`${styles['row'] ?? ''} ${refusedStyles['row'] ?? ''}`}>
      <IconBan size={14} stroke={2.2} color="var(--hy-trouble-text)" aria-hidden />
      <span className="truncate" title={refused.firstLine ?? refused.seen}>
        <b>refused</b> {rowText(refused)}
        {refused.more > 0 && ` And ${numberText(refused.more)} more.`}
      </span>
      <span className={styles['status']} data-bad>
        {refused.status ?? '\u2013'}
      </span>
      <span className={styles['size']}>{bytesText(refused.receivedBytes)}</span>
      <span className={styles['age']}>
        <TimeText atMs={refused.receivedAtMs} as="age" />
      </span>
    </div>
  );
}

/** What tells rows apart: where a request went that can be read, what was seen of any other. */
function rowText({ reason, seen, firstLine }: RefusedSummary): string {
  if (reason === 'no-bin' && firstLine !== null) return `no bin: ${firstLine.replace(/ HTTP\/\d\.\d$/, '')}`;
  return seen;
}
