import { Select } from '@mantine/core';
import { useState } from 'react';
import { toProblem } from '../../base/problem.ts';
import { useCatalogue, useClient } from '../../stores/session.tsx';
import { withPolicy, withProfile, type EndpointDraft } from './endpoint-draft.ts';
import styles from './endpoint-form.module.css';
import { useProfile, useProfiles } from '../../stores/use-profile.ts';

interface ProfileFieldProps {
  readonly draft: EndpointDraft;
  readonly onChange: (draft: EndpointDraft) => void;
  readonly error: string | undefined;
}

/** Fills in the form of a new endpoint as a system behaves. Every field can be changed afterwards. */
export function ProfileField({ draft, onChange, error }: ProfileFieldProps) {
  const client = useClient();
  const profiles = useProfiles();
  const [failure, setFailure] = useState<string | null>(null);
  const choose = async (id: string | null) => {
    setFailure(null);
    if (id === null) return onChange({ ...draft, profile: null });
    try {
      onChange(withProfile(draft, await client.profiles.get({ id })));
    } catch (thrown) {
      setFailure(toProblem(thrown).message);
    }
  };
  const own = profiles.filter(({ isBuiltIn }) => !isBuiltIn);
  const builtIn = profiles.filter(({ isBuiltIn }) => isBuiltIn);
  const optionOf = ({ id, name }: (typeof profiles)[number]) => ({ value: id, label: name });
  const summary = profiles.find(({ id }) => id === draft.profile)?.summary;
  return (
    <div className={styles['rows']}>
      <Select
        label="Behaves like"
        placeholder="No other system"
        description={
          summary ?? 'Fills in headers, body, signature and retries as a system has them. You can change every field afterwards.'
        }
        inputWrapperOrder={['label', 'input', 'error', 'description']}
        data={[
          ...(own.length === 0 ? [] : [{ group: 'Your own', items: own.map(optionOf) }]),
          { group: 'Built in', items: builtIn.map(optionOf) },
        ]}
        searchable
        clearable
        nothingFoundMessage="No profile has this name."
        value={draft.profile}
        error={failure ?? error}
        onChange={(id) => void choose(id)}
      />
      <PlanField draft={draft} onChange={onChange} />
    </div>
  );
}

/** The plan of the system, where its retry policy depends on one. */
function PlanField({ draft, onChange }: Pick<ProfileFieldProps, 'draft' | 'onChange'>) {
  const client = useClient();
  const profile = useProfile(draft.profile);
  const { policies } = useCatalogue();
  const [failure, setFailure] = useState<string | null>(null);
  if (profile === null || profile.plans.length === 0) return null;
  const chosen = policies.find(({ id }) => id === draft.retry.choice)?.name;
  const choose = async (plan: string | null) => {
    setFailure(null);
    if (plan === null) return onChange(withPolicy(draft, profile.fields.retryPolicy));
    try {
      const { id: policyId } = await client.profiles.ensurePlan({ id: profile.id, plan });
      onChange(withPolicy(draft, { kind: 'named', policyId }));
    } catch (thrown) {
      setFailure(toProblem(thrown).message);
    }
  };
  return (
    <Select
      label="Plan"
      placeholder="No plan"
      description="Decides how long deliveries are tried: a named retry policy, which can be changed for all endpoints of the plan."
      inputWrapperOrder={['label', 'input', 'error', 'description']}
      data={profile.plans.map(({ name }) => name)}
      clearable
      value={profile.plans.find(({ name }) => `${profile.name}: ${name}` === chosen)?.name ?? null}
      error={failure}
      onChange={(plan) => void choose(plan)}
    />
  );
}
