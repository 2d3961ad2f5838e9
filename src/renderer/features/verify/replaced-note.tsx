import { Button } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import { useSession } from '../../stores/session.tsx';
import type { VerifyState, VerifyStore } from './verify-state.ts';
import styles from './verify.module.css';

/** Says that a paste took the place of the request that stood in the form, with the way back. */
export function ReplacedNote({ store, state: { replaced } }: { readonly store: VerifyStore; readonly state: VerifyState }) {
  const { announce } = useSession();
  if (replaced === null) return null;
  const undo = () => {
    store.undoPaste();
    // The button goes with what it undid.
    document.getElementById('verify-head')?.focus();
    announce('The request from before the paste is back');
  };
  return (
    <p className={styles['replaced']} role="status">
      The paste replaced the request that was here.{' '}
      <Button size="compact-xs" variant="default" leftSection={<IconArrowBackUp size={13} />} onClick={undo}>
        Undo
      </Button>
    </p>
  );
}
