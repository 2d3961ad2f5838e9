import { Button } from '@mantine/core';
import { IconRotateClockwise2 } from '@tabler/icons-react';
import { useState } from 'react';
import type { Endpoint } from '#shared/contract/endpoints.ts';
import { useClient } from '../../stores/session.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { RotateDialog } from '../../ui/rotate-dialog.tsx';
import type { ShownSecret } from './shown-once.tsx';
import styles from './endpoint-view.module.css';

interface SecretAreaProps {
  readonly endpoint: Endpoint;
  /** Called once a new secret was created. */
  readonly onRotated: (shown: ShownSecret) => void;
}

/** Fingerprints of an endpoint's secrets, and rotation. */
export function SecretArea({ endpoint, onRotated }: SecretAreaProps) {
  const [isOpen, setOpen] = useState(false);
  const client = useClient();
  if (endpoint.signing === null) return null;
  const rotate = async (overlapMs: number) => {
    const { secret, publicKey, previousExpiresAtMs, signing } = await client.endpoints.rotateSecret({ id: endpoint.id, overlapMs });
    setOpen(false);
    onRotated({ secret, publicKey, previousExpiresAtMs, scheme: signing?.scheme ?? null });
  };
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
        name={endpoint.name}
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        lead="A new secret is created and shown once. Until the overlap ends, each request carries a signature for both, so receivers can change over without a gap."
        canOverlap
        onRotate={rotate}
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
