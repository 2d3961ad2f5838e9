import { Menu, Tooltip } from '@mantine/core';
import { IconCheck, IconVariable } from '@tabler/icons-react';
import { useState } from 'react';
import type { Problem } from '../base/problem.ts';
import { countText } from '../base/size-format.ts';
import { useActiveEnvironment, useCatalogue, useSession } from '../stores/session.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import styles from './rail.module.css';

/** What stands for no environment among the ids. */
const none = 'none';

/** The environment that new messages take their variables from. A click switches it. */
export function EnvironmentChip({ isWide }: { readonly isWide: boolean }) {
  const { engine, router, announce } = useSession();
  const { environments } = useCatalogue();
  const active = useActiveEnvironment();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isOpen, setOpen] = useState(false);
  const choose = async (value: string) => {
    const chosen = environments.find(({ id }) => id === value) ?? null;
    const refused = await engine.update({ activeEnvironmentId: chosen?.id ?? null });
    setProblem(refused);
    // The reason stands in the menu.
    if (refused !== null) return;
    setOpen(false);
    announce(chosen === null ? 'No environment is active' : `${chosen.name} is active`);
  };
  const text = active?.name ?? 'No environment';
  return (
    <Menu opened={isOpen} onChange={setOpen} position="right-end" width={260} returnFocus>
      <Menu.Target>
        <Tooltip label={active === null ? 'No environment is active' : `Environment ${active.name}`} position="right" disabled={isOpen}>
          <button type="button" className={styles['chip']} data-on={active !== null || undefined} aria-label={`Environment: ${text}`}>
            <IconVariable size={16} stroke={1.8} aria-hidden />
            {(isWide || active !== null) && <span className={`truncate ${styles['chipText'] ?? ''}`}>{text}</span>}
          </button>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Environment</Menu.Label>
        <Menu.RadioGroup value={active?.id ?? none} onChange={(value) => void choose(value)}>
          <div className={styles['environments']}>
            {environments.map(({ id, name, variables }) => (
              <Menu.RadioItem
                key={id}
                value={id}
                checkIcon={<IconCheck size={14} aria-hidden />}
                rightSection={<span className={styles['aside']}>{countText(variables.length, 'variable', 'variables')}</span>}
              >
                <span className={styles['environment']} title={name}>
                  {name}
                </span>
              </Menu.RadioItem>
            ))}
            <Menu.RadioItem value={none} checkIcon={<IconCheck size={14} aria-hidden />}>
              None
            </Menu.RadioItem>
          </div>
        </Menu.RadioGroup>
        {problem !== null && <ErrorNotice problem={problem} />}
        <Menu.Divider />
        <Menu.Item onClick={() => router.go({ area: 'settings', id: 'environments' })}>Edit environments</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
