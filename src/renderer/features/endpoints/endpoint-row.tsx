import type { Endpoint } from '#shared/contract/endpoints.ts';
import { IconClockExclamation } from '@tabler/icons-react';
import { healthState } from '../../ui/meaning.ts';
import { TlsMark } from '../../ui/tls-mark.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { UnsavedBadge } from '../../ui/unsaved-badge.tsx';
import { hostOf } from '../deliveries/sentence.ts';
import { Sparkline } from './sparkline.tsx';
import styles from './endpoint-row.module.css';

/** Names over the columns of {@link EndpointRow}. */
export function EndpointRowHead() {
  return (
    <div className={styles['row']}>
      <span>Health</span>
      <span>Name</span>
      <span className={styles['host']}>URL</span>
      <span className={styles['events']}>Events</span>
      <span className={styles['spark']}>Attempts</span>
      <span className={styles['last']}>Last delivery</span>
      <span className={styles['creator']}>Creator</span>
    </div>
  );
}

/** One endpoint in the list. */
export function EndpointRow({ endpoint }: { readonly endpoint: Endpoint }) {
  const { lastDelivery } = endpoint;
  return (
    <div className={styles['row']}>
      <span className={styles['health']} title={healthTitle(endpoint)}>
        <StatusBadge state={healthState(endpoint)} plain />
        {endpoint.isActive && (endpoint.disablesSoon.length > 0 || isOpen(endpoint.circuit)) && (
          <IconClockExclamation size={14} aria-label={healthTitle(endpoint)} className={styles['soon']} />
        )}
      </span>
      <span className={styles['name']}>
        <span className="truncate" title={endpoint.name}>
          {endpoint.name}
        </span>
        <TlsMark verifyTls={endpoint.verifyTls} />
        <UnsavedBadge draftKey={`endpoint:${endpoint.id}`} />
      </span>
      <span className={`truncate mono ${styles['host']}`} title={`${endpoint.method} ${endpoint.url}`}>
        {withoutScheme(endpoint.url)}
      </span>
      <span className={`truncate ${styles['events']}`} title={endpoint.events.join(', ')}>
        {eventsText(endpoint.events)}
      </span>
      <span className={styles['spark']}>
        <Sparkline attempts={endpoint.recentAttempts} />
      </span>
      <span className={styles['last']}>
        {lastDelivery === null ? (
          <span className={styles['faint']}>never</span>
        ) : (
          <>
            <code className={styles['code']} data-ok={lastDelivery.outcomeCode === 'ok'}>
              {lastDelivery.status ?? lastDelivery.outcomeCode}
            </code>
            <TimeText atMs={lastDelivery.atMs} />
          </>
        )}
      </span>
      <span className={`truncate ${styles['creator']}`} title={endpoint.creator}>
        {endpoint.creator}
      </span>
    </div>
  );
}

/** Why an endpoint has its health, and what is about to happen to it. */
function healthTitle({ healthMessage, disablesSoon, circuit }: Pick<Endpoint, 'healthMessage' | 'disablesSoon' | 'circuit'>): string {
  const open = isOpen(circuit) ? ['Its circuit is open.'] : [];
  return [healthMessage, ...open, ...disablesSoon.map(({ message }) => message)].join(' ');
}

function isOpen(circuit: Endpoint['circuit']): boolean {
  return circuit !== null && circuit.state !== 'closed';
}

function withoutScheme(url: string): string {
  const host = hostOf(url);
  return url.slice(url.indexOf(host));
}

function eventsText(events: readonly string[]): string {
  return events.includes('*') ? 'all events' : events.join(', ');
}
