import { notifications } from '@mantine/notifications';
import { useRef } from 'react';
import type { HealthEvent } from '#shared/contract/health.ts';
import { formatRoute } from '../base/router.ts';
import { useChanges, useClient, useSession } from '../stores/session.tsx';

/** Events that are announced in every area of the window. */
const told: ReadonlySet<HealthEvent['kind']> = new Set(['disabled', 'warned', 'circuitOpened']);

/** Older events are not announced. */
const newsMs = 10_000;

/** Announces endpoints that are disabled automatically, are about to be, or whose circuit opens. Renders nothing itself. */
export function HealthNotices() {
  const client = useClient();
  const { announce, router } = useSession();
  /** The last notice of each endpoint. */
  const seen = useRef(new Map<string, string>());
  const tell = async (id: string) => {
    const [endpoint, { items }] = await Promise.all([client.endpoints.get({ id }), client.endpoints.history({ id })]);
    const newest = items[0];
    // Who has the endpoint open sees it there.
    const isShown = router.route.getState().area === 'endpoints' && router.route.getState().id === id;
    if (newest === undefined || !told.has(newest.kind) || endpoint.disabledReason === 'byHand' || isShown) return;
    const notice = `${id} ${newest.kind} ${newest.atMs}`;
    const earlier = seen.current.get(id);
    if (notice === earlier || Date.now() - newest.atMs > newsMs) return;
    seen.current.set(id, notice);
    if (earlier !== undefined) notifications.hide(earlier);
    announce(`${endpoint.name}: ${newest.message}`);
    notifications.show({
      id: notice,
      title: <a href={formatRoute({ area: 'endpoints', id })}>{endpoint.name}</a>,
      message: <span style={{ color: 'var(--hy-text)' }}>{newest.message}</span>,
      color: newest.kind === 'disabled' ? 'red' : 'yellow',
      autoClose: 10_000,
    });
  };
  // An endpoint that is gone by now, or a lost connection, needs no word here.
  useChanges(['endpoint-health'], (ids) => void Promise.all((ids ?? []).map((id) => tell(id).catch(() => undefined))));
  return null;
}
