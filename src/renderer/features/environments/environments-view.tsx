import { IconVariable } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import type { Environment } from '#shared/contract/environments.ts';
import { useClient } from '../../stores/session.tsx';
import { SharedThings, type SharedKind } from '../../ui/shared-things.tsx';
import { environmentWords, newEnvironment, type EnvironmentDraft } from './environment-draft.ts';
import { EnvironmentView } from './environment-view.tsx';
import { createEnvironmentList } from './environments-store.ts';

/** The environments, as a section of the settings; `sections` switches to the others. */
export function EnvironmentsView({ sections }: { readonly sections: ReactNode }) {
  const client = useClient();
  const [list] = useState(() => createEnvironmentList(client));
  const kind: SharedKind<Environment, EnvironmentDraft> = {
    topic: 'environments',
    key: 'environment',
    noun: 'environment',
    label: 'Environments',
    newLabel: 'New environment',
    icon: IconVariable,
    empty: {
      sentence:
        'An environment is a named set of variables. Endpoints name them in URLs, headers and templates, and one switch sends to another system.',
      example: 'dev       baseUrl = http://127.0.0.1:3000\nstaging   baseUrl = https://staging.example.com',
    },
    blank: newEnvironment,
    words: environmentWords,
    list,
    fetchItem: (id, signal) => client.environments.get({ id }, { signal }),
    asideOf: ({ isActive }) => (isActive ? 'active' : ''),
    noteOf: ({ variables }) => (variables.length === 0 ? 'no variables' : variables.map(({ name }) => name).join(', ')),
  };
  return (
    <SharedThings
      kind={kind}
      sections={sections}
      renderDetail={({ item, ...ways }) => <EnvironmentView key={item?.id ?? 'new'} environment={item} {...ways} />}
    />
  );
}
