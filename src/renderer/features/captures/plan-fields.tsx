import { Autocomplete, Button, Select, TextInput } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { stepsProblem } from '#shared/answer-steps.ts';
import { countText } from '../../base/size-format.ts';
import type { PlanDraft } from './answers-draft.ts';
import type { CounterOf } from './use-counters.ts';
import styles from './answers.module.css';

interface PlanFieldsProps {
  readonly plan: PlanDraft;
  /** The message about a field of the contract, such as `sequence.steps`. */
  readonly error: (field: string) => string | undefined;
  readonly onChange: (change: Partial<PlanDraft>) => void;
  /** How far it is, as it is saved; null for what is not saved or not counted. */
  readonly counter: CounterOf | null;
  readonly onReset: (value?: string) => void;
}

const keys = ['none', 'message', 'path', 'header.X-Id', 'query.id', 'json.$.id'];

/** Answers one after the other and by chance, what is counted together, and how far that is. */
export function PlanFields({ plan, error, onChange, counter, onReset }: PlanFieldsProps) {
  const hasFailures = plan.failPercent.trim() !== '' && plan.failPercent.trim() !== '0';
  const isCounted = plan.steps.trim() !== '' || hasFailures;
  return (
    <div className={styles['plan']}>
      <TextInput
        label="Sequence"
        description={'One answer after the other, in place of the response. The step "answer" gives the response itself.'}
        placeholder="500 x2, 429 after 3s, timeout, reset, answer"
        classNames={{ input: 'mono' }}
        value={plan.steps}
        error={(plan.steps.trim() === '' ? null : stepsProblem(plan.steps)) ?? error('sequence.steps') ?? error('sequence')}
        onChange={(event) => onChange({ steps: event.currentTarget.value })}
      />
      <div className={styles['pair']}>
        <Select
          label="After the last step"
          data={[
            { value: 'stay', label: 'stay there' },
            { value: 'again', label: 'begin again' },
          ]}
          value={plan.atEnd}
          allowDeselect={false}
          disabled={plan.steps.trim() === ''}
          onChange={(atEnd) => onChange({ atEnd: (atEnd ?? 'stay') as PlanDraft['atEnd'] })}
        />
        <Autocomplete
          label="Count by"
          description={'With "message", the retries of one message are counted together.'}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          data={keys}
          filter={({ options }) => options}
          classNames={{ input: 'mono' }}
          value={plan.key}
          error={error('key')}
          onChange={(key) => onChange({ key })}
        />
      </div>
      <div className={styles['chance']}>
        <TextInput
          label="Fail at random"
          placeholder="0"
          rightSection="%"
          value={plan.failPercent}
          error={error('failures.rate') ?? error('failures')}
          onChange={(event) => onChange({ failPercent: event.currentTarget.value })}
        />
        <TextInput
          label="With one of"
          placeholder="503 x3, timeout"
          classNames={{ input: 'mono' }}
          disabled={!hasFailures}
          value={plan.failSteps}
          error={error('failures.steps') ?? (hasFailures ? (stepsProblem(plan.failSteps) ?? undefined) : undefined)}
          onChange={(event) => onChange({ failSteps: event.currentTarget.value })}
        />
        <TextInput
          label="Seed"
          placeholder="any text"
          disabled={!hasFailures}
          value={plan.failSeed}
          error={error('failures.seed')}
          onChange={(event) => onChange({ failSeed: event.currentTarget.value })}
        />
      </div>
      {isCounted && counter !== null && <CounterView counter={counter} onReset={onReset} />}
    </div>
  );
}

/** How far a sequence is, by the values of its key that came last. */
function CounterView({ counter, onReset }: { readonly counter: CounterOf; readonly onReset: (value?: string) => void }) {
  const { latest, keyCount, key } = counter;
  const shown = latest.slice(0, shownValues);
  return (
    <div className={styles['counter']} role="group" aria-label="How far it is">
      {shown.length === 0 ? (
        <p>Nothing was counted yet.</p>
      ) : (
        <ul>
          {shown.map(({ value, requests, nextStep, next }) => (
            <li key={value}>
              {key !== 'none' && <code className="truncate">{value === '' ? `without ${key}` : value}</code>}
              <span>
                {countText(requests, 'request', 'requests')}
                {nextStep !== null && (
                  <>
                    ; next is step {nextStep}: <b className="mono">{next}</b>
                  </>
                )}
              </span>
              {key !== 'none' && (
                <Button
                  size="compact-xs"
                  variant="subtle"
                  aria-label={`Begin anew for ${value === '' ? `without ${key}` : value}`}
                  onClick={() => onReset(value)}
                >
                  Reset
                </Button>
              )}
            </li>
          ))}
          {keyCount > shown.length && <li>and {keyCount - shown.length} more</li>}
        </ul>
      )}
      <Button
        size="compact-xs"
        variant="default"
        leftSection={<IconRefresh size={13} />}
        disabled={latest.length === 0}
        onClick={() => onReset()}
      >
        Begin anew
      </Button>
    </div>
  );
}

const shownValues = 5;
