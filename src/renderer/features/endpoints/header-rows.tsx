import { Button, TextInput } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { NamedValuesInput } from '../../ui/named-values-input.tsx';
import { useHeaderNames } from '../../ui/value-names.ts';
import { RemoveRow, RowFields } from '../../ui/row-fields.tsx';
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
  const names = useHeaderNames();
  const set = (index: number, change: Partial<HeaderRow>) => onChange(rows.map((row, at) => (at === index ? { ...row, ...change } : row)));
  return (
    <RowFields
      label={rows.length > 0 ? title : undefined}
      error={error}
      addLabel={`Add ${noun.toLowerCase()}`}
      onAdd={() => onChange([...rows, { name: '', value: '' }])}
    >
      {rows.map((row, index) => (
        <div key={index} className={styles['header']}>
          <TextInput
            aria-label={`${noun} ${index + 1} name`}
            placeholder={placeholder[0]}
            classNames={{ input: 'mono' }}
            value={row.name}
            onChange={(event) => set(index, { name: event.currentTarget.value })}
          />
          <NamedValuesInput
            aria-label={`${noun} ${index + 1} value`}
            placeholder={placeholder[1]}
            classNames={{ input: 'mono' }}
            names={names}
            value={row.value}
            onChange={(value) => set(index, { value })}
          />
          <RemoveRow label={`Remove ${noun.toLowerCase()} ${row.name}`} onClick={() => onChange(rows.filter((_, at) => at !== index))} />
        </div>
      ))}
    </RowFields>
  );
}

/** Headers whose values are encrypted: stored ones show their name only, and can be replaced or removed. */
export function SecretHeaderRows({ rows, onChange, error }: RowsProps<SecretHeaderRow>) {
  const set = (index: number, change: Partial<SecretHeaderRow>) =>
    onChange(rows.map((row, at) => (at === index ? { ...row, ...change } : row)));
  return (
    <RowFields
      error={error}
      addLabel="Add secret header"
      addIcon={<IconLock size={14} />}
      onAdd={() => onChange([...rows, { name: '', value: '', isStored: false }])}
    >
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
              placeholder={row.offer === undefined ? 'Bearer ...' : 'left out while empty'}
              {...(row.offer === undefined || row.offer === ''
                ? {}
                : { description: row.offer, inputWrapperOrder: ['input', 'description'] })}
              classNames={{ input: 'mono' }}
              value={row.value}
              onChange={(event) => set(index, { value: event.currentTarget.value })}
            />
          )}
          <RemoveRow label={`Remove secret header ${row.name}`} onClick={() => onChange(rows.filter((_, at) => at !== index))} />
        </div>
      ))}
    </RowFields>
  );
}
