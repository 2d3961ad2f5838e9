import { TextInput } from '@mantine/core';
import { MarkedField } from '../../ui/field-marks.tsx';
import type { EndpointDraft } from './endpoint-draft.ts';
import styles from './endpoint-form.module.css';

interface MetaHeaderFieldsProps {
  readonly names: EndpointDraft['metaHeaders'];
  /** What is wrong, by field of the contract. */
  readonly errors: Readonly<Record<string, string>>;
  readonly onChange: (names: EndpointDraft['metaHeaders']) => void;
}

const fields = [
  { field: 'deliveryId', label: 'Delivery id in', placeholder: 'X-Delivery-Id' },
  { field: 'attempt', label: 'Attempt number in', placeholder: 'X-Attempt' },
  { field: 'eventType', label: 'Event type in', placeholder: 'X-Event-Type' },
] as const;

/** Names of the headers that carry delivery id, attempt number and event type. */
export function MetaHeaderFields({ names, errors, onChange }: MetaHeaderFieldsProps) {
  return (
    <div className={`${styles['wide']} ${styles['triple']}`}>
      {fields.map(({ field, label, placeholder }) => (
        <MarkedField key={field} name={`metaHeaders.${field}`}>
          <TextInput
            label={label}
            placeholder={`none, or ${placeholder}`}
            classNames={{ input: 'mono' }}
            spellCheck={false}
            value={names[field]}
            error={errors[`metaHeaders.${field}`]}
            onChange={(event) => onChange({ ...names, [field]: event.currentTarget.value })}
          />
        </MarkedField>
      ))}
    </div>
  );
}
