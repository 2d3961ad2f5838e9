import { Button, Group, Modal } from '@mantine/core';
import { useState } from 'react';
import type { Capture } from '#shared/contract/captures.ts';
import type { Bin } from '#shared/contract/bins.ts';
import { formatRoute } from '../../base/router.ts';
import { toProblem, type Problem } from '../../base/problem.ts';
import { useClient } from '../../stores/session.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import styles from './replay.module.css';
import { SignatureChoice, TargetFields, useReplayTarget } from './replay-target.tsx';

interface ReplayCaptureProps {
  readonly capture: Capture;
  readonly bin: Bin;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onSent: () => void;
}

/** Sends a captured request on: where to, and with which signature. */
export function ReplayCapture({ isOpen, onClose, ...props }: ReplayCaptureProps) {
  return (
    <Modal opened={isOpen} onClose={onClose} title="Replay this request" size={560} closeButtonProps={{ 'aria-label': 'Close' }}>
      <ReplayForm {...props} onClose={onClose} />
    </Modal>
  );
}

function ReplayForm({ capture, bin, onClose, onSent }: Omit<ReplayCaptureProps, 'isOpen'>) {
  const client = useClient();
  const choice = useReplayTarget(bin);
  const { endpoint, to, as } = choice;
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isSending, setSending] = useState(false);
  const send = async () => {
    if (to === null) return;
    setSending(true);
    try {
      choice.keepUrl();
      await client.captures.replay({ id: capture.id, ...to, as, withAuth: choice.withAuth });
      onSent();
      onClose();
    } catch (error) {
      setProblem(toProblem(error));
    } finally {
      setSending(false);
    }
  };
  const urlIssue = problem?.issues.find(({ path }) => path === 'url')?.message;
  return (
    <form
      className={styles['form']}
      onChange={() => setProblem(null)}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <TargetFields choice={choice} urlIssue={urlIssue} />
      {endpoint !== undefined && (
        <p className={styles['note']}>{endpoint.url}. Its retries and limits apply; its own headers and template do not.</p>
      )}
      <SignatureChoice choice={choice} />
      {problem !== null && urlIssue === undefined && <ErrorNotice problem={problem} rest={problem.issues} />}
      <Group justify="space-between">
        <Button
          variant="default"
          component="a"
          href={formatRoute({
            area: 'compose',
            query: {
              capture: capture.id,
              to: endpoint?.id ?? (choice.url || undefined),
              sign: as === 'resigned' && endpoint !== undefined ? 'yes' : undefined,
            },
          })}
        >
          Edit first
        </Button>
        <Group gap={8}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={isSending} disabled={to === null}>
            Send
          </Button>
        </Group>
      </Group>
    </form>
  );
}
