import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { Attempt, DeliveryDetail } from '#shared/contract/deliveries.ts';
import { formatRoute } from '../../base/router.ts';
import { countText } from '../../base/size-format.ts';
import { useNow } from '../../stores/session.tsx';
import { CloseDetail } from '../../ui/close-detail.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { IdText } from '../../ui/id-text.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { TlsMarkOf } from '../../ui/tls-mark.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { AttemptPanel } from './attempt-panel.tsx';
import type { DeliveryStores } from './deliveries-store.ts';
import { holdSentence } from './hold-text.ts';
import { sentenceOf } from './sentence.ts';
import { AttemptList } from './attempt-list.tsx';
import { DeliveryActions } from './delivery-actions.tsx';
import { DeliveryTimeline } from './delivery-timeline.tsx';
import styles from './delivery-detail.module.css';

/** A delivery in detail: the sentence, the timeline, the attempts, and what can be done. */
export function DeliveryView({ stores, onClose }: { readonly stores: DeliveryStores; readonly onClose: () => void }) {
  const { item, status, problem } = useStore(stores.detail);
  if (item === null)
    return (
      <>
        <ProgressBar isActive={status === 'loading'} />
        <div style={{ padding: 16 }}>
          <ErrorNotice problem={problem} onRetry={() => void stores.detail.refresh()} />
        </div>
      </>
    );
  return <Detail key={item.id} delivery={item} stores={stores} onClose={onClose} />;
}

interface DetailProps {
  readonly delivery: DeliveryDetail;
  readonly stores: DeliveryStores;
  readonly onClose: () => void;
}

function Detail({ delivery, stores, onClose }: DetailProps) {
  const [chosenId, setChosenId] = useState<string | null>(null);
  const shown = delivery.attempts.find(({ id }) => id === chosenId) ?? delivery.attempts.at(-1) ?? null;
  const full = useFullAttempt(stores, shown);
  return (
    <div className={styles['detail']} tabIndex={-1} data-focus-home="">
      <Head delivery={delivery} onClose={onClose} />
      <DeliveryActions delivery={delivery} stores={stores} shown={full ?? shown} />
      {delivery.attempts.length > 0 && (
        <>
          <DeliveryTimeline delivery={delivery} selectedId={shown?.id ?? null} onSelect={setChosenId} />
          <AttemptList delivery={delivery} selectedId={shown?.id ?? null} onSelect={setChosenId} />
        </>
      )}
      {shown !== null && <AttemptPanel attempt={full ?? shown} areBodiesLoaded={full !== null} />}
    </div>
  );
}

/** The shown attempt with its bodies, once they came; read again when the attempt goes on. */
function useFullAttempt(stores: DeliveryStores, shown: Attempt | null): Attempt | null {
  const { item } = useStore(stores.attempt);
  const shownId = shown?.id ?? null;
  const endedAtMs = shown?.endedAtMs ?? null;
  useEffect(() => {
    void stores.attempt.open(shownId);
  }, [stores, shownId]);
  useEffect(() => {
    const { item: read } = stores.attempt.getState();
    if (read !== null && read.id === shownId && read.endedAtMs !== endedAtMs) void stores.attempt.refresh();
  }, [stores, shownId, endedAtMs]);
  return item !== null && item.id === shownId ? item : null;
}

function Head({ delivery, onClose }: { readonly delivery: DeliveryDetail; readonly onClose: () => void }) {
  const nowMs = useNow();
  return (
    <header className={styles['head']}>
      <div className={styles['title']}>
        <StatusBadge state={delivery.isInFlight ? 'sending' : delivery.status} />
        <h2 className="truncate" title={delivery.eventType}>
          {delivery.eventType}
        </h2>
        <IdText id={delivery.id} label="delivery id" />
        <CloseDetail onClose={onClose} />
      </div>
      <p className={styles['sentence']} aria-live="polite">
        {sentenceOf(delivery, nowMs)}
        {delivery.hold !== null && ` ${holdSentence(delivery.hold)}`}
        {delivery.hold?.untilMs != null && (
          <>
            {' This ends '}
            <TimeText atMs={delivery.hold.untilMs} as="until" />.
          </>
        )}
      </p>
      <p className={styles['meta']}>
        To <a href={formatRoute({ area: 'endpoints', id: delivery.endpointId })}>{delivery.endpointName}</a>
        <TlsMarkOf endpointId={delivery.endpointId} hasWord />
        {', message '}
        <IdText id={delivery.messageId} label="message id" />
        {delivery.checkCase !== null && `, for the case “${delivery.checkCase}” of a check`}
        {delivery.isTest ? ', a test created ' : ', created '}
        <TimeText atMs={delivery.createdAtMs} />
        {delivery.environment !== null && `, environment ${delivery.environment}`}
        {delivery.sourceCaptureId !== null && (
          <>
            {delivery.relay === null ? ', a replay of ' : ', from '}
            <a href={formatRoute({ area: 'captures', id: delivery.sourceCaptureId })}>a capture</a>
          </>
        )}
        {delivery.relay !== null && (
          <>
            {' by '}
            <a href={formatRoute({ area: 'captures', query: { show: 'relays', relay: delivery.relay.id } })}>a relay</a>
          </>
        )}
      </p>
      {delivery.relay !== null && delivery.relay.changes.length > 0 && (
        <details className={styles['changes']}>
          <summary>{countText(delivery.relay.changes.length, 'change', 'changes')} to the captured request</summary>
          <ul>
            {delivery.relay.changes.map((change) => (
              <li key={change}>{change}</li>
            ))}
          </ul>
        </details>
      )}
    </header>
  );
}
