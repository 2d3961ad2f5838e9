import { useStore } from 'zustand';
import { useSession } from '../stores/session.tsx';
import styles from './unsaved-badge.module.css';

/** Beside the name of something in a list: there are edits of it that were not saved. */
export function UnsavedBadge({ draftKey }: { readonly draftKey: string }) {
  const isUnsaved = useStore(useSession().drafts, (drafts) => drafts[draftKey] !== undefined);
  return (
    isUnsaved && (
      <span className={styles['unsaved']} title="Has unsaved changes">
        unsaved
      </span>
    )
  );
}
