import { MultiSelect, Select, TextInput } from '@mantine/core';
import { customCodes, limitsText, type PolicyDraft, type PolicyTextField } from './policy-draft.ts';
import styles from './policies.module.css';

interface PolicyFieldsProps {
  readonly draft: PolicyDraft;
  readonly onChange: (draft: PolicyDraft) => void;
}

interface FieldsProps extends PolicyFieldsProps {
  readonly field: (name: PolicyTextField, label: string, placeholder: string, isWide?: boolean) => React.ReactNode;
}

const jitterChoices = [
  { value: 'none', label: 'No jitter' },
  { value: 'plusMinus', label: 'Plus or minus' },
  { value: 'addOnly', label: 'Only longer' },
  { value: 'full', label: 'Full: from 0 to the delay' },
] as const;

const afterLastChoices = [
  { value: 'stop', label: 'Stop' },
  { value: 'repeat', label: 'Repeat the last delay' },
] as const;

const retryAfterChoices = [
  { value: 'honour', label: 'Wait longer when it asks for it' },
  { value: 'ignore', label: 'Ignore it' },
] as const;

const retryOnChoices = [
  { value: 'any', label: 'Any failure' },
  { value: 'network', label: 'Network failures only: no complete answer' },
  { value: 'serverErrors', label: 'Answers with 5xx and 429 only' },
  { value: 'custom', label: 'Chosen outcomes and statuses' },
] as const;

/** The fields of a policy that is written out, for a grid of two columns. Nothing for one that is chosen by name. */
export function PolicyFields({ draft, onChange }: PolicyFieldsProps) {
  const { choice } = draft;
  if (choice !== 'schedule' && choice !== 'linear' && choice !== 'exponential') return null;
  const field: FieldsProps['field'] = (name, label, placeholder, isWide = false) => (
    <TextInput
      className={(isWide ? styles['wide'] : undefined) ?? ''}
      label={label}
      placeholder={placeholder}
      value={draft[name]}
      onChange={(event) => onChange({ ...draft, [name]: event.currentTarget.value })}
    />
  );
  const props = { draft, onChange, field };
  return (
    <>
      {choice === 'schedule' ? <ScheduleFields {...props} /> : <RampFields {...props} />}
      <JitterFields {...props} />
      <details className={styles['limits']}>
        <summary>{limitsText(draft)}</summary>
        <div className={styles['grid']}>
          <LimitFields {...props} />
        </div>
      </details>
    </>
  );
}

function ScheduleFields({ draft, onChange, field }: FieldsProps) {
  return (
    <>
      {field('delays', 'Delays between attempts', '5 s, 5 m, 30 m, 2 h', true)}
      <Select
        label="After the last delay"
        allowDeselect={false}
        data={[...afterLastChoices]}
        value={draft.afterLast}
        onChange={(value) => onChange({ ...draft, afterLast: value === 'repeat' ? 'repeat' : 'stop' })}
      />
      {draft.afterLast === 'repeat' && field('maxAttempts', 'Attempts in all', '25')}
    </>
  );
}

function RampFields({ draft, field }: FieldsProps) {
  return (
    <>
      {field('base', 'First delay', '5 s')}
      {draft.choice === 'linear' ? field('step', 'Added each time', '5 s') : field('factor', 'Factor', '2')}
      {field('cap', 'Longest delay', '1 h')}
      {field('maxAttempts', 'Attempts in all', '8')}
    </>
  );
}

function JitterFields({ draft, onChange, field }: FieldsProps) {
  const hasShare = draft.jitterKind === 'plusMinus' || draft.jitterKind === 'addOnly';
  return (
    <>
      <Select
        label="Jitter"
        allowDeselect={false}
        data={[...jitterChoices]}
        value={draft.jitterKind}
        onChange={(kind) => onChange({ ...draft, jitterKind: jitterChoices.find(({ value }) => value === kind)?.value ?? 'none' })}
      />
      {hasShare && field('jitterPercent', 'Jitter in per cent', '20')}
      {draft.jitterKind === 'addOnly' && field('leastSpread', 'Jitter of at least', 'No minimum')}
      {draft.jitterKind === 'addOnly' && field('mostSpread', 'Jitter of at most', 'No maximum')}
    </>
  );
}

function LimitFields({ draft, onChange, field }: FieldsProps) {
  return (
    <>
      <Select
        className={styles['wide'] ?? ''}
        label="Retry after"
        allowDeselect={false}
        data={[...retryOnChoices]}
        value={draft.retryOn}
        onChange={(kind) => onChange({ ...draft, retryOn: retryOnChoices.find(({ value }) => value === kind)?.value ?? 'any' })}
      />
      {draft.retryOn === 'custom' && (
        <>
          <MultiSelect
            label="Outcomes"
            placeholder={draft.retryCodes.length === 0 ? 'timeout, refused' : ''}
            data={[...customCodes]}
            value={[...draft.retryCodes]}
            onChange={(retryCodes) => onChange({ ...draft, retryCodes })}
          />
          {field('retryStatuses', 'Statuses', '429, 500-599')}
        </>
      )}
      {field('totalTime', 'Total time at most', 'No limit')}
      <Select
        label="Retry-After header"
        allowDeselect={false}
        data={[...retryAfterChoices]}
        value={draft.retryAfter}
        onChange={(kind) => onChange({ ...draft, retryAfter: kind === 'ignore' ? 'ignore' : 'honour' })}
      />
      {draft.retryAfter === 'honour' && (
        <>
          {field('retryAfterStatuses', 'Honoured with', 'Any status')}
          {field('retryAfterMin', 'Wait at least', '0 s')}
          {field('retryAfterMax', 'Wait at most', '1 d')}
          <Select
            label="A number counts as"
            allowDeselect={false}
            data={['seconds', 'milliseconds']}
            value={draft.retryAfterUnit}
            onChange={(unit) => onChange({ ...draft, retryAfterUnit: unit === 'milliseconds' ? 'milliseconds' : 'seconds' })}
          />
        </>
      )}
    </>
  );
}
