import { Button, Select, TextInput } from '@mantine/core';
import { useMemo, useState } from 'react';
import { readSchema, sampleProblem, type SampleDraft } from './event-draft.ts';
import styles from './events.module.css';
import { JsonField } from './json-field.tsx';

interface SamplesFieldProps {
  /** The name of the event type, as part of the name of each text in the editor. */
  readonly eventName: string;
  /** The JSON Schema as it is typed, by which the editor completes and marks samples. */
  readonly schema: string;
  readonly samples: readonly SampleDraft[];
  readonly error: string | undefined;
  readonly onChange: (samples: readonly SampleDraft[]) => void;
  readonly onSave: () => void;
}

/** The samples of an event type, one of them open. The first is used where none is named. */
export function SamplesField({ eventName, schema, samples, error, onChange, onSave }: SamplesFieldProps) {
  const rules = useMemo(() => readSchema(schema), [schema]);
  const [wanted, setWanted] = useState(0);
  const at = Math.min(wanted, samples.length - 1);
  const sample = samples[at] ?? { name: '', data: '' };
  const set = (change: Partial<SampleDraft>) => onChange(samples.map((each, index) => (index === at ? { ...each, ...change } : each)));
  const add = () => {
    onChange([...samples, { name: freeName(samples), data: sample.data }]);
    setWanted(samples.length);
  };
  return (
    <>
      <div className={styles['samples']}>
        {samples.length > 1 && (
          <Select
            label="Sample"
            allowDeselect={false}
            data={samples.map(({ name }, index) => ({ value: String(index), label: name || `sample ${index + 1}` }))}
            value={String(at)}
            onChange={(value) => setWanted(Number(value))}
          />
        )}
        <TextInput label="Name of the sample" value={sample.name} onChange={(event) => set({ name: event.currentTarget.value })} />
        <Button size="xs" variant="default" onClick={add}>
          Add a sample
        </Button>
        {samples.length > 1 && (
          <Button size="xs" variant="default" onClick={() => onChange(samples.filter((_, index) => index !== at))}>
            Remove this sample
          </Button>
        )}
      </div>
      <JsonField
        label="Sample payload"
        note="The data of a test event."
        path={`event-sample/${eventName}/${at}.json`}
        value={sample.data}
        problem={error ?? sampleProblem(sample)}
        schema={rules}
        onChange={(data) => set({ data })}
        onSave={onSave}
      />
    </>
  );
}

function freeName(samples: readonly SampleDraft[]): string {
  let number = samples.length + 1;
  while (samples.some(({ name }) => name === `sample ${number}`)) number += 1;
  return `sample ${number}`;
}
