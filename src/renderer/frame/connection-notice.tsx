import { IconPlugConnectedX } from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { ConnectionState } from '../base/client.ts';
import { useSession } from '../stores/session.tsx';
import { Delayed } from '../ui/delayed.tsx';
import styles from './frame.module.css';

/** Failed tries after which the page says how to get in. */
const patience = 4;

/** A shorter interruption is over before the notice could be read. */
const hiccupMs = 400;

/** A strip on top that says that the engine cannot be reached, and that what was typed is kept. Nothing while it is connected. */
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
