import { Button, Menu } from '@mantine/core';
import {
  IconBan,
  IconChevronDown,
  IconClockPlay,
  IconPencil,
  IconPlayerTrackNext,
  IconRefresh,
  IconShieldCheck,
} from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { durationText } from '#shared/duration-text.ts';
import { curlCommand, sentUrl } from '#shared/curl-command.ts';
import type { Attempt, DeliveryDetail, DeliverySummary } from '#shared/contract/deliveries.ts';
import type { RedeliveryTimestamp } from '#shared/contract/redelivery.ts';
import { toProblem, type Problem } from '../../base/problem.ts';
import { formatRoute } from '../../base/router.ts';
import { useClient, useKeys, useNow, useSession, useSettings } from '../../stores/session.tsx';
import { exactText } from '../../base/time-format.ts';
import { bytesOfBase64 } from '../../ui/body-format.ts';
import { CloseDetail } from '../../ui/close-detail.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { IdText } from '../../ui/id-text.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { TlsMarkOf } from '../../ui/tls-mark.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { useCopy } from '../../ui/use-copy.ts';
import { AttemptPanel } from './attempt-panel.tsx';
import type { DeliveryStores } from './deliveries-store.ts';
import { RetryTimeline, type TimelineAttempt } from '../../ui/retry-timeline.tsx';
import { holdSentence } from './hold-text.ts';
import { hostOf, outcomePhrase, sentenceOf } from './sentence.ts';
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
      <Actions delivery={delivery} stores={stores} shown={full ?? shown} />
      {delivery.attempts.length > 0 && (
        <>
          <Timeline delivery={delivery} selectedId={shown?.id ?? null} onSelect={setChosenId} />
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
        {delivery.isTest ? ', a test created ' : ', created '}
        <TimeText atMs={delivery.createdAtMs} />
      </p>
    </header>
  );
}

interface ActionsProps {
  readonly delivery: DeliveryDetail;
  readonly stores: DeliveryStores;
  readonly shown: Attempt | null;
}

function Actions({ delivery, stores, shown }: ActionsProps) {
  const client = useClient();
  const { announce, router } = useSession();
  const { copy } = useCopy();
  const [problem, setProblem] = useState<Problem | null>(null);
  const run = async (call: (id: string) => Promise<DeliverySummary>, done: string) => {
    try {
      await call(delivery.id);
      setProblem(null);
      announce(done);
      await stores.detail.refresh();
    } catch (error) {
      setProblem(toProblem(error));
    }
  };
  const isOpen = delivery.status === 'pending' || delivery.status === 'failed';
  const isWaiting = isOpen && !delivery.isInFlight && delivery.nextAttemptAtMs !== null;
  const redeliver = (timestamp: RedeliveryTimestamp) =>
    void run((id) => client.deliveries.redeliver({ id, timestamp }), 'Redelivery started');
  const jump = () => void run((id) => client.deliveries.attemptNow({ id }), 'Attempt started');
  const request = shown?.request ?? null;
  const curl =
    request === null ? null : () => curlCommand({ ...request, url: sentUrl(request.url), body: bytesOfBase64(request.bodyBase64 ?? '') });
  useKeys({ r: () => redeliver('now'), ...(isWaiting ? { n: jump } : {}), ...(curl === null ? {} : { c: () => copy(curl()) }) });
  return (
    <>
      <div className={styles['actions']}>
        <Button.Group>
          <Button
            size="xs"
            variant={isOpen ? 'default' : 'filled'}
            leftSection={<IconRefresh size={14} />}
            onClick={() => redeliver('now')}
            disabled={delivery.isInFlight}
          >
            Redeliver
          </Button>
          <RedeliverMenu isOpen={isOpen} isDisabled={delivery.isInFlight} onRedeliver={redeliver} />
        </Button.Group>
        {isWaiting && (
          <Button size="xs" variant="default" leftSection={<IconPlayerTrackNext size={14} />} onClick={jump}>
            Jump to next attempt
          </Button>
        )}
        {isOpen && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconBan size={14} />}
            onClick={() => void run((id) => client.deliveries.cancel({ id }), 'Delivery cancelled')}
          >
            Cancel
          </Button>
        )}
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPencil size={14} />}
          onClick={() => router.go({ area: 'compose', query: { delivery: delivery.id } })}
        >
          Edit and resend
        </Button>
        {shown !== null && request !== null && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconShieldCheck size={14} />}
            component="a"
            href={formatRoute({ area: 'verify', query: { attempt: shown.id } })}
            title={`Opens the request of attempt ${shown.number} in Verify`}
          >
            Check in Verify
          </Button>
        )}
        {curl !== null && <CopyButton label="Copy as curl" text={curl} withLabel />}
      </div>
      {problem !== null && (
        <div className={styles['problem']}>
          <ErrorNotice problem={problem} />
        </div>
      )}
    </>
  );
}

interface RedeliverMenuProps {
  readonly isOpen: boolean;
  readonly isDisabled: boolean;
  readonly onRedeliver: (timestamp: RedeliveryTimestamp) => void;
}

/** The other way to redeliver: the same request again, its timestamp and signature included. */
function RedeliverMenu({ isOpen, isDisabled, onRedeliver }: RedeliverMenuProps) {
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button size="xs" px={4} variant={isOpen ? 'default' : 'filled'} disabled={isDisabled} aria-label="More ways to redeliver">
          <IconChevronDown size={14} />
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconRefresh size={14} />} onClick={() => onRedeliver('now')}>
          Redeliver with a new timestamp
        </Menu.Item>
        <Menu.Item leftSection={<IconClockPlay size={14} />} onClick={() => onRedeliver('original')}>
          Redeliver with the original timestamp
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

interface AttemptsProps {
  readonly delivery: DeliveryDetail;
  readonly selectedId: string | null;
  readonly onSelect: (id: string) => void;
}

function Timeline({ delivery, selectedId, onSelect }: AttemptsProps) {
  const nowMs = useNow();
  const { nextAttemptAtMs } = delivery;
  const host = hostOf(delivery.url);
  const made = delivery.attempts.map((attempt): TimelineAttempt => ({
    key: attempt.id,
    label: String(attempt.number),
    title: `Attempt ${attempt.number}: ${attempt.outcome === null ? 'under way' : outcomePhrase(attempt.outcome, host)}`,
    kind:
      attempt.outcome === null
        ? 'running'
        : attempt.outcome.code === 'ok'
          ? 'good'
          : delivery.status === 'exhausted' && attempt === delivery.attempts.at(-1)
            ? 'bad'
            : 'trouble',
    atMs: attempt.startedAtMs,
    durationMs: (attempt.endedAtMs ?? nowMs) - attempt.startedAtMs,
  }));
  const next: readonly TimelineAttempt[] =
    nextAttemptAtMs === null || delivery.isInFlight
      ? []
      : [
          {
            key: 'next',
            label: String(delivery.attemptCount + 1),
            title: `Attempt ${delivery.attemptCount + 1} is due`,
            kind: 'next',
            atMs: Math.max(nowMs, nextAttemptAtMs),
            durationMs: 0,
          },
        ];
  if (made.length + next.length < 2) return null;
  return (
    <div className={styles['timeline']}>
      <RetryTimeline
        label="Attempts over time"
        attempts={[...made, ...next]}
        nowMs={next.length > 0 ? nowMs : null}
        selectedKey={selectedId}
        onSelect={onSelect}
      />
    </div>
  );
}

const triggerWords = { schedule: '', redelivery: 'redelivery', manual: 'by hand' } as const;

function AttemptList({ delivery, selectedId, onSelect }: AttemptsProps) {
  const isUtc = useSettings()?.isUtc ?? false;
  const host = hostOf(delivery.url);
  return (
    <ol className={styles['attempts']} aria-label="Attempts">
      {delivery.attempts.toReversed().map((attempt) => (
        <li key={attempt.id}>
          <button
            type="button"
            aria-pressed={attempt.id === selectedId}
            title={exactText(attempt.startedAtMs, isUtc)}
            onClick={() => onSelect(attempt.id)}
          >
            <span className={styles['number']}>{attempt.number}</span>
            <StatusBadge
              state={attempt.outcome === null ? 'sending' : attempt.outcome.code === 'ok' ? 'delivered' : 'failed'}
              plain
              word=""
            />
            <span className="truncate">{attempt.outcome === null ? 'Under way' : outcomePhrase(attempt.outcome, host)}</span>
            <span className={styles['trigger']}>{triggerWords[attempt.trigger]}</span>
            <span className={styles['duration']}>{attempt.timings === null ? '' : durationText(attempt.timings.totalMs)}</span>
            <span className={styles['age']}>
              <TimeText atMs={attempt.startedAtMs} />
            </span>
          </button>
        </li>
      ))}
    </ol>
  );
}
