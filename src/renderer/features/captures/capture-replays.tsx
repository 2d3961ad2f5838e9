import { Anchor } from '@mantine/core';
import type { DeliverySummary } from '#shared/contract/deliveries.ts';
import { formatRoute } from '../../base/router.ts';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import styles from './replay.module.css';

/** Where a capture went on to, by relays and by hand, each with how it stands. */
export function CaptureReplays({ replays }: { readonly replays: readonly DeliverySummary[] }) {
  if (replays.length === 0) return null;
  return (
    <ul className={styles['replays']} aria-label="Where it went on to">
      {replays.map((replay) => (
        <li key={replay.id}>
          <StatusBadge state={replay.isInFlight ? 'sending' : replay.status} />
          <Anchor className="truncate" fz={13} href={formatRoute({ area: 'deliveries', id: replay.id })}>
            Sent on to {replay.url}
          </Anchor>
          <TimeText atMs={replay.createdAtMs} as="age" />
        </li>
      ))}
    </ul>
  );
}
