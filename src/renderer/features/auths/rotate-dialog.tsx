import { Button, Group, Modal, PasswordInput, Select } from '@mantine/core';
import { useState } from 'react';
import type { Auth, AuthPart } from '#shared/contract/auths.ts';
import { toProblem, type Problem } from '../../base/problem.ts';
import { exactText } from '../../base/time-format.ts';
import { useClient, useNow, useSettings } from '../../stores/session.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import type { HandedSecret } from '../../ui/secret-dialog.tsx';
import styles from './auths.module.css';

/** A secret after a rotation, to be shown once. */
export interface RotatedSecret extends HandedSecret {
  /** When the one before it ceases to sign; null where it was replaced at once. */
  readonly previousExpiresAtMs: number | null;
}

interface RotateDialogProps {
  readonly auth: Auth;
  readonly part: AuthPart;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onRotated: (rotated: RotatedSecret) => void;
}

const overlaps = [
  { value: '0', label: 'Not at all' },
  { value: '3600000', label: 'For 1 hour' },
  { value: '86400000', label: 'For 24 hours' },
  { value: '604800000', label: 'For 7 days' },
] as const;

/** Asks how a secret is replaced: a signature may overlap, all others are replaced at once. */
export function RotateDialog({ auth, part, isOpen, onClose, onRotated }: RotateDialogProps) {
  const client = useClient();
  const isUtc = useSettings()?.isUtc ?? false;
  const nowMs = useNow();
  const [overlap, setOverlap] = useState('86400000');
  const [secret, setSecret] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const isSignature = part.kind === 'signature';
  const isFromOutside = part.kind === 'oauth2';
  const rotate = async () => {
    try {
      const rotated = await client.auths.rotateSecret({
        id: auth.id,
        part: part.id,
        overlapMs: isSignature ? Number(overlap) : 0,
        ...(secret === '' ? {} : { secret }),
      });
      const previousExpiresAtMs = isSignature && overlap !== '0' ? rotated.previousExpiresAtMs : null;
      onRotated({ secret: rotated.secret, publicKey: rotated.publicKey, previousExpiresAtMs });
    } catch (error) {
      setProblem(toProblem(error));
    }
  };
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={`Rotate the secret of ${auth.name}`}
      size={480}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <p className={styles['note']}>
        {isSignature
          ? 'Until the overlap ends, the current secret also signs, in schemes whose requests can carry several signatures.'
          : 'The current secret is replaced at once: the next request carries the new one.'}
      </p>
      {isSignature && (
        <Select
          mt={12}
          label="The current secret keeps signing"
          allowDeselect={false}
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
      )}
      <PasswordInput
        mt={12}
        label="New secret"
        description={isFromOutside ? 'It comes from the owner of the token server.' : 'Leave it empty and Hookyard creates one.'}
        visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the secret' }}
        autoComplete="off"
        classNames={{ innerInput: 'mono' }}
        value={secret}
        onChange={(event) => setSecret(event.currentTarget.value)}
      />
      <div style={{ marginTop: 12 }}>
        <ErrorNotice problem={problem} />
      </div>
      <Group justify="flex-end" gap={8} mt={16}>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button disabled={isFromOutside && secret === ''} onClick={() => void rotate()}>
          Rotate secret
        </Button>
      </Group>
    </Modal>
  );
}
