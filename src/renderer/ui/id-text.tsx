import { shortId } from '../base/size-format.ts';
import { useCopy } from './use-copy.ts';
import styles from './id-text.module.css';

/** An id, shortened in the middle; a click copies the whole of it. */
export function IdText({ id, label = 'id' }: { readonly id: string; readonly label?: string }) {
  const { isCopied, copy } = useCopy();
  return (
    <button
      type="button"
      className={styles['id']}
      title={`${id}\nClick to copy`}
      aria-label={`${isCopied ? 'copied' : shortId(id)}: copy the ${label}`}
      onClick={(event) => {
        event.stopPropagation();
        copy(id);
      }}
    >
      {isCopied ? 'copied' : shortId(id)}
    </button>
  );
}
