import { Tooltip } from '@mantine/core';
import { IconWorld } from '@tabler/icons-react';
import { formatRoute } from '../base/router.ts';
import { useSettings } from '../stores/session.tsx';
import styles from './rail.module.css';

/** Says in every area that bins are open to other machines; nothing while they are not. Leads to the setting. */
export function OpenChip({ isWide }: { readonly isWide: boolean }) {
  const settings = useSettings();
  if (settings === null || settings.openAddress === null) return null;
  const where = settings.openAddress === 'all' ? 'all addresses of this machine' : settings.openAddress;
  const label = `Bins are open to other machines at ${where}, for ${settings.allowedSenders.join(', ')}`;
  return (
    <Tooltip label={label} position="right" multiline maw={320}>
      <a className={styles['chip']} data-fast href={formatRoute({ area: 'settings' })} aria-label={label}>
        <IconWorld size={16} stroke={1.8} aria-hidden />
        {isWide && 'Open to others'}
      </a>
    </Tooltip>
  );
}
