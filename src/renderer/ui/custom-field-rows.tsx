import { Select, TextInput } from '@mantine/core';
import { fieldPlaceholders } from '#shared/contract/custom-placeholders.ts';
import type { CustomField } from '#shared/contract/signing.ts';
import styles from './custom-field-rows.module.css';
import { RemoveRow, RowFields } from './row-fields.tsx';

interface CustomFieldRowsProps {
  /** At least one: without any, the scheme is described by its headers. */
  readonly fields: readonly CustomField[];
  readonly error: string | undefined;
  readonly onChange: (fields: readonly CustomField[]) => void;
}

const places = [
  { value: 'header', label: 'Header' },
  { value: 'query', label: 'Query' },
  { value: 'form', label: 'Form' },
] as const;

/** What carries the parts of a signature: where, under which name, and as which text. */
export function CustomFieldRows({ fields, error, onChange }: CustomFieldRowsProps) {
  const set = (index: number, change: Partial<CustomField>) =>
    onChange(fields.map((field, at) => (at === index ? { ...field, ...change } : field)));
  return (
    <div className={styles['field']}>
      <RowFields
        label="Fields"
        note={`${fieldPlaceholders.map((name) => `{${name}}`).join(', ')} stand for parts of the signature.`}
        error={error}
        addLabel="Add a field"
        canAdd={fields.length < 20}
        onAdd={() => onChange([...fields, { place: 'header', name: '', value: '' }])}
      >
        {fields.map((field, index) => (
          <div key={index} className={styles['row']}>
            <Select
              aria-label={`Place of field ${index + 1}`}
              allowDeselect={false}
              data={[...places]}
              value={field.place}
              onChange={(text) => set(index, { place: places.find(({ value }) => value === text)?.value ?? 'header' })}
            />
            <TextInput
              aria-label={`Name of field ${index + 1}`}
              placeholder="X-Signature"
              classNames={{ input: 'mono' }}
              spellCheck={false}
              value={field.name}
              onChange={(event) => set(index, { name: event.currentTarget.value.trim() })}
            />
            <TextInput
              aria-label={`Text of field ${index + 1}`}
              placeholder="t={timestamp},v1={signature}"
              classNames={{ input: 'mono' }}
              spellCheck={false}
              value={field.value}
              onChange={(event) => set(index, { value: event.currentTarget.value })}
            />
            <RemoveRow
              label={`Remove field ${index + 1}`}
              isDisabled={fields.length === 1}
              onClick={() => onChange(fields.filter((_, at) => at !== index))}
            />
          </div>
        ))}
      </RowFields>
    </div>
  );
}
