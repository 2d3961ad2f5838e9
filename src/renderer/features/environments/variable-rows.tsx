import { ActionIcon, Button, Checkbox, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useRef } from 'react';
import { withNewRow, withSecrecy, type EnvironmentDraft, type VariableRow } from './environment-draft.ts';
import styles from './environments.module.css';

interface VariableRowsProps {
  readonly draft: EnvironmentDraft;
  /** Problems by field, with the numbers of the rows as they are sent. */
  readonly errors: Readonly<Record<string, string>>;
  /** The number with which a row is sent, or null for one that is not. */
  readonly numberOf: (row: VariableRow) => number | null;
  readonly onChange: (change: Partial<EnvironmentDraft>) => void;
}

/** The variables as a table: a name, a value, and whether it is secret. */
export function VariableRows({ draft, errors, numberOf, onChange }: VariableRowsProps) {
  const { variables } = draft;
  const root = useRef<HTMLDivElement>(null);
  const set = (row: VariableRow, change: Partial<VariableRow>) =>
    onChange({ variables: variables.map((each) => (each.key === row.key ? { ...each, ...change } : each)) });
  const focusRow = (index: number) =>
    requestAnimationFrame(() => {
      const inputs = root.current?.querySelectorAll<HTMLInputElement>('[data-variable-name]') ?? [];
      const input = inputs[Math.min(index, inputs.length - 1)];
      if (input !== undefined) input.focus();
      else root.current?.querySelector<HTMLButtonElement>('[data-add]')?.focus();
    });
  const remove = (row: VariableRow, index: number) => {
    const { [row.key]: _, ...secret } = draft.secret;
    onChange({ variables: variables.filter(({ key }) => key !== row.key), secret });
    focusRow(index);
  };
  return (
    <div ref={root} className={styles['variables']} role="group" aria-label="Variables">
      {variables.length > 0 && (
        <div className={styles['titles']} aria-hidden>
          <span>Name</span>
          <span>Value</span>
        </div>
      )}
      {variables.map((row, index) => {
        const number = numberOf(row);
        const errorOf = (field: string) => (number === null ? undefined : errors[`variables.${number}.${field}`]);
        return (
          <div key={row.key} className={styles['variable']}>
            <TextInput
              data-variable-name
              aria-label={`Name of variable ${index + 1}`}
              placeholder="baseUrl"
              classNames={{ input: 'mono' }}
              spellCheck={false}
              value={row.name}
              error={errorOf('name')}
              onChange={(event) => set(row, { name: event.currentTarget.value })}
            />
            <ValueField
              row={row}
              typed={draft.secret[row.key] ?? ''}
              label={`Value of ${row.name === '' ? `variable ${index + 1}` : row.name}`}
              error={errorOf('value')}
              onChange={(text) => (row.isSecret ? onChange({ secret: { ...draft.secret, [row.key]: text } }) : set(row, { value: text }))}
            />
            <Checkbox
              className={styles['secret'] ?? ''}
              label="Secret"
              aria-label={`${row.name === '' ? `Variable ${index + 1}` : row.name} is secret`}
              checked={row.isSecret}
              onChange={(event) => onChange(withSecrecy(draft, row, event.currentTarget.checked))}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              size={32}
              aria-label={`Remove variable ${row.name}`}
              onClick={() => remove(row, index)}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </div>
        );
      })}
      {errors['variables'] !== undefined && (
        <p className={styles['problem']} role="alert">
          {errors['variables']}
        </p>
      )}
      <Button
        data-add
        className={styles['add'] ?? ''}
        size="xs"
        variant="default"
        leftSection={<IconPlus size={14} />}
        onClick={() => {
          onChange({ variables: withNewRow(variables) });
          focusRow(variables.length);
        }}
      >
        Add variable
      </Button>
    </div>
  );
}

interface ValueFieldProps {
  readonly row: VariableRow;
  /** What is typed of a secret. */
  readonly typed: string;
  readonly label: string;
  readonly error: string | undefined;
  readonly onChange: (text: string) => void;
}

function ValueField({ row, typed, label, error, onChange }: ValueFieldProps) {
  const isHidden = row.isStored && (row.isSecret || row.isStoredSecret);
  return (
    <TextInput
      aria-label={label}
      type={row.isSecret ? 'password' : 'text'}
      autoComplete="off"
      spellCheck={false}
      placeholder={
        row.isSecret
          ? isHidden
            ? 'kept, type to replace it'
            : 'secret value'
          : isHidden
            ? 'type its value again'
            : 'https://staging.example.com'
      }
      classNames={{ input: 'mono' }}
      value={row.isSecret ? typed : row.value}
      error={error}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
