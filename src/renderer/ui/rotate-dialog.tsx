import { Button, Group, Modal, Select } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { toProblem, type Problem } from '../base/problem.ts';
import { exactText } from '../base/time-format.ts';
import { useNow, useSettings } from '../stores/session.tsx';
import { ErrorNotice } from './error-notice.tsx';
import styles from './rotate-dialog.module.css';

const overlaps = [
  { value: '0', label: 'Not at all' },
  { value: '3600000', label: 'For 1 hour' },
  { value: '86400000', label: 'For 24 hours' },
  { value: '604800000', label: 'For 7 days' },
] as const;

interface RotateDialogProps {
  /** Whose secret it is. */
  readonly name: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** What happens to the current secret. */
  readonly lead: string;
  /** Whether the current secret may go on signing for a while; otherwise it is replaced at once. */
  readonly canOverlap: boolean;
  /** More fields. */
  readonly children?: ReactNode;
  /** Whether these are filled in. */
  readonly isReady?: boolean;
  /** Replaces the secret; the overlap is 0 for none. */
  readonly onRotate: (overlapMs: number) => Promise<void>;
}

/** Asks for how long the current secret keeps signing, and replaces it. */
export function RotateDialog({ name, isOpen, onClose, lead, canOverlap, children, isReady = true, onRotate }: RotateDialogProps) {
  const [overlap, setOverlap] = useState('86400000');
  const [problem, setProblem] = useState<Problem | null>(null);
  const rotate = async () => {
    try {
      await onRotate(canOverlap ? Number(overlap) : 0);
      setProblem(null);
    } catch (error) {
      setProblem(toProblem(error));
    }
  };
  return (
    <Modal opened={isOpen} onClose={onClose} title={`Rotate the secret of ${name}`} size={480} closeButtonProps={{ 'aria-label': 'Close' }}>
      <p className={styles['lead']}>{lead}</p>
      {canOverlap && <OverlapSelect value={overlap} onChange={setOverlap} />}
      {children}
      <div className={styles['problem']}>
        <ErrorNotice problem={problem} />
      </div>
      <Group justify="flex-end" gap={8} mt={16}>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button disabled={!isReady} onClick={() => void rotate()}>
          Rotate secret
        </Button>
      </Group>
    </Modal>
  );
}

function OverlapSelect({ value, onChange }: { readonly value: string; readonly onChange: (value: string) => void }) {
  const isUtc = useSettings()?.isUtc ?? false;
  const nowMs = useNow();
  return (
    <Select
      mt={12}
      label="The current secret keeps signing"
      allowDeselect={false}
      data={[...overlaps]}
      value={value}
      onChange={(chosen) => onChange(chosen ?? value)}
      description={
        value === '0'
          ? 'Receivers that still have the current secret will refuse the next request.'
          : `Until ${exactText(nowMs + Number(value), isUtc).slice(0, 16)}`
      }
      inputWrapperOrder={['label', 'input', 'description']}
    />
  );
}
