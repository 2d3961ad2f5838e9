import { IconAdjustmentsHorizontal } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { useSession } from '../../session.tsx';
import { AreaBar } from '../../ui/area-bar.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { settingGroups } from './setting-list.tsx';
import { searchSettings } from './setting-search.ts';
import styles from './settings.module.css';

/** The settings in groups, each with its effect; a search narrows them. */
export function AreaView() {
  const { engine } = useSession();
  const { settings, health, problem } = useStore(engine);
  const [text, setText] = useState('');
  const groups = settings === null ? [] : searchSettings(settingGroups(settings, health, engine), text);
  return (
    <>
      <AreaBar title="Settings" search={{ value: text, onChange: setText, placeholder: 'Search settings' }} />
      <ProgressBar isActive={settings === null && problem === null} />
      <div className={styles['scroll']}>
        <div className={styles['page']}>
          <ErrorNotice problem={problem} onRetry={() => void engine.load()} />
          {settings !== null && groups.length === 0 && (
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
        </div>
      </div>
    </>
  );
}
