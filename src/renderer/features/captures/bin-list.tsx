import { IconArrowsSplit2, IconBan } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import type { Bin } from '#shared/contract/bins.ts';
import { numberText } from '../../base/size-format.ts';
import { UnsavedBadge } from '../../ui/unsaved-badge.tsx';
import styles from './bins.module.css';
import refusedStyles from './refused.module.css';

interface BinListProps {
  readonly bins: readonly Bin[];
  readonly selectedId: string | null;
  readonly onSelect: (id: string) => void;
  /** Requests that no bin could take. */
  readonly refusedCount: number;
  readonly isRefusedSelected: boolean;
  readonly onSelectRefused: () => void;
  readonly relayCount: number;
  readonly isRelaysSelected: boolean;
  readonly onSelectRelays: () => void;
}

/** The bins, each with its path and how much it has received. */
export function BinList(props: BinListProps) {
  const { bins, selectedId, onSelect, refusedCount, isRefusedSelected, onSelectRefused, relayCount, isRelaysSelected, onSelectRelays } =
    props;
  const list = useRef<HTMLElement>(null);
  const currentId = isRefusedSelected ? 'refused' : isRelaysSelected ? 'relays' : selectedId;
  // In a narrow window the bins stand in a strip that scrolls sideways.
  useEffect(() => {
    // Newer browsers return a promise, which must not be used as a cleanup function.
    void list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [currentId]);
  return (
    <nav ref={list} className={styles['bins']} aria-label="Bins">
      <ul>
        {bins.length > 0 && (
          <li className={styles['relays']}>
            <button type="button" className={styles['bin']} aria-current={isRelaysSelected || undefined} onClick={onSelectRelays}>
              <span className={styles['binTitle']}>
                <IconArrowsSplit2 size={14} stroke={2.2} aria-hidden />
                <span className={styles['binName']}>Relays</span>
              </span>
              <span className={styles['binCount']}>{relayCount === 0 ? '' : numberText(relayCount)}</span>
              <span className={`truncate ${styles['binSlug'] ?? ''}`}>forwarding rules</span>
            </button>
          </li>
        )}
        {bins.map((bin) => (
          <li key={bin.id}>
            <button
              type="button"
              className={styles['bin']}
              data-item={bin.id}
              aria-current={bin.id === selectedId || undefined}
              onClick={() => onSelect(bin.id)}
            >
              <span className={styles['binTitle']}>
                <span className={`truncate ${styles['binName'] ?? ''}`} title={bin.name}>
                  {bin.name}
                </span>
                <UnsavedBadge draftKey={`bin:${bin.id}`} />
              </span>
              <span className={styles['binCount']}>{numberText(bin.captureCount)}</span>
              <span className={`truncate mono ${styles['binSlug'] ?? ''}`} title={`/${bin.slug}`}>
                /{bin.slug}
              </span>
            </button>
          </li>
        ))}
        {(refusedCount > 0 || isRefusedSelected) && (
          <li className={refusedStyles['item']}>
            <button type="button" className={styles['bin']} aria-current={isRefusedSelected || undefined} onClick={onSelectRefused}>
              <span className={styles['binName']} data-refused-name>
                <IconBan size={14} stroke={2.2} aria-hidden />
                Refused
              </span>
              <span className={styles['binCount']}>{numberText(refusedCount)}</span>
              <span className={`truncate ${styles['binSlug'] ?? ''}`}>not captured</span>
            </button>
          </li>
        )}
      </ul>
    </nav>
  );
}
