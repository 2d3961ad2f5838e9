import { Tooltip } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import iconUrl from './icon.svg';
import { formatRoute } from '../base/router.ts';
import { useRoute, useSession } from '../stores/session.tsx';
import { areaEntries, type AreaEntry } from './navigation.ts';
import { EnvironmentChip } from './environment-chip.tsx';
import { OpenChip } from './open-chip.tsx';
import { EngineMark, WorkspaceMark } from './rail-foot.tsx';
import { TimeScaleChip } from './time-scale-chip.tsx';
import styles from './rail.module.css';

/** The rail on the left: the areas, and at its foot the workspace, the time scale and how the engine is. */
export function Rail() {
  const isWide = useMediaQuery('(min-width: 1280px)', undefined, { getInitialValueInEffect: false });
  const { area } = useRoute();
  return (
    <nav className={styles['rail']} data-wide={isWide || undefined} aria-label="Areas">
      <div className={styles['brand']}>
        <img src={iconUrl} width={24} height={24} alt="" />
        {isWide && <span>Hookyard</span>}
      </div>
      <ul className={styles['areas']}>
        {areaEntries.map((entry) => (
          <li key={entry.area}>
            <AreaLink entry={entry} isCurrent={entry.area === area} isWide={isWide} />
          </li>
        ))}
      </ul>
      <div className={styles['foot']}>
        <OpenChip isWide={isWide} />
        <EnvironmentChip isWide={isWide} />
        <TimeScaleChip isWide={isWide} />
        <WorkspaceMark isWide={isWide} />
        <EngineMark isWide={isWide} />
      </div>
    </nav>
  );
}

function AreaLink({ entry, isCurrent, isWide }: { readonly entry: AreaEntry; readonly isCurrent: boolean; readonly isWide: boolean }) {
  const { router } = useSession();
  const AreaIcon = entry.icon;
  return (
    <Tooltip label={`${entry.label}  (g ${entry.key})`} position="right" disabled={isWide}>
      <a
        className={styles['link']}
        href={formatRoute(isCurrent ? { area: entry.area } : router.lastOf(entry.area))}
        aria-current={isCurrent ? 'page' : undefined}
        aria-label={isWide ? undefined : entry.label}
      >
        <AreaIcon size={18} stroke={1.8} aria-hidden />
        {isWide && <span>{entry.label}</span>}
      </a>
    </Tooltip>
  );
}
