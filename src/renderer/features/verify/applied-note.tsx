import { Button } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useSession } from '../../stores/session.tsx';
import type { VerifyState, VerifyStore } from './verify-state.ts';
import styles from './verify.module.css';

/** Which change was applied to the form, with Undo; a case file keeps the request as received. */
export function AppliedNote({ store, state: { applied } }: { readonly store: VerifyStore; readonly state: VerifyState }) {
  const { announce } = useSession();
  const undo = useRef<HTMLButtonElement>(null);
  // The button that applied it has disappeared with its verdict, so the focus comes here.
  useEffect(() => {
    if (applied !== null) undo.current?.focus();
  }, [applied]);
  if (applied === null) return null;
  return (
    <div className={styles['applied']} role="status" aria-label="Change applied">
      <p>Applied: {applied.sentence} A case file keeps the request as it came.</p>
      <Button
        ref={undo}
        size="compact-xs"
        variant="default"
        leftSection={<IconArrowBackUp size={13} />}
        onClick={() => {
          store.undoApply();
          announce('The change was undone');
        }}
      >
        Undo
      </Button>
    </div>
  );
}
