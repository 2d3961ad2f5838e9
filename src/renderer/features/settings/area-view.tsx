import { SegmentedControl } from '@mantine/core';
import { IconAdjustmentsHorizontal } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { useRoute, useSession } from '../../stores/session.tsx';
import { AreaBar } from '../../ui/area-bar.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { useSearchText } from '../../ui/use-search.ts';
import { AuthsView } from '../auths/auths-view.tsx';
import { EnvironmentsView } from '../environments/environments-view.tsx';
import { PoliciesView } from '../policies/policies-view.tsx';
import { WhatIfView } from '../what-if/what-if-view.tsx';
import { GeneralForm } from './general-form.tsx';
import { settingGroups } from './setting-list.tsx';
import { searchSettings } from './setting-search.ts';
import styles from './settings.module.css';

const namedSections = ['policies', 'what-if', 'auths', 'environments'] as const;

/** The sections of the settings: the workspace's own, the named retry policies, what an outage does under them, the authentications, and the environments. */
export function AreaView() {
  const { router } = useSession();
  const { id } = useRoute();
  const section = namedSections.find((name) => name === id) ?? 'general';
  const sections = (
    <SegmentedControl
      size="xs"
      aria-label="Section"
      value={section}
      data={[
        { value: 'general', label: 'General' },
        { value: 'policies', label: 'Retry policies' },
        { value: 'what-if', label: 'What if' },
        { value: 'auths', label: 'Authentication' },
        { value: 'environments', label: 'Environments' },
      ]}
      onChange={(value) => router.go({ area: 'settings', id: value === 'general' ? null : value })}
    />
  );
  switch (section) {
    case 'policies':
      return <PoliciesView sections={sections} />;
    case 'what-if':
      return <WhatIfView sections={sections} />;
    case 'auths':
      return <AuthsView sections={sections} />;
    case 'environments':
      return <EnvironmentsView sections={sections} />;
    case 'general':
      return <GeneralView sections={sections} />;
  }
}

/** The settings in groups, each with its effect; a search narrows them. */
function GeneralView({ sections }: { readonly sections: ReactNode }) {
  const { engine } = useSession();
  const { settings, health, problem } = useStore(engine);
  const [text, setText] = useSearchText();
  const groups = settings === null ? [] : searchSettings(settingGroups(settings, health, engine), text);
  return (
    <>
      <AreaBar title="Settings" lead={sections} search={{ value: text, onChange: setText, placeholder: 'Search settings' }} />
      <ProgressBar isActive={settings === null && problem === null} />
      {settings === null ? (
        <div className={styles['page']}>
          <ErrorNotice problem={problem} onRetry={() => void engine.load()} />
        </div>
      ) : (
        <GeneralForm settings={settings} onShowAll={() => text !== '' && setText('')}>
          <ErrorNotice problem={problem} onRetry={() => void engine.load()} />
          {groups.length === 0 && (
            <EmptyState icon={IconAdjustmentsHorizontal} sentence={`No setting has "${text}" in its name or effect.`} />
          )}
          {groups.map((group) => (
            <section key={group.title} className={styles['group']} aria-label={group.title}>
              <h2>{group.title}</h2>
              {group.entries.map(({ title, effect, control }) => (
                <div key={title} className={styles['entry']}>
                  <div>
                    <h3>{title}</h3>
                    <p>{effect}</p>
                  </div>
                  <div className={styles['control']}>{control}</div>
                </div>
              ))}
            </section>
          ))}
        </GeneralForm>
      )}
    </>
  );
}
