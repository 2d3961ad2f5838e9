import { Switch, TextInput } from '@mantine/core';
import { DurationInput } from '../../ui/duration-input.tsx';
import type { LimitsDraft } from './limits-draft.ts';
import { MarkedField } from '../../ui/field-marks.tsx';
import styles from './endpoint-form.module.css';

interface LimitsFieldsProps {
  readonly draft: LimitsDraft;
  /** What is wrong, by field of the contract. */
  readonly errors: Readonly<Record<string, string>>;
  readonly onChange: (draft: LimitsDraft) => void;
}

/** When an endpoint is disabled automatically, and how much it gets at once. */
export function LimitsFields(props: LimitsFieldsProps) {
  return (
    <>
      <DisableFields {...props} />
      <PaceFields {...props} />
      <BreakerFields {...props} />
    </>
  );
}

/** A text field of the draft with its error. */
function useField({ draft, errors, onChange }: LimitsFieldsProps) {
  return (field: { [K in keyof LimitsDraft]: LimitsDraft[K] extends string ? K : never }[keyof LimitsDraft], path: string) => ({
    value: draft[field],
    error: errors[path],
    onChange: (changed: string | { readonly currentTarget: { readonly value: string } }) =>
      onChange({ ...draft, [field]: typeof changed === 'string' ? changed : changed.currentTarget.value }),
  });
}

function DisableFields(props: LimitsFieldsProps) {
  const { draft, errors, onChange } = props;
  const text = useField(props);
  return (
    <>
      <MarkedField name="limits.afterFailures">
        <TextInput
          label="Disable after failures in a row"
          description="Failed attempts with no success between them"
          placeholder="never"
          inputMode="numeric"
          {...text('afterFailures', 'autoDisable.afterFailures')}
        />
      </MarkedField>
      <MarkedField name="limits.afterFailing">
        <DurationInput
          label="Disable after failing for"
          description="Since the first of them; the time scale shortens it"
          placeholder="never, or 5 d"
          {...text('afterFailing', 'autoDisable.afterFailingMs')}
        />
      </MarkedField>
      <MarkedField name="limits.onExhaustion">
        <Switch
          label="Disable when a delivery is exhausted"
          checked={draft.onExhaustion}
          error={errors['autoDisable']}
          onChange={(event) => onChange({ ...draft, onExhaustion: event.currentTarget.checked })}
        />
      </MarkedField>
      <MarkedField name="limits.disableOn410">
        <Switch
          label="Disable on 410 Gone"
          checked={draft.disableOn410}
          error={errors['disableOn410']}
          onChange={(event) => onChange({ ...draft, disableOn410: event.currentTarget.checked })}
        />
      </MarkedField>
    </>
  );
}

function PaceFields(props: LimitsFieldsProps) {
  const { draft, errors, onChange } = props;
  const text = useField(props);
  return (
    <>
      <div className={styles['pair']}>
        <MarkedField name="limits.rateCount">
          <TextInput
            label="Rate limit"
            description="Attempts, evenly spaced"
            placeholder="none"
            inputMode="numeric"
            {...text('rateCount', 'rateLimit')}
          />
        </MarkedField>
        <MarkedField name="limits.ratePer">
          <DurationInput
            label="per"
            description="Never scaled"
            disabled={draft.rateCount.trim() === ''}
            {...text('ratePer', 'rateLimit.perMs')}
          />
        </MarkedField>
      </div>
      <MarkedField name="limits.maxConcurrency">
        <TextInput
          label="Attempts at once"
          description="Within the limit in Settings"
          placeholder="as in Settings"
          inputMode="numeric"
          {...text('maxConcurrency', 'maxConcurrency')}
        />
      </MarkedField>
      <MarkedField name="limits.isOrdered" className={styles['wide']}>
        <Switch
          label="Keep the order"
          description="One at a time, as accepted; one that fails holds back the others until it is delivered, exhausted or cancelled."
          checked={draft.isOrdered}
          error={errors['isOrdered']}
          onChange={(event) => onChange({ ...draft, isOrdered: event.currentTarget.checked })}
        />
      </MarkedField>
    </>
  );
}

function BreakerFields(props: LimitsFieldsProps) {
  const isOff = props.draft.breakAfter.trim() === '';
  const text = useField(props);
  return (
    <>
      <MarkedField name="limits.breakAfter">
        <TextInput
          label="Circuit opens after failures in a row"
          description="While open nothing is sent; deliveries wait"
          placeholder="never"
          inputMode="numeric"
          {...text('breakAfter', 'circuitBreaker')}
        />
      </MarkedField>
      <div className={styles['pair']}>
        <MarkedField name="limits.pause">
          <DurationInput
            label="First probe after"
            description="Doubles while it fails"
            disabled={isOff}
            {...text('pause', 'circuitBreaker.pauseMs')}
          />
        </MarkedField>
        <MarkedField name="limits.maxPause">
          <DurationInput
            label="Longest pause"
            description="Between two probes"
            disabled={isOff}
            {...text('maxPause', 'circuitBreaker.maxPauseMs')}
          />
        </MarkedField>
      </div>
    </>
  );
}
