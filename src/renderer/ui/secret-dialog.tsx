import { Button, Checkbox, Group, Modal } from '@mantine/core';
import { IconEye } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { CopyButton } from './copy-button.tsx';
import styles from './secret-dialog.module.css';

/** A secret that is shown once. */
export interface HandedSecret {
  readonly secret: string;
  /** The public half, where the secret is a private key; null where sender and receiver share it. */
  readonly publicKey: string | null;
}

interface SecretDialogProps {
  /** What is shown, or null while the dialog is closed. */
  readonly handed: HandedSecret | null;
  readonly title: string;
  /** Where to put it (the public key, where there is one): a sentence, perhaps with a line of code. */
  readonly whereToPutIt: ReactNode;
  readonly onClose: () => void;
  /** What it is, for the button that copies it. */
  readonly what?: string;
  /** Says that it is shown once, where it is not kept encrypted. */
  readonly lead?: string;
}

/** Shows a secret once. Neither Escape nor a click outside closes it: only confirming that it was saved does. */
export function SecretDialog({ handed, title, whereToPutIt, onClose, what, lead }: SecretDialogProps) {
  return (
    <Modal
      opened={handed !== null}
      onClose={() => undefined}
      title={title}
      size={560}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
    >
      {handed !== null && (
        <SecretBody key={handed.secret} handed={handed} whereToPutIt={whereToPutIt} onClose={onClose} what={what} lead={lead} />
      )}
    </Modal>
  );
}

interface SecretBodyProps extends Pick<SecretDialogProps, 'whereToPutIt' | 'onClose'> {
  readonly handed: HandedSecret;
  readonly what: string | undefined;
  readonly lead: string | undefined;
}

const usualLead = 'This is the only time it is shown. Hookyard keeps it encrypted and never gives it out again.';

function SecretBody({ handed, whereToPutIt, onClose, what = 'secret', lead = usualLead }: SecretBodyProps) {
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
        <Button disabled={!isStored} onClick={onClose}>
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
