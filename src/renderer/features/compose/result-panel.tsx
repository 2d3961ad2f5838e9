import { ActionIcon, Anchor } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconClock, IconInbox, IconX, type Icon } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { durationText } from '#shared/duration-text.ts';
import type { Attempt, DeliveryDetail } from '#shared/contract/deliveries.ts';
import { formatRoute } from '../../base/router.ts';
import { useSession } from '../../stores/session.tsx';
import { bytesText, countText } from '../../base/size-format.ts';
import { BodyView } from '../../ui/body-view.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { IdText } from '../../ui/id-text.tsx';
import { signatureWord, type Meaning } from '../../ui/meaning.ts';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { ComparisonLine } from '../captures/comparison-line.tsx';
import { isFormer, type ComposeState, type Sending } from './compose-state.ts';
import type { ComposeStore } from './compose-store.types.ts';
import styles from './compose.module.css';

type Sent = Extract<Sending, { kind: 'sent' }>;

/** The result of the event that was sent, line by line as it happens. */
export function ResultPanel({ store, state }: { readonly store: ComposeStore; readonly state: ComposeState }) {
  const { sending } = state;
  const section = useRef<HTMLElement>(null);
  useAnnouncement(sending);
  // In a small window it comes below what can be seen.
  const sentId = sending.kind === 'sent' ? sending.messageId : null;
  useEffect(() => {
    if (sentId !== null) section.current?.scrollIntoView({ block: 'start' });
  }, [sentId]);
  // It grows by the answer, unless whoever sent it has gone elsewhere while waiting.
  const answeredId = sending.kind === 'sent' ? (sending.answered?.id ?? null) : null;
  useEffect(() => {
    if (answeredId !== null && isInWindow(section.current)) section.current?.scrollIntoView({ block: 'start' });
  }, [answeredId]);
  if (sending.kind === 'idle' || sending.kind === 'sending') return null;
  return (
    <section ref={section} className={styles['result']} aria-label="Result">
      {sending.kind === 'refused' ? (
        <ErrorNotice problem={sending.problem} rest={sending.problem.issues} onRetry={() => void store.send()} />
      ) : (
        <SentResult sent={sending} isFormer={isFormer(sending, state)} />
      )}
      <ActionIcon
        className={styles['dismiss'] ?? ''}
        variant="subtle"
        color="gray"
        size="sm"
        aria-label="Close the result"
        onClick={store.dismissResult}
      >
        <IconX size={15} />
      </ActionIcon>
    </section>
  );
}

/** Whether its upper edge can be seen. */
function isInWindow(element: HTMLElement | null): boolean {
  const top = element?.getBoundingClientRect().top ?? -1;
  return top >= 0 && top < window.innerHeight;
}

function SentResult({ sent, isFormer: isOfFormer }: { readonly sent: Sent; readonly isFormer: boolean }) {
  const { delivery, answered, capture, comparison, bin, deliveryId } = sent;
  return (
    <>
      <header className={styles['resultHead']}>
        <h2>{isOfFormer ? 'Result of what was sent before' : 'Result'}</h2>
        {delivery !== null && <StatusBadge state={delivery.isInFlight ? 'sending' : delivery.status} />}
        {delivery !== null && (
          <span className={`truncate ${styles['resultOf'] ?? ''}`} title={`${delivery.eventType} to ${delivery.endpointName}`}>
            {delivery.eventType} to {delivery.endpointName}
          </span>
        )}
        {deliveryId !== null && (
          <Anchor fz={13} href={formatRoute({ area: 'deliveries', id: deliveryId })}>
            Open delivery
          </Anchor>
        )}
        {capture !== null && (
          <Anchor fz={13} href={formatRoute({ area: 'captures', id: capture.id })}>
            Open capture
          </Anchor>
        )}
      </header>
      {isOfFormer && <p className={styles['former']}>What is composed above has changed since, and was not sent.</p>}
      <ol className={styles['steps']}>
        <Step icon={IconCheck} meaning="good" title="Accepted">
          Message <IdText id={sent.messageId} label="message id" /> is on disk.
          {deliveryId === null && ' No endpoint listens to it, so nothing was sent.'}
        </Step>
        {sent.warnings.map((warning) => (
          <Step key={warning.code + warning.message} icon={IconAlertTriangle} meaning="trouble" title="Note">
            {warning.message}
          </Step>
        ))}
        {delivery?.attempts.map((attempt) => (
          <AttemptStep key={attempt.id} attempt={attempt} />
        ))}
        {delivery !== null && <NextStep delivery={delivery} />}
        {capture !== null && bin !== null && (
          <Step icon={IconInbox} meaning="good" title="Captured">
            in {bin.name}, {bytesText(capture.bodyBytes)}
            {capture.verification !== null && (
              <>
                {' '}
                <StatusBadge state={capture.verification.verdict} word={signatureWord(capture.verification.verdict)} />
              </>
            )}
          </Step>
        )}
        {comparison !== null && <ComparisonLine body={comparison} as={Step} />}
      </ol>
      {answered !== null && <Answer key={answered.id} attempt={answered} />}
    </>
  );
}

/** The answer of the receiver, as received. */
function Answer({ attempt: { number, response } }: { readonly attempt: Attempt }) {
  if (response === null || response.bodyBase64 === null) return null;
  const { status, reason, bodyBase64, bodyBytes, isBodyTruncated } = response;
  return (
    <section className={styles['answer']} aria-label="Answer">
      <h3>
        Answer to attempt {number}: {status} {reason}
      </h3>
      <BodyView label="Body of the answer" body={bodyBase64} bodyBytes={bodyBytes} isTruncated={isBodyTruncated} />
    </section>
  );
}

function AttemptStep({ attempt }: { readonly attempt: Attempt }) {
  const { outcome, timings } = attempt;
  const title = `Attempt ${attempt.number}`;
  if (outcome === null)
    return (
      <Step icon={IconClock} meaning="waiting" title={title}>
        under way
      </Step>
    );
  return (
    <Step icon={outcome.code === 'ok' ? IconCheck : IconAlertTriangle} meaning={outcome.code === 'ok' ? 'good' : 'trouble'} title={title}>
      {outcome.message}
      {timings !== null && <span className={styles['muted']}> {durationText(timings.totalMs)}</span>}
    </Step>
  );
}

function NextStep({ delivery }: { readonly delivery: DeliveryDetail }) {
  if (delivery.status === 'exhausted')
    return (
      <Step icon={IconX} meaning="bad" title="Given up">
        {givenUpWords(delivery)}
      </Step>
    );
  if (delivery.nextAttemptAtMs === null || delivery.isInFlight || delivery.status === 'delivered') return null;
  return (
    <Step icon={IconClock} meaning="waiting" title={`Attempt ${delivery.attemptCount + 1}`}>
      <TimeText atMs={delivery.nextAttemptAtMs} as="countdown" />
    </Step>
  );
}

/** Why nothing is tried again, as far as the delivery says it. */
function givenUpWords({ attemptCount, maxAttempts, endReason, lastOutcome }: DeliveryDetail): string {
  const after = `after ${countText(attemptCount, 'attempt', 'attempts')}`;
  if (endReason !== null) return `${after}. ${endReason}`;
  if (attemptCount >= maxAttempts) return `${after}, as many as the endpoint allows`;
  return attemptCount === 0 && lastOutcome !== null ? `before the first attempt. ${lastOutcome.message}` : after;
}

interface StepProps {
  readonly icon: Icon;
  readonly meaning: Meaning;
  readonly title: string;
  readonly children: React.ReactNode;
}

/** One line of the result. */
function Step({ icon: IconShape, meaning, title, children }: StepProps) {
  return (
    <li className={styles['step']} data-meaning={meaning}>
      <IconShape size={15} stroke={2.2} aria-hidden />
      <strong>{title}</strong>
      <span>{children}</span>
    </li>
  );
}

/** Says each new state of the result once to screen readers. */
function useAnnouncement(sending: Sending) {
  const { announce } = useSession();
  const sentence = sentenceOf(sending);
  useEffect(() => {
    if (sentence !== null) announce(sentence);
  }, [announce, sentence]);
}

function sentenceOf(sending: Sending): string | null {
  switch (sending.kind) {
    case 'idle':
    case 'sending':
      return null;
    case 'refused':
      return sending.problem.message;
    case 'sent': {
      const last = sending.delivery?.attempts.findLast((attempt) => attempt.outcome !== null);
      const ended = sending.delivery?.status === 'exhausted' ? (sending.delivery.lastOutcome?.message ?? 'Given up.') : 'Sent.';
      const result = last === undefined ? ended : `Attempt ${last.number}: ${last.outcome?.message ?? ''}`;
      const verdict = sending.capture?.verification?.verdict;
      return verdict === undefined ? result : `${result} Captured, ${signatureWord(verdict)}.`;
    }
  }
}
