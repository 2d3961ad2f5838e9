import { Button } from '@mantine/core';
import { KeyHint } from './key-hint.tsx';
import styles from './unsaved-bar.module.css';

interface UnsavedBarProps {
  /** What is unsaved, in words; empty hides the bar. */
  readonly changes: string;
  readonly saveLabel: string;
  readonly isBusy: boolean;
  readonly onSave: () => void;
  readonly onDiscard: () => void;
}

/** Says what is unsaved, and saves or discards it. */
export function UnsavedBar({ changes, saveLabel, isBusy, onSave, onDiscard }: UnsavedBarProps) {
  if (changes === '') return null;
  return (
    <div className={styles['unsaved']} role="region" aria-label="Unsaved changes">
      <span className="truncate" title={changes}>
        <b>Unsaved:</b> {changes}
      </span>
      <Button size="xs" variant="default" onClick={onDiscard}>
        Discard
      </Button>
      <Button size="xs" loading={isBusy} onClick={onSave} rightSection={<KeyHint keys="mod+Enter" />}>
        {saveLabel}
      </Button>
    </div>
  );
}
