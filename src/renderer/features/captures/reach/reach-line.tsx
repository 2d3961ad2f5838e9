import { useStore } from 'zustand';
import { IconAlertTriangle, IconDownload, IconUsers, IconWorld } from '@tabler/icons-react';
import type { Bin } from '#shared/contract/bins.ts';
import { countText } from '../../../base/size-format.ts';
import { CopyButton } from '../../../ui/copy-button.tsx';
import type { ReachStore } from './reach-store.ts';
import styles from './reach.module.css';

/** Under the URL of a bin: how else it is reached, where it is; nothing otherwise. */
export function ReachLine({ store, bin }: { readonly store: ReachStore; readonly bin: Bin }) {
  const { sources, streamKeys, tunnels } = useStore(store);
  const own = sources.filter(({ binId }) => binId === bin.id);
  const connected = own.filter(({ state }) => state === 'connected').length;
  const troubled = own.filter(({ state }) => state === 'waiting' || state === 'refused').length;
  const followers = streamKeys.filter(({ binId }) => binId === bin.id).reduce((sum, key) => sum + key.followers, 0);
  const tunnel = tunnels.find(({ binId }) => binId === bin.id) ?? null;
  if (own.length === 0 && followers === 0 && tunnel === null) return null;
  return (
    <p className={styles['line']}>
      {tunnel?.publicUrl != null && (
        <span className={styles['public']}>
          <IconWorld size={14} stroke={2} aria-hidden />
          <span className="truncate mono" title={tunnel.publicUrl}>
            {tunnel.publicUrl}
          </span>
          <CopyButton label="Copy the public URL" text={tunnel.publicUrl} />
        </span>
      )}
      {own.length > 0 && (
        <span data-meaning={troubled > 0 ? 'trouble' : undefined}>
          {troubled > 0 ? <IconAlertTriangle size={14} stroke={2.2} aria-hidden /> : <IconDownload size={14} stroke={2} aria-hidden />}
          {troubled > 0
            ? `${countText(troubled, 'source', 'sources')} not connected`
            : `${connected} of ${countText(own.length, 'source', 'sources')} connected`}
        </span>
      )}
      {followers > 0 && (
        <span>
          <IconUsers size={14} stroke={2} aria-hidden /> {countText(followers, 'follower', 'followers')}
        </span>
      )}
    </p>
  );
}
