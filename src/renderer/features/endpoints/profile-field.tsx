import { Select } from '@mantine/core';
import { useState } from 'react';
import { toProblem } from '../../base/problem.ts';
import { useClient } from '../../stores/session.tsx';
import { withProfile, type EndpointDraft } from './endpoint-draft.ts';
import { useProfiles } from './use-profile.ts';

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
    <Select
      label="Behaves like"
      placeholder="No other system"
      description={summary ?? 'Fills in headers, body, signature and retries as a system has them. You can change every field afterwards.'}
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
  );
}
