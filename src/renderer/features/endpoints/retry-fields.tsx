import { Select, TextInput } from '@mantine/core';
import { retryPresets, type RetryPresetName } from '#shared/contract/retry.ts';
import { useSettings } from '../../session.tsx';
import { countText } from '../../size-format.ts';
import { RetryTimeline } from '../../ui/retry-timeline.tsx';
import { delayText } from './duration-text.ts';
import { plannedAttempts, retryChoiceOf, retryChoices, type RetryDraft } from './retry-draft.ts';
import styles from './endpoint-form.module.css';

interface RetryFieldsProps {
  readonly draft: RetryDraft;
  readonly onChange: (draft: RetryDraft) => void;
  readonly error: string | undefined;
}

const jitterChoices = [
  { value: 'none', label: 'No jitter' },
  { value: 'plusMinus', label: 'Plus or minus' },
  { value: 'addOnly', label: 'Only longer' },
  { value: 'full', label: 'Full: from 0 to the delay' },
] as const;

/** Chooses a retry policy or writes one out, and draws when its attempts come. */
export function RetryFields({ draft, onChange, error }: RetryFieldsProps) {
  const set = (change: Partial<RetryDraft>) => onChange({ ...draft, ...change });
  const isOwn = draft.choice === 'schedule' || draft.choice === 'exponential';
  const field = (
    name: 'delays' | 'base' | 'factor' | 'cap' | 'maxAttempts' | 'jitterPercent',
    label: string,
    placeholder: string,
    isWide = false,
  ) => (
    <TextInput
      className={(isWide ? styles['wide'] : undefined) ?? ''}
      label={label}
      placeholder={placeholder}
      value={draft[name]}
      onChange={(event) => set({ [name]: event.currentTarget.value })}
    />
  );
  return (
    <>
      <Select
        className={styles['wide'] ?? ''}
        label="Retry policy"
        data={[...retryChoices]}
        value={draft.choice}
        error={error}
        onChange={(choice) => set({ choice: choice ?? draft.choice })}
      />
      {draft.choice === 'schedule' && field('delays', 'Delays between attempts', '5 s, 5 m, 30 m, 2 h', true)}
      {draft.choice === 'exponential' && (
        <>
          {field('base', 'First delay', '5 s')}
          {field('factor', 'Factor', '2')}
          {field('cap', 'Longest delay', '1 h')}
          {field('maxAttempts', 'Attempts in all', '8')}
        </>
      )}
      {isOwn && (
        <>
          <Select
            label="Jitter"
            data={[...jitterChoices]}
            value={draft.jitterKind}
            onChange={(kind) => set({ jitterKind: jitterChoices.find(({ value }) => value === kind)?.value ?? 'none' })}
          />
          {(draft.jitterKind === 'plusMinus' || draft.jitterKind === 'addOnly') && field('jitterPercent', 'Jitter in per cent', '20')}
        </>
      )}
      <div className={styles['wide']}>
        <Plan draft={draft} />
      </div>
    </>
  );
}

function Plan({ draft }: { readonly draft: RetryDraft }) {
  const timeScale = useSettings()?.timeScale ?? 1;
  const read = retryChoiceOf(draft);
  if ('message' in read) return null;
  const planned = plannedAttempts(read.choice);
  const spanMs = planned.at(-1)?.offsetMs ?? 0;
  const source = Object.hasOwn(retryPresets, draft.choice) ? retryPresets[draft.choice as RetryPresetName] : { source: null, asOf: null };
  if (planned.length === 1) return <p className={styles['note']}>One attempt; a failure is final.</p>;
  const marks = planned.map(({ number, delayMs, offsetMs }) => ({
    key: String(number),
    label: String(number),
    kind: 'next' as const,
    atMs: offsetMs,
    durationMs: 0,
    title:
      number === 1
        ? 'Attempt 1: at once'
        : `Attempt ${number}: ${delayText(delayMs)} after the one before, ${delayText(offsetMs)} after the first`,
  }));
  return (
    <div className={styles['plan']}>
      <RetryTimeline label={`${planned.length} attempts over ${delayText(spanMs)}`} attempts={marks} nowMs={null} />
      <p className={styles['note']}>
        {countText(planned.length, 'attempt', 'attempts')} over {delayText(spanMs)}: at once, then after{' '}
        {planned
          .slice(1)
          .map(({ delayMs }) => delayText(delayMs))
          .join(', ')}
        .{timeScale !== 1 && ` At the time scale of ${timeScale}x that is ${delayText(Math.round(spanMs / timeScale / 1000) * 1000)}.`}
        {source.source !== null && (
          <>
            {' '}
            As of {source.asOf}:{' '}
            <a href={source.source} target="_blank" rel="noreferrer">
              {source.source.replace(/^https:\/\//, '')}
            </a>
          </>
        )}
      </p>
    </div>
  );
}
