import { Checkbox, Select, TextInput } from '@mantine/core';
import { wireFaultKinds } from '#shared/contract/wire-fault.ts';
import { wireFaultWords } from '#shared/wire-fault-words.ts';
import { DurationInput } from '../../ui/duration-input.tsx';
import styles from './bin-form.module.css';
import { faultFieldsOf, noFault, readFault, withKind, type FaultDraft, type FaultField } from './fault-draft.ts';

interface FaultFieldsProps {
  readonly value: FaultDraft;
  /** What the engine says of it. */
  readonly error?: string | undefined;
  readonly onChange: (fault: FaultDraft) => void;
}

const choices = [
  { value: 'none', label: 'None' },
  ...wireFaultKinds.map((kind) => ({ value: kind as string, label: wireFaultWords[kind].title })),
];

const labels: Readonly<Record<FaultField, string>> = {
  hold: 'Held for',
  afterBytes: 'After bytes of the answer',
  byBytes: 'Bytes too many (- for too few)',
  rate: 'Bytes per second',
  closes: 'Close without reading the body',
  maxBytes: 'At most',
};

/** What goes wrong on the connection with an answer, with the figures of that fault. */
export function FaultFields({ value, error, onChange }: FaultFieldsProps) {
  const fields = faultFieldsOf(value.kind);
  const read = readFault(value);
  const errorOf = (field: FaultField, index: number) => (!read.ok && read.field === field ? read.message : index === 0 ? error : undefined);
  return (
    <div className={styles['pair']}>
      <Select
        label="Fault on the connection"
        description={value.kind === 'none' ? 'The answer is sent as it is.' : wireFaultWords[value.kind].effect}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        allowDeselect={false}
        data={choices}
        value={value.kind}
        error={fields.length === 0 ? error : undefined}
        onChange={(kind) => onChange(withKind(value, wireFaultKinds.find((known) => known === kind) ?? noFault.kind))}
      />
      <div className={styles['faultFigures']}>
        {fields.map((field, index) => (
          <FaultFigure
            key={field}
            field={field}
            value={value}
            error={errorOf(field, index)}
            onChange={(change) => onChange({ ...value, ...change })}
          />
        ))}
      </div>
    </div>
  );
}

interface FaultFigureProps {
  readonly field: FaultField;
  readonly value: FaultDraft;
  readonly error: string | undefined;
  readonly onChange: (change: Partial<FaultDraft>) => void;
}

function FaultFigure({ field, value, error, onChange }: FaultFigureProps) {
  const label = labels[field];
  if (field === 'closes')
    return (
      <Checkbox
        label={label}
        checked={value.closes}
        error={error}
        className={styles['faultCheck'] ?? ''}
        onChange={(event) => onChange({ closes: event.currentTarget.checked })}
      />
    );
  if (field === 'hold') return <DurationInput label={label} value={value.hold} error={error} onChange={(hold) => onChange({ hold })} />;
  return (
    <TextInput label={label} value={value[field]} error={error} onChange={(event) => onChange({ [field]: event.currentTarget.value })} />
  );
}
