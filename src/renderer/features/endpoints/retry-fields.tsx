import { Select, type ComboboxData } from '@mantine/core';
import { retryPresetNames, type RetryPresetName } from '#shared/contract/retry-choice.ts';
import { retryPresets, type RetryPreset } from '#shared/contract/retry-presets.ts';
import { useCatalogue } from '../../stores/session.tsx';
import { formatRoute } from '../../base/router.ts';
import type { KnownPolicy } from '../../stores/catalogue-store.ts';
import { MarkedField } from '../../ui/field-marks.tsx';
import { policyKinds, policyOf, type PolicyDraft } from '../policies/policy-draft.ts';
import { PolicyFields } from '../policies/policy-fields.tsx';
import { SchedulePlan } from '../policies/schedule-plan.tsx';
import styles from './endpoint-form.module.css';

interface RetryFieldsProps {
  readonly draft: PolicyDraft;
  readonly onChange: (draft: PolicyDraft) => void;
  readonly error: string | undefined;
}

/** Chooses a preset or a named policy, or writes one out, and draws when its attempts come. */
export function RetryFields({ draft, onChange, error }: RetryFieldsProps) {
  const { policies } = useCatalogue();
  const named = policies.find(({ id }) => id === draft.choice);
  return (
    <>
      <MarkedField name="retry" className={styles['wide']}>
        <Select
          label="Retry policy"
          allowDeselect={false}
          searchable
          nothingFoundMessage="No policy has this name."
          data={choicesOf(policies, draft.choice)}
          value={draft.choice}
          error={error}
          onChange={(choice) => onChange({ ...draft, choice: choice ?? draft.choice })}
        />
      </MarkedField>
      {named !== undefined && (
        <p className={`${styles['note']} ${styles['wide']}`}>
          A named policy: a change to it applies to every endpoint that uses it.{' '}
          <a href={formatRoute({ area: 'settings', id: 'policies', query: { policy: named.id } })}>Change {named.name}</a>
        </p>
      )}
      <PolicyFields draft={draft} onChange={onChange} />
      <Plan draft={draft} named={named} />
    </>
  );
}

function Plan({ draft, named }: { readonly draft: PolicyDraft; readonly named: KnownPolicy | undefined }) {
  if (named !== undefined) return <SchedulePlan policy={named.policy} />;
  if (draft.choice.startsWith('pol_')) return null;
  const read = policyOf(draft);
  return <SchedulePlan policy={'message' in read ? read.message : read.policy} preset={presetOf(draft.choice)} />;
}

function presetOf(choice: string): RetryPreset | undefined {
  return Object.hasOwn(retryPresets, choice) ? retryPresets[choice as RetryPresetName] : undefined;
}

function choicesOf(policies: readonly KnownPolicy[], chosen: string): ComboboxData {
  const isUnknown = chosen.startsWith('pol_') && !policies.some(({ id }) => id === chosen);
  const named = [...policies.map(({ id, name }) => ({ value: id, label: name })), ...(isUnknown ? [{ value: chosen, label: chosen }] : [])];
  return [
    ...(named.length === 0 ? [] : [{ group: 'Named policies', items: named }]),
    { group: 'Presets', items: retryPresetNames.map((name) => ({ value: name, label: retryPresets[name].title })) },
    { group: 'Only for this endpoint', items: [...policyKinds] },
  ];
}
