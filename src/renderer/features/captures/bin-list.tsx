import type { Bin } from '#shared/contract/captures.ts';
import { numberText } from '../../size-format.ts';
import styles from './captures.module.css';

interface BinListProps {
  readonly bins: readonly Bin[];
  readonly selectedId: string;
  readonly onSelect: (id: string) => void;
}

/** The bins, each with its path and how much it has received. */
export function BinList({ bins, selectedId, onSelect }: BinListProps) {
  return (
    <nav className={styles['bins']} aria-label="Bins">
      <ul>
        {bins.map((bin) => (
          <li key={bin.id}>
            <button
              type="button"
              className={styles['bin']}
              aria-current={bin.id === selectedId || undefined}
              onClick={() => onSelect(bin.id)}
            >
              <span className={`truncate ${styles['binName'] ?? ''}`} title={bin.name}>
                {bin.name}
              </span>
              <span className={styles['binCount']}>{numberText(bin.captureCount)}</span>
              <span className={`truncate mono ${styles['binSlug'] ?? ''}`} title={`/${bin.slug}`}>
                /{bin.slug}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}
