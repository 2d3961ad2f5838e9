import { Button, CloseButton } from '@mantine/core';
import { useStore } from 'zustand';
import { useSession } from '../stores/session.tsx';
import styles from './frame.module.css';

/** Says below the area what was deleted, with the way back. It takes room of its own, so that it covers nothing. */
export function UndoBar() {
  const { undo: store } = useSession();
  const { offers, failure, isBusy } = useStore(store);
  const newest = offers.at(-1);
  if (newest === undefined) return null;
  return (
    <section
      className={styles['undo']}
      aria-label="Undo"
      onMouseEnter={store.hold}
      onMouseLeave={store.release}
      onFocus={store.hold}
      onBlur={store.release}
    >
      <output data-failed={failure !== null || undefined}>{failure ?? newest.sentence}</output>
      <Button size="compact-xs" variant="default" loading={isBusy} onClick={() => void store.undo()}>
        {failure === null ? 'Undo' : 'Try again'}
      </Button>
      <CloseButton size="sm" aria-label="Put aside" onClick={store.dismiss} />
    </section>
  );
}
