import { IconPlugConnectedX } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { useSession } from '../session.tsx';
import styles from './frame.module.css';

/** Tries without an answer after which the page says how to get in. */
const patience = 4;

/** Says in a strip on top that the engine cannot be reached, and what happens with what was typed. Nothing while all is well. */
export function ConnectionNotice() {
  const state = useStore(useSession().connection.state);
  const isDown = state.kind !== 'open';
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    if (!isDown) return setShown(false);
    // A hiccup shorter than this is over before it could be read.
    const timer = setTimeout(() => setShown(true), 400);
    return () => clearTimeout(timer);
  }, [isDown]);
  if (!isShown || state.kind === 'open') return null;
  return (
    <div className={styles['connection']} role="status">
      <IconPlugConnectedX size={16} aria-hidden />
      {state.kind === 'reconnecting'
        ? `Reconnecting to Hookyard (try ${state.attempt}). What you see is as of the last connection; what you type is kept.`
        : state.attempt >= patience
          ? 'Hookyard does not answer. Check that it runs, and open the whole address it printed after "Ready at", token included.'
          : 'Connecting to Hookyard.'}
    </div>
  );
}
