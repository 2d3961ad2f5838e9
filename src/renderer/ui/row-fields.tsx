import { ActionIcon, Button } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import styles from './row-fields.module.css';

interface RowFieldsProps {
  /** Stands above the rows, where it is given. */
  readonly label?: string | undefined;
  readonly note?: string | undefined;
  /** The rows. */
  readonly children: ReactNode;
  readonly error: string | undefined;
  readonly addLabel: string;
  readonly addIcon?: ReactNode;
  readonly canAdd?: boolean;
  readonly onAdd: () => void;
}

/** A field of a form that is a list of rows: what is wrong with it, and a button that adds one. */
export function RowFields({ label, note, children, error, addLabel, addIcon, canAdd = true, onAdd }: RowFieldsProps) {
  return (
    <div className={styles['rows']} {...(error === undefined ? {} : { 'data-field-error': '' })}>
      {label !== undefined && <span className={styles['label']}>{label}</span>}
      {note !== undefined && <span className={styles['note']}>{note}</span>}
      {children}
      {error !== undefined && (
        <p className={styles['problem']} role="alert">
          {error}
        </p>
      )}
      <Button
        className={styles['add'] ?? ''}
        size="xs"
        variant="default"
        leftSection={addIcon ?? <IconPlus size={14} />}
        disabled={!canAdd}
        onClick={onAdd}
      >
        {addLabel}
      </Button>
    </div>
  );
}

interface RemoveRowProps {
  readonly label: string;
  readonly isDisabled?: boolean;
  readonly onClick: () => void;
}

/** Takes a row away. */
export function RemoveRow({ label, isDisabled = false, onClick }: RemoveRowProps) {
  return (
    <ActionIcon variant="subtle" color="gray" size={32} aria-label={label} disabled={isDisabled} onClick={onClick}>
      <IconTrash size={16} />
    </ActionIcon>
  );
}
