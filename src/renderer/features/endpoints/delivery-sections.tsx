import { TextInput } from '@mantine/core';
import { DurationInput } from '../../ui/duration-input.tsx';
import { MarkedField } from '../../ui/field-marks.tsx';
import { withRetry, type EndpointDraft } from './endpoint-draft.ts';
import { FormSection, type EndpointFormProps } from './form-section.tsx';
import { LimitsFields } from './limits-fields.tsx';
import { RetryFields } from './retry-fields.tsx';
import { StopAnswerRows } from './stop-answer-rows.tsx';
import styles from './endpoint-form.module.css';

/** What counts as delivered, and when it is tried again. */
export function RetrySection({ draft, onChange, errors }: EndpointFormProps) {
  const set = (change: Partial<EndpointDraft>) => onChange({ ...draft, ...change });
  return (
    <FormSection title="Retries and success" note="What counts as delivered, how long an attempt may take, and when the next one comes.">
      <MarkedField name="successRule">
        <TextInput
          label="Success rule"
          description="2xx, 200, or 200-204,302"
          classNames={{ input: 'mono' }}
          value={draft.successRule}
          error={errors['successRule']}
          onChange={(event) => set({ successRule: event.currentTarget.value })}
        />
      </MarkedField>
      <MarkedField name="retrySuccessRule">
        <TextInput
          label="Success rule of retries"
          description="Empty for the same as in the first attempt"
          placeholder="the same"
          classNames={{ input: 'mono' }}
          value={draft.retrySuccessRule}
          error={errors['retrySuccessRule']}
          onChange={(event) => set({ retrySuccessRule: event.currentTarget.value })}
        />
      </MarkedField>
      <MarkedField name="timeout">
        <DurationInput
          label="Timeout"
          description="To the last byte of the answer; never scaled"
          value={draft.timeout}
          error={errors['timeoutMs']}
          onChange={(timeout) => set({ timeout })}
        />
      </MarkedField>
      <RetryFields draft={draft.retry} error={errors['retryPolicy']} onChange={(retry) => onChange(withRetry(draft, retry))} />
      <MarkedField name="stopAnswers" className={styles['wide']}>
        <StopAnswerRows rows={draft.stopAnswers} error={errors['stopAnswers']} onChange={(stopAnswers) => set({ stopAnswers })} />
      </MarkedField>
    </FormSection>
  );
}

/** When an endpoint switches itself off, and how much it gets at once. */
export function HealthSection({ draft, onChange, errors }: EndpointFormProps) {
  return (
    <FormSection
      title="Health and limits"
      note="When this endpoint is disabled automatically, and how much it gets at once. Empty means never, or no limit."
    >
      <LimitsFields draft={draft.limits} errors={errors} onChange={(limits) => onChange({ ...draft, limits })} />
    </FormSection>
  );
}
