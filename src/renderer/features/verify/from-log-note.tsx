import { Anchor } from '@mantine/core';
import { shortId } from '../../base/size-format.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import type { VerifyState, VerifyStore } from './verify-state.ts';
import styles from './verify.module.css';

/** Which request of the log is in the form, with notes on it; or why none could be opened. */
export function FromLogNote({ store, state }: { readonly store: VerifyStore; readonly state: VerifyState }) {
  const { fromLog, openProblem } = state;
  if (openProblem !== null) return <ErrorNotice problem={openProblem.problem} onRetry={() => void store.openFromLog(openProblem.text)} />;
  if (fromLog === null) return null;
  return (
    <div className={styles['fromLog']} role="status">
      <p>
        From the log: {fromLog.label},{' '}
        <Anchor inherit underline="always" href={fromLog.href}>
          {shortId(fromLog.id)}
        </Anchor>
      </p>
      {fromLog.notes.map((note) => (
        <p key={note}>{note}</p>
      ))}
    </div>
  );
}
