import { Alert, Button } from '@mantine/core';
import { useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { goingText } from '#shared/going-text.ts';
import { useChanges, useSession } from '../../stores/session.tsx';
import { bytesText, countText } from '../../base/size-format.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { createRetentionStore } from './retention-store.ts';
import { cleanUpText, deletedConsequence, deletedText, wouldGoText } from './retention-text.ts';
import styles from './settings.module.css';

/** What the data file holds, what would be removed, and a clean-up to start, follow and cancel. */
export function StoredNow() {
  const { client } = useSession();
  const store = useMemo(() => createRetentionStore(client), [client]);
  const { stored, cleanUp, problem } = useStore(store);
  useEffect(() => void store.load(), [store]);
  useChanges(['settings', 'health'], () => void store.load());
  useChanges(['retention'], () => void store.follow());
  /** Which clean-up is asked about; it stays while the dialog fades. */
  const [asking, setAsking] = useState({ isOpen: false, withDeleted: false });
  const going = stored === null ? null : goingText(stored.wouldGo);
  const deleted = stored === null ? null : deletedText(stored);
  const isRunning = cleanUp?.status === 'running';
  return (
    <div className={styles['stored']}>
      <ErrorNotice problem={problem} onRetry={() => void store.load()} />
      {stored !== null && (
        <>
          <dl>
            <dt>Messages</dt>
            <dd>
              {countText(stored.messages.rows, 'message', 'messages')}, {countText(stored.deliveries.rows, 'delivery', 'deliveries')},{' '}
              {countText(stored.attempts.rows, 'attempt', 'attempts')}
              {stored.messages.oldestAtMs !== null && (
                <>
                  ; the oldest <TimeText atMs={stored.messages.oldestAtMs} />
                </>
              )}
            </dd>
            <dt>Captures</dt>
            <dd>
              {countText(stored.captures.rows, 'capture', 'captures')}, {bytesText(stored.captureBytes)}
              {stored.captures.oldestAtMs !== null && (
                <>
                  ; the oldest <TimeText atMs={stored.captures.oldestAtMs} />
                </>
              )}
            </dd>
            <dt>Data file</dt>
            <dd>
              {bytesText(stored.fileBytes)}, {bytesText(stored.freeBytes)} of it free
            </dd>
          </dl>
          {deleted !== null && (
            <p>
              {deleted}{' '}
              <Button
                size="compact-xs"
                variant="default"
                disabled={isRunning}
                onClick={() => setAsking({ isOpen: true, withDeleted: true })}
              >
                Remove now
              </Button>
            </p>
          )}
          <p>{wouldGoText(stored)}</p>
          {stored.clockNotice !== null && (
            <Alert color="yellow" title="Nothing is removed while the clock may be wrong">
              <p>{stored.clockNotice}</p>
              <Button size="xs" variant="default" onClick={() => void store.trustClock()}>
                The clock is right
              </Button>
            </Alert>
          )}
        </>
      )}
      {cleanUp !== null && <output>{cleanUpText(cleanUp)}</output>}
      {isRunning ? (
        <Button size="xs" variant="default" onClick={() => void store.cancel()}>
          Cancel clean-up
        </Button>
      ) : (
        <Button
          size="xs"
          variant="default"
          disabled={stored === null}
          onClick={() => (going === null ? void store.start() : setAsking({ isOpen: true, withDeleted: false }))}
        >
          Clean up now
        </Button>
      )}
      <ConfirmDialog
        isOpen={asking.isOpen}
        onClose={() => setAsking({ ...asking, isOpen: false })}
        title={asking.withDeleted ? 'Remove what was deleted?' : 'Clean up now?'}
        consequence={
          asking.withDeleted && stored !== null
            ? deletedConsequence(stored)
            : `${going ?? 'Nothing'} beyond the limits will be removed for good.`
        }
        actionLabel="Remove"
        onConfirm={() => store.start(asking.withDeleted)}
      />
    </div>
  );
}
