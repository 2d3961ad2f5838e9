import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { Capture } from '#shared/contract/captures.ts';
import type { Client } from '../../base/client.ts';
import { createItemStore, type ItemStore } from '../../stores/item-store.ts';
import { useChanges, useClient } from '../../stores/session.tsx';
import { TransitView } from '../comparing/transit-view.tsx';
import { DetailPending } from './detail-pending.tsx';
import styles from './capture-detail.module.css';

type ReadTransit = Awaited<ReturnType<Client['comparing']['transit']>>;

/** The attempt of ours that made a capture, beside it; read again when an attempt ends, since one under way is not in the log yet. */
export function useTransit({ id, timings }: Pick<Capture, 'id' | 'timings'>): ItemStore<ReadTransit> {
  const client = useClient();
  const [store] = useState(() =>
    createItemStore<ReadTransit>((captureId, signal) => client.comparing.transit({ id: captureId }, { signal })),
  );
  const { totalMs } = timings;
  useEffect(() => void store.open(id), [store, id]);
  useEffect(() => {
    if (store.getState().item?.transit === null) void store.refresh();
  }, [store, totalMs]);
  useChanges(['deliveries'], () => {
    if (store.getState().item?.transit === null) void store.refresh();
  });
  return store;
}

/** What was sent beside what arrived, or why it is not known. */
export function TransitPanel({ store }: { readonly store: ItemStore<ReadTransit> }) {
  const { item, problem } = useStore(store);
  if (item === null) return <DetailPending problem={problem} onRetry={() => void store.refresh()} />;
  return (
    <div className={styles['scroll']}>
      {item.transit === null ? <p className={styles['none']}>{item.why}</p> : <TransitView transit={item.transit} from="capture" />}
    </div>
  );
}
