import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { createItemStore } from '../../stores/item-store.ts';
import { useClient } from '../../stores/session.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { TransitView } from '../comparing/transit-view.tsx';
import styles from './attempt-panel.module.css';

/** What of an attempt arrived at the bins, beside what it sent. */
export function ArrivedPanel({ attemptId }: { readonly attemptId: string }) {
  const client = useClient();
  const [store] = useState(() => createItemStore((id, signal) => client.comparing.arrivals({ id }, { signal })));
  const { item, problem } = useStore(store);
  useEffect(() => void store.open(attemptId), [store, attemptId]);
  if (problem !== null && item === null) return <ErrorNotice problem={problem} onRetry={() => void store.refresh()} />;
  if (item === null) return <ProgressBar isActive />;
  if (item.items.length === 0) return <p className={styles['nothing']}>{item.why}</p>;
  return item.items.map((transit) => <TransitView key={transit.captureId} transit={transit} from="attempt" />);
}
