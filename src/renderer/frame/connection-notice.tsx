import { IconPlugConnectedX } from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { ConnectionState } from '../base/client.ts';
import { useSession } from '../stores/session.tsx';
import { Delayed } from '../ui/delayed.tsx';
import styles from './frame.module.css';

/** Tries without an answer after which the page says how to get in. */
const patience = 4;

/** A hiccup shorter than this is over before it could be read. */
const hiccupMs = 400;

/** Says in a strip on top that the engine cannot be reached, and what happens with what was typed. Nothing while all is well. */
export function ConnectionNotice() {
  const state = useStore(useSession().connection.state);
  if (state.kind === 'open') return null;
  return (
    <Delayed delayMs={hiccupMs}>
      <output className={styles['connection']}>
        <IconPlugConnectedX size={16} aria-hidden />
        {noticeOf(state)}
      </output>
    </Delayed>
  );
}

function noticeOf({ kind, attempt }: Exclude<ConnectionState, { kind: 'open' }>): string {
  if (attempt >= patience)
    return `Hookyard does not answer (try ${attempt}). Check that it is running; if it was restarted, open the address it printed after "Ready at".`;
  if (kind === 'reconnecting')
    return `Reconnecting to Hookyard (try ${attempt}). What you see is as of the last connection; what you type is kept.`;
  return 'Connecting to Hookyard.';
}
