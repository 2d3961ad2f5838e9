import { CloseButton } from '@mantine/core';
import { IconAlertTriangle, IconDatabaseX } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { useSession } from '../stores/session.tsx';
import styles from './frame.module.css';
import { storeNoticeOf } from './store-notice-text.ts';

/** Says in a strip on top what is wrong with the engine, such as a full disk; it goes by itself once that is over. */
export function StoreNotice() {
  const health = useStore(useSession().engine, (state) => state.health);
  /** A trouble that was put aside; another one shows again. */
  const [aside, setAside] = useState<string | null>(null);
  const notice = storeNoticeOf(health);
  if (notice === null || (notice.canBePutAside && notice.text === aside)) return null;
  return (
    <output className={styles['connection']}>
      {notice.canBePutAside ? <IconAlertTriangle size={16} aria-hidden /> : <IconDatabaseX size={16} aria-hidden />}
      <span className={styles['noticeText']}>{notice.text}</span>
      {notice.canBePutAside && <CloseButton size="sm" aria-label="Dismiss until it changes" onClick={() => setAside(notice.text)} />}
    </output>
  );
}
