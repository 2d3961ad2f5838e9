import { Button, Checkbox, Group, Modal } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { CopyButton } from './copy-button.tsx';
import styles from './secret-dialog.module.css';

interface SecretDialogProps {
  /** The secret, or null while the dialog is closed. */
  readonly secret: string | null;
  readonly title: string;
  /** Where to put it: a sentence, perhaps with a line of code. */
  readonly whereToPutIt: ReactNode;
  readonly onClose: () => void;
}

/** Shows a secret once. Neither Escape nor a click outside closes it: only saying that it was put away does. */
export function SecretDialog({ secret, title, whereToPutIt, onClose }: SecretDialogProps) {
  return (
    <Modal
      opened={secret !== null}
      onClose={() => undefined}
      title={title}
      size={560}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
    >
      {secret !== null && <SecretBody key={secret} secret={secret} whereToPutIt={whereToPutIt} onClose={onClose} />}
    </Modal>
  );
}

function SecretBody({
  secret,
  whereToPutIt,
  onClose,
}: {
  readonly secret: string;
  readonly whereToPutIt: ReactNode;
  readonly onClose: () => void;
}) {
  const [isStored, setStored] = useState(false);
  return (
    <>
      <p className={styles['lead']}>This is the only time it is shown. Hookyard keeps it encrypted and never gives it out again.</p>
      <div className={styles['secret']}>
        <code data-testid="secret">{secret}</code>
        <CopyButton label="Copy secret" text={secret} withLabel />
      </div>
      <div className={styles['where']}>{whereToPutIt}</div>
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
