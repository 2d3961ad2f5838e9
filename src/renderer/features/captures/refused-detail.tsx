import { Button } from '@mantine/core';
import { IconBan, IconBulb } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useStore } from 'zustand';
import type { RefusedRequest } from '#shared/contract/refused-requests.ts';
import { useClient, useRoute } from '../../stores/session.tsx';
import { bytesText, countText } from '../../base/size-format.ts';
import type { ItemStore } from '../../stores/item-store.ts';
import { bytesOfBase64, utf8OrNull } from '../../ui/body-format.ts';
import { BodyView } from '../../ui/body-view.tsx';
import { IdText } from '../../ui/id-text.tsx';
import { MeaningBadge } from '../../ui/status-badge.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { statusText } from './bin-answer.ts';
import { useDeleted } from '../../ui/use-deleted.ts';
import { DetailPending } from './detail-pending.tsx';
import styles from './capture-detail.module.css';
import refusedStyles from './refused.module.css';

interface RefusedDetailProps {
  readonly store: ItemStore<RefusedRequest>;
  /** The entry was deleted. */
  readonly onGone: () => void;
}

/** A refused request: why, what to change, and its first bytes as received. */
export function RefusedDetail({ store, onGone }: RefusedDetailProps) {
  const { item, problem } = useStore(store);
  if (item === null) return <DetailPending problem={problem} onRetry={() => void store.refresh()} />;
  return <Detail key={item.id} refused={item} onGone={onGone} />;
}

function Detail({ refused, onGone }: { readonly refused: RefusedRequest; readonly onGone: () => void }) {
  const client = useClient();
  const tellDeleted = useDeleted();
  const from = useRoute().query;
  const bytes = useMemo(() => bytesOfBase64(refused.firstBytesBase64), [refused.firstBytesBase64]);
  const isText = useMemo(() => refused.firstLine !== null && utf8OrNull(bytes) !== null, [refused.firstLine, bytes]);
  const remove = async () => {
    await client.refusedRequests.remove({ id: refused.id });
    tellDeleted('Entry deleted', async () => {
      await client.refusedRequests.restore({ id: refused.id });
      return { sentence: 'Entry restored.', route: { area: 'captures', id: refused.id, query: from }, itemId: refused.id };
    });
    onGone();
  };
  const answered = refused.status === null ? 'not answered, since the connection was gone' : `answered ${statusText(refused.status)}`;
  return (
    <div className={styles['detail']} tabIndex={-1} data-focus-home="">
      <header className={styles['detailHead']}>
        <div className={styles['detailTitle']}>
          <h2>{refused.seen}</h2>
          <MeaningBadge meaning="trouble" icon={IconBan} word="refused" />
        </div>
        <p className={refusedStyles['advice']}>
          <IconBulb size={16} stroke={2} aria-hidden />
          <span>{refused.advice}</span>
        </p>
        <p className={styles['sentence']}>
          {bytesText(refused.receivedBytes)} from {refused.remoteAddress}, {answered}. Received <TimeText atMs={refused.receivedAtMs} /> as{' '}
          <IdText id={refused.id} label="id of the entry" />
        </p>
        {refused.more > 0 && (
          <p className={styles['sentence']}>
            {countText(refused.more, 'more was', 'more were')} refused for the same reason, on any path; the last came{' '}
            <TimeText atMs={refused.lastAtMs} />. They came too quickly to be kept one by one.
          </p>
        )}
        <div className={styles['detailActions']}>
          <Button size="compact-xs" variant="default" onClick={() => void remove()}>
            Delete
          </Button>
        </div>
      </header>
      <div className={styles['panel']}>
        {bytes.length === 0 ? (
          <p className={styles['none']}>Nothing came, so there are no bytes to show.</p>
        ) : (
          <BodyView
            label="First bytes"
            body={bytes}
            bodyBytes={refused.receivedBytes}
            isTruncated={refused.receivedBytes > bytes.length}
            mode={isText ? 'raw' : 'hex'}
            isTall
          />
        )}
      </div>
    </div>
  );
}
