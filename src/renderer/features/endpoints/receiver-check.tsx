import { Button, Checkbox, Group, Modal } from '@mantine/core';
import { IconStethoscope } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { Endpoint } from '#shared/contract/endpoints.ts';
import { formatRoute } from '../../base/router.ts';
import { useChanges, useClient, useSession } from '../../stores/session.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { CheckReport } from './check-report.tsx';
import { checksPage } from './checks-route.ts';
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
  const { check, before, isStarting, problem } = useStore(store);
  const [isWhole, setWhole] = useState(false);
  useEffect(() => void store.openLast(endpoint.id), [store, endpoint.id]);
  useChanges(['checks'], (ids) => void store.refresh(ids));
  const isRunning = check?.status === 'running';
  const start = async () => {
    if ((await store.start(endpoint.id, { isWhole })) !== null) announce('Check started');
  };
  return (
    <div className={styles['dialog']}>
      <p className={styles['note']}>
        Sends genuine, forged and unusual requests as tests, whose failures do not count against the endpoint, and says what is wrong.
      </p>
      <ErrorNotice problem={problem} />
      <ProgressBar
        isActive={isRunning}
        progress={check === null ? undefined : { label: 'Cases', done: check.done, total: check.total }}
        isCounted={false}
      />
      <div className={styles['scrolled']} role="group" aria-label="Report" tabIndex={0}>
        {check === null ? (
          <p className={styles['note']}>What is wrong and each case appear here as they come out.</p>
        ) : (
          <CheckReport check={check} before={before} />
        )}
      </div>
      <Group justify="flex-end" gap={12}>
        <span className={styles['links']}>
          {check !== null && <a href={formatRoute({ area: 'endpoints', id: check.id })}>Open as a page</a>}
          <a href={formatRoute({ area: 'endpoints', id: checksPage })}>All checks</a>
        </span>
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
