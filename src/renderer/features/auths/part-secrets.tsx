import { Button } from '@mantine/core';
import { IconRotateClockwise2 } from '@tabler/icons-react';
import { useState } from 'react';
import type { Auth, AuthPart } from '#shared/contract/auths.ts';
import { exactText } from '../../base/time-format.ts';
import { useSettings } from '../../stores/session.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { RotatePart, type RotatedSecret } from './rotate-part.tsx';
import styles from './auths.module.css';

interface PartSecretsProps {
  readonly auth: Auth;
  readonly part: AuthPart;
  readonly onRotated: (rotated: RotatedSecret) => void;
}

/** Fingerprints of the secrets of a saved part, until when replaced ones sign, and rotation. */
export function PartSecrets({ auth, part, onRotated }: PartSecretsProps) {
  const isUtc = useSettings()?.isUtc ?? false;
  const [isOpen, setOpen] = useState(false);
  if (part.secrets.length === 0) return null;
  return (
    <>
      <ul className={`${styles['secrets']} ${styles['wide']}`}>
        {part.secrets.map(({ fingerprint, expiresAtMs, publicKey }) => (
          <li key={fingerprint} className={styles['note']}>
            <code title="First 8 hex digits of the SHA-256 of the secret">{fingerprint}</code>
            {expiresAtMs === null ? ' is in use' : ` also signs until ${exactText(expiresAtMs, isUtc)}`}
            {publicKey !== null && (
              <span className={styles['key']}>
                Public key for receivers <code>{publicKey}</code> <CopyButton label="Copy public key" text={publicKey} />
              </span>
            )}
          </li>
        ))}
      </ul>
      <div className={styles['wide']}>
        <Button size="xs" variant="default" leftSection={<IconRotateClockwise2 size={14} />} onClick={() => setOpen(true)}>
          Rotate secret
        </Button>
      </div>
      <RotatePart
        key={String(isOpen)}
        auth={auth}
        part={part}
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        onRotated={(rotated) => {
          setOpen(false);
          onRotated(rotated);
        }}
      />
    </>
  );
}
