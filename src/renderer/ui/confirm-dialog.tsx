import { Button, Group, Modal } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { toProblem, type Problem } from '../base/problem.ts';
import { ErrorNotice } from './error-notice.tsx';

interface ConfirmDialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** A question that names the thing: `Delete endpoint "Local receiver"?` */
  readonly title: string;
  /** What will happen, with figures: `12 pending deliveries will be cancelled.` */
  readonly consequence: ReactNode;
  /** The button that does it, with its verb: `Delete endpoint`. */
  readonly actionLabel: string;
  /** Called on confirmation. A rejection is shown in the dialog, which then stays open. */
  readonly onConfirm: () => Promise<void>;
}

/** Asks before something that cannot be undone, and says what it does. Focus starts on Cancel. */
export function ConfirmDialog({ isOpen, onClose, title, consequence, actionLabel, onConfirm }: ConfirmDialogProps) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isBusy, setBusy] = useState(false);
  const close = () => {
    setProblem(null);
    onClose();
  };
  const confirm = async () => {
    setBusy(true);
    try {
      await onConfirm();
      close();
    } catch (error) {
      setProblem(toProblem(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal opened={isOpen} onClose={close} title={title} size={440} withCloseButton={false}>
      <div style={{ marginBottom: 16, color: 'var(--hy-muted)' }}>{consequence}</div>
      <ErrorNotice problem={problem} />
      <Group justify="flex-end" gap={8} mt={16}>
        <Button variant="default" onClick={close} data-autofocus>
          Cancel
        </Button>
        <Button color="red.9" loading={isBusy} onClick={() => void confirm()}>
          {actionLabel}
        </Button>
      </Group>
    </Modal>
  );
}
