import { ActionIcon, Button, TextInput } from '@mantine/core';
import { IconLock, IconPlus, IconTrash } from '@tabler/icons-react';
import type { HeaderRow, SecretHeaderRow } from './endpoint-draft.ts';
import styles from './endpoint-form.module.css';

interface HeaderRowsProps extends RowsProps<HeaderRow> {
  /** What a row is called: `Header` by default. */
  readonly noun?: string;
  /** Stands above the rows, where there are any. */
  readonly title?: string;
  readonly placeholder?: readonly [name: string, value: string];
}

interface RowsProps<Row> {
  readonly rows: readonly Row[];
  readonly onChange: (rows: readonly Row[]) => void;
  readonly error: string | undefined;
}

/** Headers that everyone may read: a name and a value each. */
export function HeaderRows({ rows, onChange, error, noun = 'Header', title, placeholder = ['X-Tenant', 'acme'] }: HeaderRowsProps) {
  const set = (index: number, change: Partial<HeaderRow>) => onChange(rows.map((row, at) => (at === index ? { ...row, ...change } : row)));
  return (
    <div className={styles['rows']} {...(error === undefined ? {} : { 'data-field-error': '' })}>
      {title !== undefined && rows.length > 0 && <span className={styles['rowsLabel']}>{title}</span>}
      {rows.map((row, index) => (
        <div key={index} className={styles['header']}>
          <TextInput
            aria-label={`${noun} ${index + 1} name`}
            placeholder={placeholder[0]}
            classNames={{ input: 'mono' }}
            value={row.name}
            onChange={(event) => set(index, { name: event.currentTarget.value })}
          />
          <TextInput
            aria-label={`${noun} ${index + 1} value`}
            placeholder={placeholder[1]}
            classNames={{ input: 'mono' }}
            value={row.value}
            onChange={(event) => set(index, { value: event.currentTarget.value })}
          />
          <RemoveButton label={`Remove ${noun.toLowerCase()} ${row.name}`} onClick={() => onChange(rows.filter((_, at) => at !== index))} />
        </div>
      ))}
      <Problem text={error} />
      <Button
        className={styles['add'] ?? ''}
        size="xs"
        variant="default"
        leftSection={<IconPlus size={14} />}
        onClick={() => onChange([...rows, { name: '', value: '' }])}
      >
        Add {noun.toLowerCase()}
      </Button>
    </div>
  );
}

/** Headers whose values are encrypted: stored ones show their name only, and can be replaced or removed. */
export function SecretHeaderRows({ rows, onChange, error }: RowsProps<SecretHeaderRow>) {
  const set = (index: number, change: Partial<SecretHeaderRow>) =>
    onChange(rows.map((row, at) => (at === index ? { ...row, ...change } : row)));
  return (
    <div className={styles['rows']} {...(error === undefined ? {} : { 'data-field-error': '' })}>
      {rows.map((row, index) => (
        <div key={index} className={styles['header']}>
          <TextInput
            aria-label={`Secret header ${index + 1} name`}
            placeholder="Authorization"
            classNames={{ input: 'mono' }}
            readOnly={row.isStored}
            value={row.name}
            onChange={(event) => set(index, { name: event.currentTarget.value })}
          />
          {row.isStored ? (
            <div className={styles['stored']}>
              <IconLock size={14} aria-hidden />
              <span>encrypted, not shown</span>
              <Button size="compact-xs" variant="default" onClick={() => set(index, { isStored: false, value: '' })}>
                Replace
              </Button>
            </div>
          ) : (
            <TextInput
              aria-label={`Secret header ${index + 1} value`}
              type="password"
              autoComplete="off"
              placeholder="Bearer ..."
              classNames={{ input: 'mono' }}
              value={row.value}
              onChange={(event) => set(index, { value: event.currentTarget.value })}
            />
          )}
          <RemoveButton label={`Remove secret header ${row.name}`} onClick={() => onChange(rows.filter((_, at) => at !== index))} />
        </div>
      ))}
      <Problem text={error} />
      <Button
        className={styles['add'] ?? ''}
        size="xs"
        variant="default"
        leftSection={<IconLock size={14} />}
        onClick={() => onChange([...rows, { name: '', value: '', isStored: false }])}
      >
        Add secret header
      </Button>
    </div>
  );
}

function RemoveButton({ label, onClick }: { readonly label: string; readonly onClick: () => void }) {
  return (
    <ActionIcon variant="subtle" color="gray" size={32} aria-label={label} onClick={onClick}>
      <IconTrash size={16} />
    </ActionIcon>
  );
}

function Problem({ text }: { readonly text: string | undefined }) {
  return text === undefined ? null : (
    <p className={styles['problem']} role="alert">
      {text}
    </p>
  );
}
