import { Button, CloseButton } from '@mantine/core';
import { useThrottledCallback } from '@mantine/hooks';
import { IconChevronDown, IconChevronRight, IconInfoCircle } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { undeliveredLookedAt } from '#shared/contract/messages.ts';
import { matchesEvent } from '#shared/event-pattern.ts';
import { formatRoute } from '../../base/router.ts';
import { countText, numberText } from '../../base/size-format.ts';
import { useCatalogue, useChanges, useClient } from '../../stores/session.tsx';
import { IdText } from '../../ui/id-text.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { byReason, createUnheardStore, type SameReason, type UnheardStore } from './unheard-store.ts';
import styles from './unheard-strip.module.css';

/** Storage key of the newest message that was hidden. */
const asideKey = 'hookyard.deliveries.unheard-aside';

/** Many messages at once cause one request in this time. */
const pauseMs = 500;

/** Reports messages that no endpoint got, which therefore have no row in the log. If hidden, it comes back with the next one. */
export function UnheardStrip() {
  const client = useClient();
  const [store] = useState(() => createUnheardStore(client));
  const { items, total } = useStore(store);
  const [isOpen, setOpen] = useState(false);
  const [asideId, setAsideId] = useState(() => localStorage.getItem(asideKey));
  useFollowing(store);
  const newest = items[0];
  if (newest === undefined || newest.id === asideId) return null;
  const putAside = () => {
    localStorage.setItem(asideKey, newest.id);
    setAsideId(newest.id);
  };
  const Chevron = isOpen ? IconChevronDown : IconChevronRight;
  return (
    <section className={styles['strip']} aria-label="Messages that no endpoint got">
      <div className={styles['line']}>
        <IconInfoCircle size={15} stroke={2} aria-hidden />
        <p>
          {countText(total, 'message', 'messages')} went to no endpoint, the newest <TimeText atMs={newest.createdAtMs} />.
        </p>
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          aria-expanded={isOpen}
          rightSection={<Chevron size={13} aria-hidden />}
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? 'Hide' : 'Show why'}
        </Button>
        <CloseButton size="sm" aria-label="Hide until there is another" onClick={putAside} />
      </div>
      {isOpen && (
        <ul className={styles['list']} tabIndex={0} aria-label="Messages without a delivery">
          {byReason(items).map((messages) => (
            <UnheardMessages key={messages[0].id} messages={messages} />
          ))}
          <li className={styles['more']}>
            {total > items.length && `And ${numberText(total - items.length)} more. `}The newest {numberText(undeliveredLookedAt)} messages
            are looked at.
          </li>
        </ul>
      )}
    </section>
  );
}

/** Messages with one reason, which stands once below them. */
function UnheardMessages({ messages }: { readonly messages: SameReason }) {
  const known = useCatalogue().endpoints;
  const [{ type, why, endpoints }] = messages;
  const [first] = endpoints;
  const listener = known.find((endpoint) => endpoint.id === first?.id && endpoint.isActive && matchesEvent(endpoint.events, type));
  return (
    <li>
      {messages.map((message) => (
        <div key={message.id} className={styles['what']}>
          <code className="truncate" title={message.type}>
            {message.type}
          </code>
          <IdText id={message.id} label="message id" />
          <TimeText atMs={message.createdAtMs} />
        </div>
      ))}
      <p>
        {why}{' '}
        {listener !== undefined ? (
          <a href={formatRoute({ area: 'deliveries', query: { replay: 'missing', endpoint: listener.id } })}>Replay what is missing</a>
        ) : (
          first !== undefined && <a href={formatRoute({ area: 'endpoints', id: first.id })}>Open {first.name}</a>
        )}
      </p>
    </li>
  );
}

/** Reads at first, and again when there may be others, or other reasons. */
function useFollowing(store: UnheardStore) {
  const read = useThrottledCallback(() => void store.read(), pauseMs);
  useEffect(() => void store.read(), [store]);
  useChanges(['messages', 'endpoints'], read);
  // A replay of what is missing makes deliveries, and nothing else does for a message that has none.
  useChanges(['deliveries'], () => {
    if (store.getState().total > 0) read();
  });
}
