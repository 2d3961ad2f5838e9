import { Button, Group, Modal, Select } from '@mantine/core';
import { IconRotateClockwise2 } from '@tabler/icons-react';
import { useState } from 'react';
import type { Endpoint } from '#shared/contract/endpoints.ts';
import { toProblem, type Problem } from '../../base/problem.ts';
import { useClient, useNow, useSettings } from '../../stores/session.tsx';
import { exactText } from '../../base/time-format.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import type { ShownSecret } from './shown-once.tsx';
import styles from './endpoint-view.module.css';

interface SecretAreaProps {
  readonly endpoint: Endpoint;
  /** Called once a new secret was created. */
  readonly onRotated: (shown: ShownSecret) => void;
}

const overlaps = [
  { value: '0', label: 'Not at all' },
  { value: '3600000', label: 'For 1 hour' },
  { value: '86400000', label: 'For 24 hours' },
  { value: '604800000', label: 'For 7 days' },
] as const;

/** Fingerprints of an endpoint's secrets, and rotation. */
export function SecretArea({ endpoint, onRotated }: SecretAreaProps) {
  const [isOpen, setOpen] = useState(false);
  if (endpoint.signing === null) return null;
  return (
    <div className={styles['secret']}>
      <div>
        <span className={styles['label']}>{endpoint.secretFingerprints.length > 1 ? 'Secrets, newest first' : 'Secret'}</span>
        <code>{endpoint.secretFingerprints.join('  ') || 'none'}</code>
        <span className={styles['hint']}>First 8 hex digits of SHA-256 over the secret&rsquo;s text</span>
        <PublicKeys keys={endpoint.publicKeys} />
      </div>
      <Button size="xs" variant="default" leftSection={<IconRotateClockwise2 size={14} />} onClick={() => setOpen(true)}>
        Rotate secret
      </Button>
      <RotateDialog
        endpoint={endpoint}
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        onRotated={(shown) => {
          setOpen(false);
          onRotated(shown);
        }}
      />
    </div>
  );
}

/** Public halves of the secrets, which receivers verify with and which need not be kept secret. */
function PublicKeys({ keys }: { readonly keys: readonly string[] }) {
  return keys.map((key, index) => (
    <span key={key} className={styles['publicKey']}>
      <span className={styles['label']}>{index === 0 ? 'Public key for receivers' : 'Public key of the previous secret'}</span>
      <code>{key}</code>
      <CopyButton label="Copy public key" text={key} />
    </span>
  ));
}

interface RotateDialogProps extends SecretAreaProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

function RotateDialog({ endpoint, isOpen, onClose, onRotated }: RotateDialogProps) {
  const client = useClient();
  const isUtc = useSettings()?.isUtc ?? false;
  const nowMs = useNow();
  const [overlap, setOverlap] = useState<string>('86400000');
  const [problem, setProblem] = useState<Problem | null>(null);
  const rotate = async () => {
    try {
      const rotated = await client.endpoints.rotateSecret({ id: endpoint.id, overlapMs: Number(overlap) });
      const { secret, publicKey, previousExpiresAtMs, signing } = rotated;
      setProblem(null);
      onRotated({ secret, publicKey, previousExpiresAtMs, scheme: signing?.scheme ?? null });
    } catch (error) {
      setProblem(toProblem(error));
    }
  };
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={`Rotate the secret of ${endpoint.name}`}
      size={480}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <p className={styles['lead']}>
        A new secret is created and shown once. Until the overlap ends, each request carries a signature for both, so receivers can change
        over without a gap.
      </p>
      <Select
        mt={12}
        label="The current secret keeps signing"
        data={[...overlaps]}
        value={overlap}
        onChange={(value) => setOverlap(value ?? overlap)}
        description={
          overlap === '0'
            ? 'Receivers that still have the current secret will refuse the next request.'
            : `Until ${exactText(nowMs + Number(overlap), isUtc).slice(0, 16)}`
        }
        inputWrapperOrder={['label', 'input', 'description']}
      />
      <div style={{ marginTop: 12 }}>
        <ErrorNotice problem={problem} />
      </div>
      <Group justify="flex-end" gap={8} mt={16}>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button onClick={() => void rotate()}>Rotate secret</Button>
      </Group>
    </Modal>
  );
}
