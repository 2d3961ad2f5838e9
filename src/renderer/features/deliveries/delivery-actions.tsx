import { Button, Menu } from '@mantine/core';
import {
  IconBan,
  IconChevronDown,
  IconClockPlay,
  IconPencil,
  IconPlayerTrackNext,
  IconRefresh,
  IconShieldCheck,
  IconTestPipe,
} from '@tabler/icons-react';
import { useState } from 'react';
import { curlCommand, sentUrl } from '#shared/curl-command.ts';
import type { Attempt, DeliveryDetail, DeliverySummary } from '#shared/contract/deliveries.ts';
import type { RedeliveryTimestamp } from '#shared/contract/redelivery.ts';
import { toProblem, type Problem } from '../../base/problem.ts';
import { formatRoute } from '../../base/router.ts';
import { useClient, useKeys, useSession } from '../../stores/session.tsx';
import { bytesOfBase64 } from '../../ui/body-format.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { useCopy } from '../../ui/use-copy.ts';
import { runNameOf, type RunSource } from '../runs/run-source.ts';
import { SaveRun } from '../runs/save-run.tsx';
import { CompareAttempt } from './compare-attempt.tsx';
import type { DeliveryStores } from './deliveries-store.ts';
import styles from './delivery-detail.module.css';

interface ActionsProps {
  readonly delivery: DeliveryDetail;
  readonly stores: DeliveryStores;
  readonly shown: Attempt | null;
}

/** What can be done with a delivery; `shown` is the attempt that is looked at. */
export function DeliveryActions({ delivery, stores, shown }: ActionsProps) {
  const client = useClient();
  const { announce, router } = useSession();
  const { copy } = useCopy();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [source, setSource] = useState<RunSource | null>(null);
  const saveAsTest = () => setSource({ deliveryIds: [delivery.id] });
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
    request === null
      ? null
      : () =>
          curlCommand({
            ...request,
            url: sentUrl(request.url),
            body: bytesOfBase64(request.bodyBase64 ?? ''),
            // The headers of a capture are sent on as they came, with no variable of ours in them.
            masked: delivery.sourceCaptureId === null ? 'everything' : 'fingerprints',
          });
  useKeys({
    r: () => redeliver('now'),
    s: saveAsTest,
    ...(isWaiting ? { n: jump } : {}),
    ...(curl === null ? {} : { c: () => copy(curl()) }),
  });
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
        <Button size="xs" variant="default" leftSection={<IconTestPipe size={14} />} onClick={saveAsTest} title="s">
          Save as test…
        </Button>
        {shown !== null && <CompareAttempt delivery={delivery} shown={shown} />}
        {curl !== null && <CopyButton label="Copy as curl" text={curl} withLabel />}
      </div>
      <SaveRun source={source} name={runNameOf(delivery.eventType)} onClose={() => setSource(null)} />
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
