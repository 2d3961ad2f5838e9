import { Button, Checkbox, Group, Modal } from '@mantine/core';
import { IconEye } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { SecretToShow } from '../stores/secret-store.ts';
import { useSession } from '../stores/session.tsx';
import { CopyButton } from './copy-button.tsx';
import styles from './secret-dialog.module.css';

/**
 * Shows secrets once, one after another, whatever area is open. Neither Escape, a click outside nor going elsewhere closes it: only
 * confirming that it was saved does.
 */
export function SecretDialog() {
  const { secrets } = useSession();
  const shown = useStore(secrets, ([oldest]) => oldest ?? null);
  return (
    <Modal
      opened={shown !== null}
      onClose={() => undefined}
      title={shown?.title ?? ''}
      size={560}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
    >
      {shown !== null && <SecretBody key={shown.handed.secret} shown={shown} onDone={secrets.done} />}
    </Modal>
  );
}

interface SecretBodyProps {
  readonly shown: SecretToShow;
  readonly onDone: () => void;
}

const usualLead = 'This is the only time it is shown. Hookyard keeps it encrypted and never gives it out again.';

function SecretBody({ shown: { handed, whereToPutIt, what = 'secret', lead = usualLead }, onDone }: SecretBodyProps) {
  const [isStored, setStored] = useState(false);
  const where = <div className={styles['where']}>{whereToPutIt}</div>;
  return (
    <>
      {handed.publicKey === null ? (
        <>
          <p className={styles['lead']}>{lead}</p>
          <div className={styles['secret']}>
            <code data-testid="secret">{handed.secret}</code>
            <CopyButton label={`Copy ${what}`} text={handed.secret} withLabel />
          </div>
          {where}
        </>
      ) : (
        <>
          <p className={styles['lead']}>
            Receivers verify with the public key, which is no secret and stays in the detail of the endpoint.
          </p>
          <Key name="Public key" text={handed.publicKey} />
          {where}
          <PrivateKey secret={handed.secret} />
        </>
      )}
      <Group justify="space-between" mt={16}>
        <Checkbox
          size="xs"
          label="I have put it where it is needed"
          checked={isStored}
          onChange={(event) => setStored(event.currentTarget.checked)}
        />
        <Button disabled={!isStored} onClick={onDone}>
          Done
        </Button>
      </Group>
    </>
  );
}

/** A key, which may have many lines, with its button below. */
function Key({ name, text }: { readonly name: 'Public key' | 'Private key'; readonly text: string }) {
  return (
    <div className={styles['key']}>
      <section aria-label={name} tabIndex={0}>
        <code>{text}</code>
      </section>
      <CopyButton label={`Copy ${name.toLowerCase()}`} text={text} withLabel />
    </div>
  );
}

/** The private half, which nobody but another sender needs, behind a button. */
function PrivateKey({ secret }: { readonly secret: string }) {
  const [isShown, setShown] = useState(false);
  return (
    <div className={styles['private']}>
      <p>
        Hookyard signs with the private key and keeps it encrypted. No receiver needs it. This is the only time it can be shown, for another
        sender that is to sign with the same key.
      </p>
      {isShown ? (
        <Key name="Private key" text={secret} />
      ) : (
        <Button size="xs" variant="default" leftSection={<IconEye size={14} />} onClick={() => setShown(true)}>
          Show the private key
        </Button>
      )}
    </div>
  );
}
