import { ActionIcon, Button, Select, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { fieldPlaceholders } from '#shared/contract/custom-placeholders.ts';
import type { CustomField } from '#shared/contract/signing.ts';
import styles from './custom-field-rows.module.css';

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
    <div className={styles['rows']} {...(error === undefined ? {} : { 'data-field-error': '' })}>
      <span className={styles['label']}>Fields</span>
      <span className={styles['note']}>{fieldPlaceholders.map((name) => `{${name}}`).join(', ')} stand for parts of the signature.</span>
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
          <ActionIcon
            variant="subtle"
            color="gray"
            size={32}
            aria-label={`Remove field ${index + 1}`}
            disabled={fields.length === 1}
            onClick={() => onChange(fields.filter((_, at) => at !== index))}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </div>
      ))}
      {error !== undefined && (
        <p className={styles['problem']} role="alert">
          {error}
        </p>
      )}
      <Button
        className={styles['add'] ?? ''}
        size="xs"
        variant="default"
        leftSection={<IconPlus size={14} />}
        disabled={fields.length >= 20}
        onClick={() => onChange([...fields, { place: 'header', name: '', value: '' }])}
      >
        Add a field
      </Button>
    </div>
  );
}
