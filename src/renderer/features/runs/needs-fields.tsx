import { Checkbox, PasswordInput } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import type { FollowedRun } from './followed-run.ts';
import type { ProjectRuns } from './project-runs.ts';
import { goesTo, missingText, type Need } from './run-needs.ts';
import styles from './needs-fields.module.css';

interface NeedsFieldsProps {
  readonly needs: readonly Need[];
  readonly runs: ProjectRuns;
  /** A run that could not begin: the field of what it lacks gets the focus. */
  readonly result?: FollowedRun | null;
  /** Enter in a field. */
  readonly onEnter?: () => void;
}

/** What runs need from outside of their text, and where it goes: values that are typed here, secrets of the workspace that are agreed to, and files. */
export function NeedsFields({ needs, runs, result = null, onEnter }: NeedsFieldsProps) {
  const section = useRef<HTMLElement>(null);
  const lacked = result?.problem?.issues[0]?.path;
  useEffect(() => {
    if (lacked !== undefined) section.current?.querySelector<HTMLInputElement>(`[data-need="${CSS.escape(lacked)}"] input`)?.focus();
  }, [lacked, result]);
  if (needs.length === 0) return null;
  return (
    <section
      ref={section}
      className={styles['needs']}
      aria-label="What it reads"
      onKeyDown={(event) => {
        if (event.key === 'Enter' && event.target instanceof HTMLInputElement) onEnter?.();
      }}
    >
      {needs.map((need) => (
        <div key={need.key} className={styles['need']} data-need={need.what}>
          <span className={styles['name']}>
            <code>{need.what}</code>
            <span className={styles['hosts']}>{goesTo(need)}</span>
          </span>
          <NeedField need={need} runs={runs} />
        </div>
      ))}
    </section>
  );
}

function NeedField({ need, runs }: { readonly need: Need; readonly runs: ProjectRuns }) {
  const { what, hosts, key, kind } = need;
  const { secrets, agreed, project } = useStore(runs);
  switch (kind) {
    case 'typed':
      return (
        <PasswordInput
          size="xs"
          aria-label={`Value of ${what}`}
          placeholder="Its value; kept in this window only"
          value={secrets[key] ?? ''}
          onChange={(event) => runs.setSecret(key, event.currentTarget.value)}
        />
      );
    case 'agreed':
      return (
        <Checkbox
          size="xs"
          label="A secret of this workspace: let it go there"
          aria-label={`Let ${what} go to ${hosts.length === 0 ? 'no URL of the project' : hosts.join(', ')}`}
          checked={agreed.has(key)}
          onChange={(event) => runs.setAgreed(key, event.currentTarget.checked)}
        />
      );
    case 'chosen':
      return <span className={styles['place']}>of the chosen files</span>;
    case 'missing':
      return (
        <span className={styles['place']} data-missing>
          {missingText({ isFolder: project?.named.isFolder === true })}
        </span>
      );
  }
}
