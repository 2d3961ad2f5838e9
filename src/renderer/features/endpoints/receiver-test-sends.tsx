import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import type { DeliverySummary } from '#shared/contract/deliveries.ts';
import type { ExpectedAnswer } from '#shared/contract/receiver-tests.ts';
import { durationText, formatDurationMs } from '#shared/duration-text.ts';
import { formatRoute } from '../../base/router.ts';
import { badgeOf } from '../../ui/meaning.ts';
import { isUnexpected, type ReceiverTestState, type TestSend } from './receiver-test-store.ts';
import styles from './receiver-test.module.css';

/** What will be sent, in order, and then the answer to each. */
export function ReceiverTestSends({ state }: { readonly state: ReceiverTestState }) {
  if (state.sends.length === 0) return null;
  return (
    <section aria-label={state.isSent ? 'How the receiver answered' : 'What will be sent'}>
      <h3 className={styles['heading']}>
        {state.isSent ? 'How the receiver answered, in the order of sending' : 'What will be sent, in this order'}
      </h3>
      {state.expects !== null && (
        <p className={styles['note']}>
          {state.expects === 'accepted'
            ? 'A correct receiver accepts each of them.'
            : 'A receiver that checks the time refuses each of them.'}
        </p>
      )}
      <ol className={styles['sends']}>
        {state.sends.map((send) => (
          <li key={send.position}>
            <Send
              send={send}
              expects={state.expects}
              delivery={send.deliveryId === null ? undefined : state.deliveries.get(send.deliveryId)}
            />
          </li>
        ))}
      </ol>
    </section>
  );
}

interface SendProps {
  readonly send: TestSend;
  readonly expects: ExpectedAnswer | null;
  readonly delivery: DeliverySummary | undefined;
}

function Send({ send, expects, delivery }: SendProps) {
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
  const isWrong = isUnexpected(delivery, expects);
  // An expected answer is good, even if the delivery failed.
  const meaning = outcome === null || expects === null ? badge.meaning : isWrong ? 'bad' : 'good';
  const unexpected = isWrong ? ', not as expected' : '';
  const BadgeIcon = isWrong ? IconAlertTriangle : outcome !== null && expects !== null ? IconCheck : badge.icon;
  return (
    <a
      className={styles['send']}
      data-meaning={meaning}
      href={formatRoute({ area: 'deliveries', id: send.deliveryId })}
      title={`${message}: ${badge.word}, ${answer}${took}${unexpected}. Open the delivery`}
    >
      <b>#{send.number}</b>
      <span>
        <BadgeIcon size={12} stroke={2.2} aria-hidden /> {answer}
        <span className="visually-hidden">{` ${badge.word}${took}${unexpected}`}</span>
      </span>
    </a>
  );
}
