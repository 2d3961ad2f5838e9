import type { FoundIn } from '#shared/contract/bodies.ts';
import { countText } from '../base/size-format.ts';
import styles from './search-notes.module.css';

/** Where a search found its text in a row, beside what the row shows. */
export function FoundMark({ foundIn }: { readonly foundIn: FoundIn | undefined }) {
  return foundIn === undefined ? null : (
    <span className={styles['found']} title={`The text was found in ${foundIn}`}>
      in {foundIn}
    </span>
  );
}

/** Says that a search could not look into everything. */
export function SearchedInPart({ count }: { readonly count: number }) {
  if (count === 0) return null;
  return (
    <p className={styles['part']} role="status">
      {countText(count, 'body was', 'bodies were')} searched in part only: over 16 MiB once unpacked, damaged, or in a coding that is not
      known.
    </p>
  );
}
