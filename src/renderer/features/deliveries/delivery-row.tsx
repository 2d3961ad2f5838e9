import { durationText } from '#shared/duration-text.ts';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { FoundMark } from '../../ui/search-notes.tsx';
import { TlsMarkOf } from '../../ui/tls-mark.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import type { ListedDelivery } from './deliveries-store.ts';
import { holdSentence, holdWord } from './hold-text.ts';
import styles from './delivery-row.module.css';

/** Names over the columns of {@link DeliveryRow}. */
export function DeliveryRowHead() {
  return (
    <div className={styles['row']}>
      <span>Status</span>
      <span>Event</span>
      <span className={styles['endpoint']}>Endpoint</span>
      <span className={styles['right']}>Tries</span>
      <span>Result</span>
      <span className={styles['duration']}>Took</span>
      <span className={styles['next']}>Next</span>
      <span className={styles['right']}>Age</span>
    </div>
  );
}

/** One delivery in the log. */
export function DeliveryRow({ delivery }: { readonly delivery: ListedDelivery }) {
  const { lastOutcome, lastDurationMs, nextAttemptAtMs } = delivery;
  return (
    <div className={styles['row']}>
      <StatusBadge state={delivery.isInFlight ? 'sending' : delivery.status} plain />
      <span className={styles['event']} title={delivery.eventType}>
        <span className="truncate">{delivery.eventType}</span>
        {delivery.isTest && <span className={styles['test']}>test</span>}
        <FoundMark foundIn={delivery.foundIn} />
      </span>
      <span
        className={`truncate ${styles['endpoint']}`}
        title={delivery.checkCase === null ? delivery.url : `${delivery.url}, for the case “${delivery.checkCase}” of a check`}
      >
        {delivery.endpointName}
        {delivery.checkCase !== null && `: ${delivery.checkCase}`}
        <TlsMarkOf endpointId={delivery.endpointId} />
      </span>
      <span className={styles['right']} title={`${delivery.attemptCount} of ${delivery.maxAttempts} attempts`}>
        {delivery.attemptCount}
        <span className={styles['faint']}>/{delivery.maxAttempts}</span>
      </span>
      <span className={`truncate ${styles['code']}`} data-ok={lastOutcome?.code === 'ok' || undefined} title={lastOutcome?.message}>
        {lastOutcome === null ? '' : (lastOutcome.status ?? lastOutcome.code)}
      </span>
      <span className={styles['duration']}>{lastDurationMs === null ? '' : durationText(lastDurationMs)}</span>
      <span className={styles['next']}>
        {delivery.hold !== null ? (
          <span className={styles['faint']} title={holdSentence(delivery.hold)}>
            {holdWord(delivery.hold)}
          </span>
        ) : (
          nextAttemptAtMs !== null && !delivery.isInFlight && <TimeText atMs={nextAttemptAtMs} as="countdown" />
        )}
      </span>
      <span className={styles['age']}>
        <TimeText atMs={delivery.createdAtMs} as="age" />
      </span>
    </div>
  );
}
