import { IconDatabaseX } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { useSession } from '../stores/session.tsx';
import styles from './frame.module.css';

/** Says in a strip on top why nothing is accepted; it goes by itself once the store takes writes again. */
export function StoreNotice() {
  const health = useStore(useSession().engine, (state) => state.health);
  if (health === null || health.isAccepting) return null;
  return (
    <output className={styles['connection']}>
      <IconDatabaseX size={16} aria-hidden />
      {health.problem} What was accepted before is kept.
    </output>
  );
}
