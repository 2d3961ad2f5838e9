import { PasswordInput } from '@mantine/core';
import { useState } from 'react';
import type { Auth, AuthPart } from '#shared/contract/auths.ts';
import { useSession } from '../../stores/session.tsx';
import { RotateDialog } from '../../ui/rotate-dialog.tsx';
import type { HandedSecret } from '../../stores/secret-store.ts';

/** A secret after a rotation, to be shown once. */
export interface RotatedSecret extends HandedSecret {
  /** When the one before it ceases to sign; null where it was replaced at once. */
  readonly previousExpiresAtMs: number | null;
}

interface RotatePartProps {
  readonly auth: Auth;
  readonly part: AuthPart;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onRotated: (rotated: RotatedSecret) => void;
}

/** Asks how the secret of a part is replaced: a signature may overlap, all others are replaced at once. */
export function RotatePart({ auth, part, isOpen, onClose, onRotated }: RotatePartProps) {
  const { client, announce } = useSession();
  const [secret, setSecret] = useState('');
  const isSignature = part.kind === 'signature';
  const isFromOutside = part.kind === 'oauth2';
  return (
    <RotateDialog
      name={auth.name}
      isOpen={isOpen}
      onClose={onClose}
      lead={
        isSignature
          ? 'Until the overlap ends, the current secret also signs, in schemes whose requests can carry several signatures.'
          : 'The current secret is replaced at once: the next request carries the new one.'
      }
      canOverlap={isSignature}
      isReady={!isFromOutside || secret !== ''}
      onRotate={async (overlapMs) => {
        const given = secret === '' ? {} : { secret };
        const rotated = await client.auths.rotateSecret({ id: auth.id, part: part.id, overlapMs, ...given });
        const previousExpiresAtMs = overlapMs > 0 ? rotated.previousExpiresAtMs : null;
        // Whoever typed the secret has it.
        if (secret === '') onRotated({ secret: rotated.secret, publicKey: rotated.publicKey, previousExpiresAtMs });
        else announce(`The secret of ${auth.name} was replaced`);
        setSecret('');
        onClose();
      }}
    >
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
    </RotateDialog>
  );
}
