import { Button, Modal } from '@mantine/core';
import { IconArrowLeft, IconRepeat } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { Replay, ReplaySource } from '#shared/contract/replays.ts';
import { useChanges, useClient, useSession, useSettings } from '../../stores/session.tsx';
import { numberText } from '../../base/size-format.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import type { DeliveryFilter } from './filter.ts';
import { knownCauses } from './known-causes.ts';
import { ReplayForm } from './replay-form.tsx';
import { ReplayBadge, ReplayBar, ReplayProgress } from './replay-progress.tsx';
import { ReplayVerdicts } from './replay-verdicts.tsx';
import { replayWords, verdictSentence } from './replay-words.ts';
import type { ReplayStores } from './replays-store.ts';
import styles from './replays.module.css';

interface ReplayDialogProps {
  readonly stores: ReplayStores;
  /** `all`, a kind of source for a new replay, or the id of one; null when it is closed. */
  readonly shown: string | null;
  readonly filter: DeliveryFilter;
  /** How the failure group of the filter fails, in words; null without one, or where that is not known. */
  readonly cause: string | null;
  readonly endpointId: string | null;
  readonly onShow: (shown: string | null) => void;
  readonly onShowDeliveries: (replayId: string) => void;
}

/** A new replay, one under way, or all there were. */
export function ReplayDialog({ stores, shown, filter, cause, endpointId, onShow, onShowDeliveries }: ReplayDialogProps) {
  const { announce } = useSession();
  const close = () => onShow(null);
  const isOne = shown !== null && shown.startsWith('rpl_');
  const title = shown === 'all' ? 'Replays' : isOne ? 'Replay' : 'Replay deliveries';
  return (
    <Modal opened={shown !== null} onClose={close} title={title} size={680} closeButtonProps={{ 'aria-label': 'Close' }}>
      {shown === null ? null : shown === 'all' ? (
        <ReplayList stores={stores} onShow={onShow} />
      ) : isOne ? (
        <>
          <OneReplay stores={stores} id={shown} onShowDeliveries={() => onShowDeliveries(shown)} />
          <Button size="compact-xs" variant="subtle" mt={12} leftSection={<IconArrowLeft size={14} />} onClick={() => onShow('all')}>
            All replays
          </Button>
        </>
      ) : (
        <ReplayForm
          key={shown}
          dryRun={stores.dryRun}
          filter={filter}
          cause={cause}
          initialKind={kindOf(shown)}
          initialEndpointId={endpointId}
          onClose={close}
          onStarted={(replay) => {
            announce('Replay started');
            onShow(replay.id);
          }}
        />
      )}
    </Modal>
  );
}

function kindOf(shown: string): Exclude<ReplaySource['kind'], 'captures'> {
  return shown === 'recover' || shown === 'missing' ? shown : 'redeliver';
}

interface OneReplayProps {
  readonly stores: ReplayStores;
  readonly id: string;
  readonly onShowDeliveries: () => void;
}

function OneReplay({ stores, id, onShowDeliveries }: OneReplayProps) {
  const { detail, list, verdicts } = stores;
  const { item, status, problem } = useStore(detail);
  const judged = useStore(verdicts, (state) => state.item);
  useEffect(() => void detail.open(id), [detail, id]);
  useChanges(['replays', 'deliveries'], () => void detail.refresh());
  return (
    <>
      <ProgressBar isActive={status === 'loading'} />
      <ErrorNotice problem={problem} onRetry={() => void detail.refresh()} />
      {item !== null && item.id === id && (
        <ReplayProgress
          replay={item}
          verdict={judged?.id === id ? verdictSentence(item, judged.counts) : null}
          onChanged={() => {
            void detail.refresh();
            void list.refresh(null);
          }}
          onShowDeliveries={onShowDeliveries}
        >
          {item.replayed > 0 && <ReplayVerdicts key={id} stores={stores} id={id} />}
        </ReplayProgress>
      )}
    </>
  );
}

function ReplayList({ stores: { list }, onShow }: { readonly stores: ReplayStores; readonly onShow: (shown: string) => void }) {
  const { items, status, problem, hasMore, isLoadingMore } = useStore(list);
  const causes = knownCauses(useClient());
  const isUtc = useSettings()?.isUtc ?? false;
  return (
    <>
      <ProgressBar isActive={status === 'loading' || isLoadingMore} />
      <ErrorNotice problem={problem} onRetry={() => void list.load()} />
      {status === 'ready' && items.length === 0 ? (
        <EmptyState
          icon={IconRepeat}
          sentence="Nothing has been replayed yet. A replay sends many deliveries again, at a rate, and can be paused."
          action={
            <Button size="xs" onClick={() => onShow('redeliver')}>
              Replay what matches
            </Button>
          }
          example={<code>npm run -s hookyard -- replay --status exhausted --since 2h --dry-run</code>}
        />
      ) : (
        <ul className={styles['list']} aria-label="Replays">
          {items.map((replay) => (
            <li key={replay.id}>
              <button type="button" onClick={() => onShow(replay.id)}>
                <ReplayBadge replay={replay} plain />
                <span className="truncate">{replayWords(replay, isUtc, causes)}</span>
                <ReplayBar replay={replay} />
                <span className={styles['figure']}>
                  {numberText(replay.replayed)} of {numberText(replay.total)}
                </span>
                <span className={styles['note']}>
                  <TimeText atMs={replay.createdAtMs} />
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {hasMore && (
        <Button size="xs" variant="default" mt={8} onClick={() => void list.loadMore()}>
          Show more
        </Button>
      )}
    </>
  );
}

/** A strip for each replay that runs or is paused, so that none is overlooked when its dialog is closed. */
export function ReplayStrips({ stores: { list }, onShow }: { readonly stores: ReplayStores; readonly onShow: (shown: string) => void }) {
  const replays = useStore(list, (state) => state.items);
  const causes = knownCauses(useClient());
  const isUtc = useSettings()?.isUtc ?? false;
  const open = replays.filter(({ status }) => status === 'running' || status === 'paused');
  if (open.length === 0) return null;
  return (
    <section className={styles['strips']} aria-label="Replays under way">
      {open.slice(0, shownStrips).map((replay: Replay) => (
        <button key={replay.id} type="button" onClick={() => onShow(replay.id)} title="Show this replay">
          <ReplayBadge replay={replay} plain />
          <span className="truncate">Replay of {replayWords(replay, isUtc, causes)}</span>
          <ReplayBar replay={replay} />
          <span className={styles['figure']}>
            {numberText(replay.replayed)} of {numberText(replay.total)}
          </span>
        </button>
      ))}
      {open.length > shownStrips && (
        <button type="button" onClick={() => onShow('all')}>
          and {numberText(open.length - shownStrips)} more
        </button>
      )}
    </section>
  );
}

const shownStrips = 2;
