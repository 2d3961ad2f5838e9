import { Button, Select, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { sampleProblem, type SampleDraft } from './event-draft.ts';
import styles from './events.module.css';

interface SamplesFieldProps {
  readonly samples: readonly SampleDraft[];
  readonly error: string | undefined;
  readonly onChange: (samples: readonly SampleDraft[]) => void;
}

/** The samples of an event type, one of them open. The first is used where none is named. */
export function SamplesField({ samples, error, onChange }: SamplesFieldProps) {
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
      <Textarea
        label="Sample payload"
        description="The data of a test event."
        classNames={{ input: 'mono' }}
        autosize
        minRows={4}
        maxRows={18}
        spellCheck={false}
        value={sample.data}
        error={error ?? sampleProblem(sample) ?? undefined}
        onChange={(event) => set({ data: event.currentTarget.value })}
      />
    </>
  );
}

function freeName(samples: readonly SampleDraft[]): string {
  let number = samples.length + 1;
  while (samples.some(({ name }) => name === `sample ${number}`)) number += 1;
  return `sample ${number}`;
}
