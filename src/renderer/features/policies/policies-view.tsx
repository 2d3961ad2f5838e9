import { IconRepeat } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import type { NamedPolicy } from '#shared/contract/policies.ts';
import { scheduleSummary } from '#shared/schedule-preview.ts';
import { useClient, useSettings } from '../../stores/session.tsx';
import { SharedThings, usersText, type SharedKind } from '../../ui/shared-things.tsx';
import { namedWords, newNamed, type NamedDraft } from './named-draft.ts';
import { createPolicyList } from './policies-store.ts';
import { PolicyView } from './policy-view.tsx';

/** The named retry policies, as a section of the settings; `sections` switches to the others. */
export function PoliciesView({ sections }: { readonly sections: ReactNode }) {
  const client = useClient();
  const [list] = useState(() => createPolicyList(client));
  const timeScale = useSettings()?.timeScale ?? 1;
  const kind: SharedKind<NamedPolicy, NamedDraft> = {
    topic: 'policies',
    key: 'policy',
    noun: 'retry policy',
    label: 'Retry policies',
    newLabel: 'New policy',
    icon: IconRepeat,
    empty: {
      sentence: 'A named retry policy is one schedule for many endpoints, such as all of a plan: one change applies to all of them.',
      example: 'Free: 3   1 m, 10 m\nPro: 8    doubling from 30 s',
    },
    blank: newNamed,
    words: namedWords,
    list,
    fetchItem: (id, signal) => client.policies.get({ id }, { signal }),
    asideOf: usersText,
    noteOf: ({ policy }) => scheduleSummary(policy, timeScale),
  };
  return (
    <SharedThings
      kind={kind}
      sections={sections}
      renderDetail={({ item, ...ways }) => <PolicyView key={item?.id ?? 'new'} named={item} {...ways} />}
    />
  );
}
