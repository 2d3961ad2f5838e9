import { Button, Group, Modal, SegmentedControl, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Bin, Capture } from '#shared/contract/captures.ts';
import { formatRoute } from '../../base/router.ts';
import { toProblem, type Problem } from '../../base/problem.ts';
import { useCatalogue, useClient, useSchemes } from '../../stores/session.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import styles from './replay.module.css';

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

const anyUrl = 'url';
const urlKey = 'hookyard.captures.replayUrl';

function ReplayForm({ capture, bin, onClose, onSent }: Omit<ReplayCaptureProps, 'isOpen'>) {
  const client = useClient();
  const { endpoints } = useCatalogue();
  const [target, setTarget] = useState(anyUrl);
  const [url, setUrl] = useState(() => localStorage.getItem(urlKey) ?? '');
  const [as, setAs] = useState<'received' | 'resigned'>('received');
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isSending, setSending] = useState(false);
  const endpoint = endpoints.find(({ id }) => id === target);
  const signing = endpoint === undefined ? bin.signing : endpoint.signing;
  const canSign = signing !== null && (endpoint !== undefined || bin.secretFingerprints.length > 0);
  const send = async () => {
    setSending(true);
    try {
      const to = endpoint === undefined ? { url } : { endpointId: endpoint.id };
      if (endpoint === undefined) localStorage.setItem(urlKey, url);
      await client.captures.replay({ id: capture.id, ...to, as: canSign ? as : 'received' });
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
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <Select
        label="To"
        data={[
          { value: anyUrl, label: 'A URL' },
          ...endpoints.map(({ id, name, isActive }) => ({ value: id, label: isActive ? name : `${name} (disabled)`, disabled: !isActive })),
        ]}
        value={target}
        onChange={(value) => setTarget(value ?? anyUrl)}
        allowDeselect={false}
        searchable
      />
      {endpoint === undefined ? (
        <TextInput
          label="URL"
          placeholder="http://127.0.0.1:3000/webhooks"
          classNames={{ input: 'mono' }}
          data-autofocus
          value={url}
          error={urlIssue}
          onChange={(event) => {
            setProblem(null);
            setUrl(event.currentTarget.value.trim());
          }}
        />
      ) : (
        <p className={styles['note']}>{endpoint.url}. Its retries and limits apply; its own headers and template do not.</p>
      )}
      <div>
        <SegmentedControl
          aria-label="Signature"
          fullWidth
          data={[
            { value: 'received', label: 'As received' },
            { value: 'resigned', label: 'With a new signature', disabled: !canSign },
          ]}
          value={canSign ? as : 'received'}
          onChange={(value) => setAs(value as typeof as)}
        />
        <SignatureNote
          as={canSign ? as : 'received'}
          scheme={signing?.scheme ?? null}
          canSign={canSign}
          isOfEndpoint={endpoint !== undefined}
        />
      </div>
      {problem !== null && urlIssue === undefined && <ErrorNotice problem={problem} rest={problem.issues} />}
      <Group justify="space-between">
        <Button variant="default" component="a" href={formatRoute({ area: 'compose', query: { capture: capture.id } })}>
          Edit first
        </Button>
        <Group gap={8}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={isSending} disabled={endpoint === undefined && url === ''}>
            Send
          </Button>
        </Group>
      </Group>
    </form>
  );
}

interface SignatureNoteProps {
  readonly as: 'received' | 'resigned';
  readonly scheme: string | null;
  readonly canSign: boolean;
  readonly isOfEndpoint: boolean;
}

function SignatureNote({ as, scheme, canSign, isOfEndpoint }: SignatureNoteProps) {
  const schemes = useSchemes();
  const title = schemes.find(({ id }) => id === scheme)?.title ?? scheme;
  const owner = isOfEndpoint ? 'the endpoint' : 'this bin';
  const why =
    scheme === null
      ? `${isOfEndpoint ? 'The endpoint' : 'This bin'} has no scheme to sign with.`
      : `This bin has no secret for ${title ?? ''}.`;
  return (
    <p className={styles['note']}>
      {as === 'resigned'
        ? `Signed by ${title ?? ''} with the secret of ${owner} and a new timestamp. All other headers and the body stay.`
        : `Every header, the old signature and every byte of the body are sent as they came.${canSign ? '' : ` ${why}`}`}
    </p>
  );
}
