import type { DeliverySummary } from '#shared/contract/deliveries.ts';
import { formatDurationMs } from '#shared/duration-text.ts';
import { formatRoute } from '../../router.ts';
import { durationText } from '../../time-format.ts';
import { badgeOf } from '../../ui/meaning.ts';
import type { ReceiverTestState, TestSend } from './receiver-test-store.ts';
import styles from './receiver-test.module.css';

/** What will be sent, in the order of sending, and then how each was answered. */
export function ReceiverTestSends({ state }: { readonly state: ReceiverTestState }) {
  if (state.sends.length === 0) return null;
  return (
    <section aria-label={state.isSent ? 'How the receiver answered' : 'What will be sent'}>
      <h3 className={styles['heading']}>
        {state.isSent ? 'How the receiver answered, in the order of sending' : 'What will be sent, in this order'}
      </h3>
      <ol className={styles['sends']}>
        {state.sends.map((send) => (
          <li key={send.position}>
            <Send send={send} delivery={send.deliveryId === null ? undefined : state.deliveries.get(send.deliveryId)} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function Send({ send, delivery }: { readonly send: TestSend; readonly delivery: DeliverySummary | undefined }) {
  const after = send.afterMs === 0 ? 'at once' : `+${formatDurationMs(send.afterMs)}`;
  const message = `Message ${send.number}`;
  if (send.deliveryId === null)
    return (
      <span
        className={styles['send']}
        title={`${message}, sent ${send.afterMs === 0 ? 'at once' : `after ${formatDurationMs(send.afterMs)}`}`}
      >
        <b>#{send.number}</b>
        <span>{after}</span>
      </span>
    );
  const badge = badgeOf(delivery === undefined ? 'pending' : delivery.isInFlight ? 'sending' : delivery.status);
  const outcome = delivery?.lastOutcome ?? null;
  const answer = outcome === null ? badge.word : String(outcome.status ?? outcome.code);
  const took = delivery?.lastDurationMs == null ? '' : ` in ${durationText(delivery.lastDurationMs)}`;
  const BadgeIcon = badge.icon;
  return (
    <a
      className={styles['send']}
      data-meaning={badge.meaning}
      href={formatRoute({ area: 'deliveries', id: send.deliveryId })}
      title={`${message}: ${badge.word}, ${answer}${took}. Open the delivery`}
    >
      <b>#{send.number}</b>
      <span>
        <BadgeIcon size={12} stroke={2.2} aria-hidden /> {answer}
        <span className="visually-hidden">{` ${badge.word}${took}`}</span>
      </span>
    </a>
  );
}
