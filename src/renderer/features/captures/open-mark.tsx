import { IconWorld } from '@tabler/icons-react';
import { useSettings } from '../../stores/session.tsx';
import styles from './open-mark.module.css';

/** Marks the URL of a bin while other machines can send there; nothing while they cannot. */
export function OpenMark() {
  const settings = useSettings();
  if (settings === null || settings.openAddress === null) return null;
  return (
    <span className={styles['mark']} title={`Allowed senders: ${settings.allowedSenders.join(', ')}`}>
      <IconWorld size={14} stroke={2} aria-hidden />
      Open to other machines
    </span>
  );
}
