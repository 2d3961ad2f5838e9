import { Select, Textarea, TextInput } from '@mantine/core';
import { DurationInput } from '../../ui/duration-input.tsx';
import { MarkedField } from '../../ui/field-marks.tsx';
import type { AnswerDraft, ShadowDraft } from './answer-draft.ts';
import styles from './relays.module.css';

interface FieldsProps<Draft> {
  readonly draft: Draft;
  /** The targets as they are called. */
  readonly targets: readonly { readonly value: string; readonly label: string }[];
  /** By the field of the contract. */
  readonly errors: Readonly<Record<string, string>>;
  readonly onChange: (draft: Draft) => void;
}

const otherwise = [
  { value: 'bin', label: 'the answer of the bin' },
  ...['504', '503', '500', '202'].map((status) => ({ value: status, label: status })),
];

/** Whose answer the sender gets. */
export function AnswerFields({ draft, targets, errors, onChange }: FieldsProps<AnswerDraft>) {
  const known = otherwise.some(({ value }) => value === draft.otherwise);
  return (
    <MarkedField name="answer" className={styles['targetList']}>
      <Select
        label="The sender gets"
        description="Where a target answers, its delivery is queued first, and asked once."
        data={[
          { value: '', label: 'the answer of the bin, at once' },
          ...targets.map(({ value, label }) => ({ value, label: `the answer of ${label}` })),
        ]}
        value={draft.key}
        error={errors['answer'] ?? errors['answer.target']}
        allowDeselect={false}
        onChange={(key) => onChange({ ...draft, key: key ?? '' })}
      />
      {draft.key !== '' && (
        <div className={styles['pair']}>
          <DurationInput
            label="Within"
            value={draft.within}
            error={errors['answer.withinMs']}
            onChange={(within) => onChange({ ...draft, within })}
          />
          <Select
            label="If it is late or fails"
            data={known ? otherwise : [...otherwise, { value: draft.otherwise, label: draft.otherwise }]}
            value={draft.otherwise}
            error={errors['answer.otherwise']}
            allowDeselect={false}
            onChange={(value) => onChange({ ...draft, otherwise: value ?? 'bin' })}
          />
        </div>
      )}
    </MarkedField>
  );
}

/** A target that is tried out beside another one. */
export function ShadowFields({ draft, targets, errors, onChange }: FieldsProps<ShadowDraft>) {
  const [first] = targets.filter(({ value }) => value !== draft.key);
  return (
    <MarkedField name="shadow" className={styles['targetList']}>
      <Select
        label="Tried out as a shadow"
        description="It gets the same requests, and what it answers otherwise is listed. No sender gets its answers."
        data={[{ value: '', label: 'none' }, ...targets]}
        value={draft.key}
        error={errors['shadow'] ?? errors['shadow.target']}
        allowDeselect={false}
        disabled={targets.length < 2}
        onChange={(key) =>
          onChange({
            ...draft,
            key: key ?? '',
            ofKey: draft.ofKey === '' || draft.ofKey === key ? (targets.find(({ value }) => value !== key)?.value ?? '') : draft.ofKey,
          })
        }
      />
      {draft.key !== '' && (
        <>
          <Select
            label="Compared with"
            data={targets.filter(({ value }) => value !== draft.key)}
            value={draft.ofKey === '' ? (first?.value ?? null) : draft.ofKey}
            error={errors['shadow.of']}
            allowDeselect={false}
            onChange={(ofKey) => onChange({ ...draft, ofKey: ofKey ?? '' })}
          />
          <div className={styles['pair']}>
            <TextInput
              label="Headers that may differ"
              placeholder="Date, X-Request-Id"
              classNames={{ input: 'mono' }}
              value={draft.headers}
              onChange={(event) => onChange({ ...draft, headers: event.currentTarget.value })}
            />
            <Textarea
              label="Values that may differ"
              placeholder={'$.id\n$.items[*].createdAt'}
              classNames={{ input: 'mono' }}
              autosize
              minRows={1}
              value={draft.paths}
              error={errors['shadow.ignore']}
              onChange={(event) => onChange({ ...draft, paths: event.currentTarget.value })}
            />
          </div>
          <DurationInput
            label="Times may be apart by"
            value={draft.tolerance}
            error={errors['shadow.toleranceMs']}
            onChange={(tolerance) => onChange({ ...draft, tolerance })}
          />
        </>
      )}
    </MarkedField>
  );
}
