import { Button, Menu } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import type { Profile } from '#shared/contract/profiles.ts';
import { withProfile, type EndpointDraft } from './endpoint-draft.ts';
import { contractLabel, useEndpointWords } from './endpoint-words.ts';
import { limitFields, limitsDraftOf, limitsOf } from './limits-draft.ts';

interface BackToProfileProps {
  readonly profile: Profile;
  readonly draft: EndpointDraft;
  /** Fields of the saved endpoint that differ from its profile, as the contract calls them. */
  readonly changed: readonly string[];
  readonly onChange: (draft: EndpointDraft) => void;
}

/** Puts single fields back to what the profile has; they are saved with the form. */
export function BackToProfile({ profile, draft, changed, onChange }: BackToProfileProps) {
  const words = useEndpointWords();
  if (changed.length === 0) return null;
  const restored = (fields: readonly string[]) => fields.reduce((each, field) => withFieldOfProfile(each, profile, field), draft);
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button size="compact-xs" variant="default" leftSection={<IconArrowBackUp size={12} />}>
          Back to profile
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {changed.map((field) => (
          <Menu.Item key={field} onClick={() => onChange(restored([field]))}>
            {contractLabel(words, field)}
          </Menu.Item>
        ))}
        {changed.length > 1 && <Menu.Item onClick={() => onChange(restored(changed))}>All of these</Menu.Item>}
      </Menu.Dropdown>
    </Menu>
  );
}

/** The draft with one field of the contract as its profile has it. */
function withFieldOfProfile(draft: EndpointDraft, profile: Profile, field: string): EndpointDraft {
  const filled = withProfile(draft, profile);
  if (field === 'retryPolicy') return { ...draft, retry: filled.retry };
  if (field === 'timeoutMs') return { ...draft, timeout: filled.timeout };
  if ((limitFields as readonly string[]).includes(field)) return { ...draft, limits: limitsWith(draft, filled, field) };
  return field in draft ? { ...draft, [field]: filled[field as keyof EndpointDraft] } : draft;
}

function limitsWith(draft: EndpointDraft, filled: EndpointDraft, field: string): EndpointDraft['limits'] {
  const [own, ofProfile] = [limitsOf(draft.limits), limitsOf(filled.limits)];
  // What cannot be read cannot be put together either.
  if ('issues' in own || 'issues' in ofProfile) return filled.limits;
  return limitsDraftOf({ ...own.value, [field]: ofProfile.value[field as keyof typeof ofProfile.value] });
}
