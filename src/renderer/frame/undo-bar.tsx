import { Button, CloseButton } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { focusWhenThere } from '../base/focus-when-there.ts';
import { formatRoute } from '../base/router.ts';
import { useRoute, useSession } from '../stores/session.tsx';
import type { Restored } from '../stores/undo-store.ts';
import styles from './frame.module.css';

/**
 * A bar below the area that says what was deleted, with Undo, and then what was restored. It has its own space, so that it covers
 * nothing.
 */
export function UndoBar() {
  const { undo: store, announce, router } = useSession();
  const { area } = useRoute();
  const { offers, failure, isBusy, restored } = useStore(store);
  const newest = offers.at(-1);
  const show = ({ route, itemId }: Restored) => {
    router.go(route);
    focusWhenThere(document, itemId);
  };
  const undo = async () => {
    const came = await store.undo();
    if (came === null) return;
    announce(came.sentence);
    // Does not navigate if the user has gone to another area meanwhile.
    if (came.route.area === router.route.getState().area) show(came);
    else document.getElementById('area')?.focus({ preventScroll: true });
  };
  if (newest === undefined && restored === null) return null;
  return (
    <section
      className={styles['undo']}
      aria-label="Undo"
      onMouseEnter={store.hold}
      onMouseLeave={store.release}
      onFocus={store.hold}
      onBlur={store.release}
    >
      {restored !== null && (
        <p className={styles['restored']}>
          <IconCheck size={15} stroke={2.4} aria-hidden />
          {restored.sentence}
          {restored.route.area !== area && (
            <a
              href={formatRoute(restored.route)}
              onClick={(event) => {
                event.preventDefault();
                show(restored);
              }}
            >
              Show
            </a>
          )}
        </p>
      )}
      {newest !== undefined && (
        <>
          <output data-failed={failure !== null || undefined}>{failure ?? newest.sentence}</output>
          <Button size="compact-xs" variant="default" loading={isBusy} onClick={() => void undo()}>
            {failure === null ? 'Undo' : 'Try again'}
          </Button>
        </>
      )}
      <CloseButton size="sm" aria-label="Dismiss" onClick={store.dismiss} />
    </section>
  );
}
