import { Button } from '@mantine/core';
import { IconRefresh, IconTrash } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { CheckDetail } from '#shared/contract/checks.ts';
import { formatRoute } from '../../base/router.ts';
import { useChanges, useClient, useKeys, useSession } from '../../stores/session.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { DetailReport } from '../../ui/detail-report.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { IdText } from '../../ui/id-text.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { CheckReport } from './check-report.tsx';
import { createReceiverCheckStore, type ReceiverCheckStore } from './receiver-check-store.ts';
import checkStyles from './receiver-check.module.css';

interface CheckDetailViewProps {
  readonly id: string;
  /** Another check of the same receiver has begun. */
  readonly onStarted: (id: string) => void;
  readonly onClose: () => void;
  readonly onRemoved: () => void;
}

/** One check as a report, which is compared with the one before it and can be run again. */
export function CheckDetailView({ id, onStarted, onClose, onRemoved }: CheckDetailViewProps) {
  const client = useClient();
  const [store] = useState(() => createReceiverCheckStore(client));
  const { check, before, problem } = useStore(store);
  useEffect(() => void store.open(id), [store, id]);
  useChanges(['checks'], (ids) => void store.refresh(ids));
  return (
    <DetailReport
      title={check?.name ?? null}
      actions={check !== null && <Actions check={check} store={store} onStarted={onStarted} onRemoved={onRemoved} />}
      facts={check === null ? null : factsOf(check)}
      progress={
        <ProgressBar
          isActive={check === null ? problem === null : check.status === 'running'}
          progress={check === null ? undefined : { label: 'Cases', done: check.done, total: check.total }}
          isCounted={false}
        />
      }
      onClose={onClose}
    >
      <ErrorNotice problem={problem} onRetry={check === null && problem?.code !== 'NOT_FOUND' ? () => void store.open(id) : undefined} />
      {check !== null && (
        <div className={checkStyles['check']}>
          <CheckReport check={check} before={before} />
        </div>
      )}
    </DetailReport>
  );
}

interface ActionsProps extends Pick<CheckDetailViewProps, 'onStarted' | 'onRemoved'> {
  readonly check: CheckDetail;
  readonly store: ReceiverCheckStore;
}

function Actions({ check, store, onStarted, onRemoved }: ActionsProps) {
  const client = useClient();
  const { announce } = useSession();
  const { isStarting } = useStore(store);
  const [isAsking, setAsking] = useState(false);
  const { endpointId, eventType, status } = check;
  const again = async () => {
    // The key works where the button is not there, too.
    if (endpointId === null || status === 'running' || isStarting) return;
    const started = await store.start(endpointId, { isWhole: false, eventType });
    if (started === null) return;
    announce('Check started');
    onStarted(started);
  };
  useKeys({ r: () => void again() });
  return (
    <>
      <IdText id={check.id} label="check id" />
      {status === 'running' ? (
        <Button size="xs" variant="default" onClick={() => void store.cancel()}>
          Cancel
        </Button>
      ) : (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconRefresh size={14} />}
          loading={isStarting}
          disabled={endpointId === null}
          onClick={() => void again()}
        >
          Run again
        </Button>
      )}
      <Button size="xs" variant="subtle" color="red" aria-label="Delete check" onClick={() => setAsking(true)}>
        <IconTrash size={14} aria-hidden />
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title="Delete this check?"
        consequence="Its report is deleted. What it sent stays in the log."
        actionLabel="Delete check"
        onConfirm={async () => {
          await client.checks.remove({ id: check.id });
          announce('Check deleted');
          onRemoved();
        }}
      />
    </>
  );
}

/** Where a check was made. */
function factsOf({ endpointId, url }: CheckDetail) {
  if (endpointId !== null) return <a href={formatRoute({ area: 'endpoints', id: endpointId })}>{url}</a>;
  return (
    <>
      {url}. This check was given a URL in place of an endpoint, and secrets given that way are not kept: run it again with{' '}
      <code>hookyard check</code>.
    </>
  );
}
