import { Select, TextInput } from '@mantine/core';
import { RemoveRow, RowFields } from '../../ui/row-fields.tsx';
import styles from './endpoint-form.module.css';
import type { StopAnswerRow } from './stop-answers-draft.ts';

interface StopAnswerRowsProps {
  readonly rows: readonly StopAnswerRow[];
  readonly error: string | undefined;
  readonly onChange: (rows: readonly StopAnswerRow[]) => void;
}

const actions = [
  { value: 'end', label: 'ends the delivery' },
  { value: 'disable', label: 'disables the endpoint' },
] as const;

/** Answers after which nothing more is sent: by status, by a header, or by both. */
export function StopAnswerRows({ rows, error, onChange }: StopAnswerRowsProps) {
  const set = (index: number, change: Partial<StopAnswerRow>) =>
    onChange(rows.map((row, at) => (at === index ? { ...row, ...change } : row)));
  const text = (index: number, field: 'statuses' | 'header' | 'value', label: string, placeholder: string) => (
    <TextInput
      aria-label={`${label} of stopping answer ${index + 1}`}
      placeholder={placeholder}
      classNames={{ input: 'mono' }}
      spellCheck={false}
      value={rows[index]?.[field] ?? ''}
      onChange={(event) => set(index, { [field]: event.currentTarget.value })}
    />
  );
  return (
    <RowFields
      label="Answers that stop"
      error={error}
      addLabel="Add an answer that stops"
      onAdd={() => onChange([...rows, { statuses: '', header: '', value: '', action: 'end' }])}
    >
      {rows.map((row, index) => (
        <div key={index} className={styles['stop']}>
          {text(index, 'statuses', 'Status', '406')}
          {text(index, 'header', 'Header', 'or X-No-Retry')}
          {text(index, 'value', 'Value', 'any value')}
          <Select
            aria-label={`Effect of stopping answer ${index + 1}`}
            allowDeselect={false}
            data={[...actions]}
            value={row.action}
            onChange={(action) => set(index, { action: action === 'disable' ? 'disable' : 'end' })}
          />
          <RemoveRow label={`Remove stopping answer ${index + 1}`} onClick={() => onChange(rows.filter((_, at) => at !== index))} />
        </div>
      ))}
    </RowFields>
  );
}
