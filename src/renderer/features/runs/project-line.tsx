import { Button } from '@mantine/core';
import { IconFile, IconFolder } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { countText } from '../../base/size-format.ts';
import { useKeys, useSession } from '../../stores/session.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { ChooseProject } from './choose-project.tsx';
import type { OpenProject } from './open-project.ts';
import type { ProjectRuns } from './project-runs.ts';
import styles from './project-line.module.css';

/** Where the tests are from, when that was read, and how it is read again. */
export function ProjectLine({ project: { name, chosen }, runs }: { readonly project: OpenProject; readonly runs: ProjectRuns }) {
  const { announce } = useSession();
  const { readAtMs, queue } = useStore(runs);
  const readAgain = async () => {
    if (!chosen.isKept || queue.length > 0) return;
    const project = await runs.upToDate();
    if (project !== null) announce(`Read again: ${countText(project.runs.length, 'test', 'tests')}`);
  };
  useKeys({ u: () => void readAgain() });
  const ProjectIcon = chosen.isFolder ? IconFolder : IconFile;
  return (
    <div className={styles['line']}>
      <span className={styles['name']} title={name}>
        <ProjectIcon size={14} aria-hidden />
        <span className="truncate">{name}</span>
      </span>
      <span className={styles['read']}>
        {chosen.isKept ? 'read' : 'chosen'} <TimeText atMs={readAtMs} />
        {!chosen.isKept && '; after a change, choose it again'}
      </span>
      <span className={styles['actions']}>
        {chosen.isKept && (
          <Button size="compact-xs" variant="default" disabled={queue.length > 0} onClick={() => void readAgain()} title="u">
            Read again
          </Button>
        )}
        <ChooseProject runs={runs} isFolder={chosen.isFolder} size="compact-xs">
          Choose again
        </ChooseProject>
        <Button size="compact-xs" variant="default" onClick={runs.close}>
          Close
        </Button>
      </span>
    </div>
  );
}
