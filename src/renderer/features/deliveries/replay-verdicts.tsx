import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { JudgedAttempt, JudgedDelivery, ReplayVerdict } from '#shared/contract/replay-verdicts.ts';
import { endText, replayVerdictTones, replayVerdictWords, toldVerdicts } from '#shared/replay-verdict-words.ts';
import { oneAtATime } from '../../base/one-at-a-time.ts';
import { countText, numberText } from '../../base/size-format.ts';
import { formatRoute } from '../../base/router.ts';
import { useChanges } from '../../stores/session.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import type { ReplayStores } from './replays-store.ts';
import styles from './replay-verdicts.module.css';

interface ReplayVerdictsProps {
  readonly stores: Pick<ReplayStores, 'verdicts' | 'judged'>;
  readonly id: string;
}

/** How many times as long as it took the next look waits. */
const restFactor = 4;

/** What a replay fixed, what it broke and what fails as before, with the deliveries of the verdict that is chosen. */
export function ReplayVerdicts({ stores: { verdicts, judged }, id }: ReplayVerdictsProps) {
  const { item, problem } = useStore(verdicts);
  const [chosen, setChosen] = useState<ReplayVerdict | null>(null);
  useEffect(() => void verdicts.open(id), [verdicts, id]);
  // Each goes over all deliveries of the replay, and while it runs they change all the time.
  const [refresh] = useState(() =>
    oneAtATime(async (isListShown: boolean) => {
      await verdicts.refresh();
      if (isListShown) await judged.refresh(null);
    }, restFactor),
  );
  useChanges(['replays', 'deliveries'], () => void refresh(chosen !== null));
  if (item === null || item.id !== id) return <ErrorNotice problem={problem} onRetry={() => void verdicts.refresh()} />;
  const told = toldVerdicts(item.counts);
  if (told.length === 0) return null;
  const choose = (verdict: ReplayVerdict | null) => {
    setChosen(verdict);
    if (verdict !== null) void judged.setFilter({ id, verdict });
  };
  return (
    <section className={styles['verdicts']} aria-label="What came of it">
      <div className={styles['choices']}>
        {told.map(({ verdict, count }) => (
          <button
            key={verdict}
            type="button"
            className={styles['choice']}
            data-tone={replayVerdictTones[verdict]}
            aria-pressed={chosen === verdict}
            onClick={() => choose(chosen === verdict ? null : verdict)}
          >
            <b>{numberText(count)}</b> {replayVerdictWords[verdict]}
          </button>
        ))}
      </div>
      {chosen === null ? (
        <ul className={styles['failures']} aria-label="What fails">
          {item.failures.map((group) => (
            <li key={`${group.endpointId} ${endText(group)}`}>
              <span className="mono">{endText(group)}</span> at {group.endpointName}: {countText(group.count, 'delivery', 'deliveries')},{' '}
              <a href={formatRoute({ area: 'deliveries', id: group.exampleId })}>such as this one</a>
            </li>
          ))}
          {item.moreFailures > 0 && <li>and {countText(item.moreFailures, 'more way to fail', 'more ways to fail')}</li>}
        </ul>
      ) : (
        <JudgedList store={judged} />
      )}
    </section>
  );
}

function JudgedList({ store }: { readonly store: ReplayStores['judged'] }) {
  const { items, problem, hasMore, isLoadingMore } = useStore(store);
  return (
    <>
      <ErrorNotice problem={problem} onRetry={() => void store.load()} />
      <ul className={styles['rows']} aria-label="Its deliveries">
        {items.map((delivery) => (
          <li key={delivery.deliveryId}>
            <a className="truncate" href={formatRoute({ area: 'deliveries', id: delivery.deliveryId })}>
              {delivery.eventType}
            </a>
            <span className="truncate">{delivery.endpointName}</span>
            <Ends delivery={delivery} />
          </li>
        ))}
      </ul>
      {hasMore && (
        <Button size="compact-xs" variant="default" loading={isLoadingMore} onClick={() => void store.loadMore()}>
          Show more
        </Button>
      )}
    </>
  );
}

/** How it ended before and since: `500 → 200`. */
function Ends({ delivery: { before, after } }: { readonly delivery: JudgedDelivery }) {
  return (
    <span className={`mono ${styles['ends'] ?? ''}`}>
      {before !== null && <End attempt={before} />}
      {before !== null && after !== null && <span aria-label="then">→</span>}
      {after !== null && <End attempt={after} />}
    </span>
  );
}

function End({ attempt }: { readonly attempt: JudgedAttempt }) {
  return <span data-tone={attempt.isDelivered ? 'good' : 'bad'}>{endText(attempt)}</span>;
}
