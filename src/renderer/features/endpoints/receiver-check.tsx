import { Button, Checkbox, Group, Modal } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconInfoCircle, IconMinus, IconStethoscope, IconX, type Icon } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { correctReceiver, countsText } from '#shared/check-words.ts';
import type { CaseOutcome, CaseResult, CheckDetail, Defect } from '#shared/contract/checks.ts';
import type { Endpoint } from '#shared/contract/endpoints.ts';
import { durationText } from '#shared/duration-text.ts';
import { formatRoute } from '../../base/router.ts';
import { useChanges, useClient, useSession } from '../../stores/session.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import type { Meaning } from '../../ui/meaning.ts';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { MeaningBadge } from '../../ui/status-badge.tsx';
import { createReceiverCheckStore } from './receiver-check-store.ts';
import styles from './receiver-check.module.css';

/** The button of an endpoint that opens the check of its receiver. */
export function ReceiverCheckButton({ endpoint }: { readonly endpoint: Endpoint }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button size="xs" variant="default" leftSection={<IconStethoscope size={14} />} onClick={() => setOpen(true)}>
        Check receiver…
      </Button>
      <Modal
        opened={isOpen}
        onClose={() => setOpen(false)}
        title={`Check the receiver of ${endpoint.name}`}
        size={760}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <ReceiverCheck endpoint={endpoint} />
      </Modal>
    </>
  );
}

function ReceiverCheck({ endpoint }: { readonly endpoint: Endpoint }) {
  const client = useClient();
  const { announce } = useSession();
  const [store] = useState(() => createReceiverCheckStore(client));
  const { check, isStarting, problem } = useStore(store);
  const [isWhole, setWhole] = useState(false);
  useEffect(() => void store.openLast(endpoint.id), [store, endpoint.id]);
  useChanges(['checks'], (ids) => void store.refresh(ids));
  const isRunning = check?.status === 'running';
  const start = async () => {
    if (await store.start(endpoint.id, { isWhole })) announce('Check started');
  };
  return (
    <div className={styles['check']}>
      <p className={styles['note']}>
        Sends genuine, forged and unusual requests, all as tests, and says what the receiver does wrong. Its health does not suffer.
      </p>
      <ErrorNotice problem={problem} />
      <ProgressBar isActive={isRunning} progress={check === null ? undefined : { label: 'Cases', done: check.done, total: check.total }} />
      {check !== null && <Report check={check} />}
      <Group justify="flex-end" gap={12}>
        <Checkbox
          size="xs"
          label="Go on when the genuine request is refused"
          checked={isWhole}
          disabled={isRunning}
          onChange={(event) => setWhole(event.currentTarget.checked)}
        />
        {isRunning ? (
          <Button variant="default" onClick={() => void store.cancel()}>
            Cancel
          </Button>
        ) : (
          <Button loading={isStarting} onClick={() => void start()}>
            {check === null ? 'Start check' : 'Check again'}
          </Button>
        )}
      </Group>
    </div>
  );
}

function Report({ check }: { readonly check: CheckDetail }) {
  const { counts, defects, reason, cases, status } = check;
  return (
    <>
      <section aria-label="What is wrong">
        <p className={styles['standing']} aria-live="polite">
          {status === 'running' ? 'Checking…' : `${countsText(counts)}.`}
        </p>
        <p className={styles['note']}>
          {check.total} cases of {check.eventType}, checked <TimeText atMs={check.createdAtMs} /> by {check.creator}.
        </p>
        {reason !== null && <p className={styles['note']}>{reason}</p>}
        {status === 'completed' && defects.length === 0 && counts.failed === 0 && <p>Nothing wrong was found.</p>}
        {defects.map((defect) => (
          <DefectView key={defect.id} defect={defect} titleOf={(id) => cases.find((one) => one.id === id)?.title ?? id} />
        ))}
      </section>
      <section aria-label="Cases">
        <h3 className={styles['heading']}>Cases</h3>
        <ul className={styles['cases']} tabIndex={0} aria-label="Cases, with those that went wrong first">
          {(status === 'running' ? cases : wrongFirst(cases)).map((one) => (
            <li key={one.id}>
              <CaseView one={one} />
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}

/** Those that failed, those with advice, and all others, each in the order of sending. */
function wrongFirst(cases: readonly CaseOutcome[]): readonly CaseOutcome[] {
  const rank = ({ result }: CaseOutcome) => (result === 'failed' ? 0 : result === 'advice' ? 1 : 2);
  return cases.toSorted((a, b) => rank(a) - rank(b));
}

interface DefectViewProps {
  readonly defect: Defect;
  /** What a case is called, by its id. */
  readonly titleOf: (id: string) => string;
}

function DefectView({ defect: { level, title, message, fix, evidence }, titleOf }: DefectViewProps) {
  const isWrong = level === 'must';
  return (
    <article className={styles['defect']} data-meaning={isWrong ? 'bad' : 'trouble'}>
      <h4 className={styles['title']}>
        {isWrong ? <IconX size={14} stroke={2.2} aria-hidden /> : <IconAlertTriangle size={14} stroke={2.2} aria-hidden />}
        {title}
        {!isWrong && ' (advice)'}
      </h4>
      <p>{message}</p>
      <p>{fix}</p>
      <p className={styles['note']}>Seen in: {evidence.map((id) => `“${titleOf(id)}”`).join(', ')}</p>
    </article>
  );
}

const looks: Readonly<Record<CaseResult, { readonly meaning: Meaning; readonly icon: Icon }>> = {
  passed: { meaning: 'good', icon: IconCheck },
  failed: { meaning: 'bad', icon: IconX },
  advice: { meaning: 'trouble', icon: IconAlertTriangle },
  noted: { meaning: 'waiting', icon: IconInfoCircle },
  skipped: { meaning: 'waiting', icon: IconMinus },
};

function CaseView({ one }: { readonly one: CaseOutcome }) {
  const { title, result, message, expects, why, exchanges, durationMs } = one;
  const logged = exchanges.flatMap(({ deliveryId }) => (deliveryId === null ? [] : [deliveryId]));
  return (
    <details className={styles['case']}>
      <summary>
        <span className={styles['result']}>
          <MeaningBadge {...looks[result]} word={result} plain />
        </span>
        <span className={styles['name']}>{title}</span>
        <span className={styles['note']}>{durationText(durationMs)}</span>
      </summary>
      <p>{message}</p>
      <p className={styles['note']}>
        {correctReceiver(expects)} {why}
      </p>
      {logged.length > 0 && (
        <p className={styles['note']}>
          {logged.slice(0, 5).map((id, index) => (
            <a key={id} href={formatRoute({ area: 'deliveries', id })}>
              {logged.length === 1 ? 'Open the delivery' : `Delivery ${index + 1}`}{' '}
            </a>
          ))}
        </p>
      )}
    </details>
  );
}
