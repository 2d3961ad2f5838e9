import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconClock, IconStethoscope, IconX } from '@tabler/icons-react';
import { useEffect, useState, type ReactNode } from 'react';
import { useStore } from 'zustand';
import { wrongText } from '#shared/check-words.ts';
import type { Check } from '#shared/contract/checks.ts';
import { countText } from '../../base/size-format.ts';
import { createListStore } from '../../stores/list-store.ts';
import { useChanges, useClient, useKeys, useSession } from '../../stores/session.tsx';
import { AreaBar } from '../../ui/area-bar.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { MeaningBadge } from '../../ui/status-badge.tsx';
import { SplitPane } from '../../ui/split-pane.tsx';
import { StoredList } from '../../ui/stored-list.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { CheckDetailView } from './check-detail.tsx';
import { NewCheck } from './new-check.tsx';
import { checksPage } from './checks-route.ts';
import styles from './checks-view.module.css';

interface ChecksViewProps {
  /** The check that is shown; null for none. */
  readonly id: string | null;
  /** The switch between endpoints and checks. */
  readonly pages: ReactNode;
}

/** Past checks of receivers with how they came out, and one of them as a report. */
export function ChecksView({ id, pages }: ChecksViewProps) {
  const client = useClient();
  const { router } = useSession();
  const [list] = useState(() =>
    createListStore<Check, string>({
      idOf: (check) => check.id,
      filter: '',
      fetchPage: ({ cursor, limit, signal }) => client.checks.list({ limit, ...(cursor === undefined ? {} : { cursor }) }, { signal }),
    }),
  );
  const [isAsking, setAsking] = useState(false);
  const { items, status, hasMore } = useStore(list);
  useEffect(() => void list.load(), [list]);
  useEffect(() => list.select(id), [list, id]);
  useChanges(['checks'], (ids) => void list.refresh(ids));
  const open = (target: string | null) => router.visit({ area: 'endpoints', id: target ?? checksPage });
  const close = () => open(null);
  useKeys({ n: () => setAsking(true), Escape: close });
  const isEmpty = status === 'ready' && items.length === 0 && id === null;
  const begin = (
    <Button size="xs" leftSection={<IconStethoscope size={14} />} onClick={() => setAsking(true)}>
      Check a receiver…
    </Button>
  );
  return (
    <>
      <AreaBar
        title="Endpoints"
        lead={pages}
        count={status === 'ready' && !isEmpty ? `${countText(items.length, 'check', 'checks')}${hasMore ? ' and more' : ''}` : undefined}
        action={isEmpty ? undefined : begin}
      />
      {isEmpty ? (
        <EmptyState
          icon={IconStethoscope}
          sentence="A check sends a receiver genuine, forged and unusual requests, and says what it does wrong."
          action={begin}
          example={<code>hookyard check http://localhost:3000/hooks --profile stripe --secret-file secret.txt</code>}
        />
      ) : (
        <SplitPane
          name="checks"
          initialShare={0.4}
          list={
            <StoredList
              list={list}
              label="Checks"
              icon={IconStethoscope}
              nothingFound={(text) => `No check has "${text}".`}
              idOf={(check) => check.id}
              selectedId={id}
              onSelect={open}
              rowPx={44}
              renderRow={(check) => <CheckRow check={check} />}
              holdsNew
            />
          }
          detail={
            id === null ? null : (
              <CheckDetailView
                key={id}
                id={id}
                onStarted={open}
                onClose={close}
                onRemoved={() => router.replace({ area: 'endpoints', id: checksPage })}
              />
            )
          }
          onBack={close}
        />
      )}
      <NewCheck
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        onStarted={(started) => {
          setAsking(false);
          open(started);
        }}
      />
    </>
  );
}

function CheckRow({ check }: { readonly check: Check }) {
  const { name, eventType, createdAtMs, url } = check;
  return (
    <div className={styles['row']}>
      <b className="truncate" title={`${name}, ${url}`}>
        {name}
      </b>
      <span className={styles['time']}>
        <TimeText atMs={createdAtMs} />
      </span>
      <CheckStanding check={check} />
      <code className={`truncate ${styles['event']}`}>{eventType}</code>
    </div>
  );
}

/** How a check came out, in a word. */
function CheckStanding({ check }: { readonly check: Check }) {
  const { status, counts, defects, done, total } = check;
  if (status === 'running') return <MeaningBadge meaning="waiting" icon={IconClock} word={`${done} of ${total}`} plain />;
  const word = wrongText(check);
  if (counts.failed > 0 || defects.some(({ level }) => level === 'must'))
    return <MeaningBadge meaning="bad" icon={IconX} word={word} plain />;
  if (status !== 'completed' || counts.advice > 0 || counts.undecided > 0)
    return <MeaningBadge meaning="trouble" icon={IconAlertTriangle} word={word} plain />;
  return <MeaningBadge meaning="good" icon={IconCheck} word={word} plain />;
}
