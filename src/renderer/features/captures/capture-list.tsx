import { IconPlugConnected, IconSearchOff } from '@tabler/icons-react';
import { Button, SegmentedControl } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { Bin } from '#shared/contract/bins.ts';
import type { RefusedSummary } from '#shared/contract/refused-requests.ts';
import { countText } from '../../base/size-format.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { SearchedInPart } from '../../ui/search-notes.tsx';
import { VirtualList } from '../../ui/virtual-list.tsx';
import { useKeys, useSession } from '../../stores/session.tsx';
import type { ListStore } from '../../stores/list-store.ts';
import { binCurl } from './bin-answer.ts';
import styles from './captures.module.css';
import type { CaptureStores } from './captures-store.ts';
import { compareRoute } from '../comparing/compare-route.ts';
import { CaptureRow } from './capture-row.tsx';
import { hasFields } from './filter.ts';
import { gapsOf, isRefused, mergeRows } from './merged-rows.ts';
import { comparedOf } from './picked.ts';
import { PickedBar } from './picked-bar.tsx';
import { ReplayMany } from './replay-many.tsx';
import { RefusedRow } from './refused-row.tsx';
import type { RefusedFilter } from './refused-store.ts';
import refusedStyles from './refused.module.css';
import type { Picking } from './use-picked.ts';

interface CaptureListProps {
  readonly stores: Pick<CaptureStores, 'list' | 'remarks'>;
  /** What was refused, of all bins. */
  readonly refused: ListStore<RefusedSummary, RefusedFilter>;
  readonly bin: Bin;
  readonly picking: Picking;
  /** A detail does not cover it. */
  readonly isShown: boolean;
  readonly selectedId: string | null;
  readonly onSelect: (id: string) => void;
  /** The filter as it is written; empty for none. */
  readonly text: string;
  /** Why a part of the filter is not a filter. */
  readonly doubt: string | null;
  readonly onClear: () => void;
}

type Kind = 'all' | 'captured' | 'refused';

const nothing = { rows: [], hasMore: false };

/** What a bin received, newest first and live, together with the refused requests that named it. */
export function CaptureList({ stores, refused, bin, picking, isShown, selectedId, onSelect, text, doubt, onClear }: CaptureListProps) {
  const { list } = stores;
  const state = useStore(list);
  const refusedState = useStore(refused);
  const [kind, setKind] = useState<Kind>('all');
  // What was refused has none of the fields of a capture.
  const { binId: _, ...fields } = state.filter;
  const canBeRefused = !hasFields(fields);
  const refusedHere = canBeRefused ? refusedState.items.filter(({ binId }) => binId === bin.id).length : 0;
  const shown = refusedHere === 0 ? 'all' : kind;
  const { rows, next } = useMemo(
    () =>
      mergeRows(
        shown === 'refused' ? nothing : { rows: state.items, hasMore: state.hasMore },
        shown === 'captured' || !canBeRefused ? nothing : { rows: refusedState.items, hasMore: refusedState.hasMore },
        bin.id,
      ),
    [state.items, state.hasMore, refusedState.items, refusedState.hasMore, bin.id, shown, canBeRefused],
  );
  const gaps = useMemo(() => gapsOf(rows), [rows]);
  const { picked, toggle, pickSome, pickAll, clear } = picking;
  const [isReplaying, setReplaying] = useState(false);
  const { router } = useSession();
  const newestId = state.items[0]?.id;
  const compare = () => {
    const compared = comparedOf(isShown ? picked : null, state.items, selectedId);
    if (compared !== null) router.go(compareRoute(...compared));
  };
  const pickMatching = () => (newestId === undefined ? undefined : pickAll(state.filter, newestId));
  useKeys({
    x: () => (selectedId?.startsWith('cap_') === true ? toggle(selectedId) : undefined),
    a: pickMatching,
    '=': compare,
  });
  if (state.status === 'failed' && state.problem !== null)
    return (
      <div className={styles['notice']}>
        <ErrorNotice problem={state.problem} onRetry={() => void list.load()} />
      </div>
    );
  const isFresh = state.status === 'ready' && state.filter.binId === bin.id;
  if (isFresh && refusedHere === 0 && state.items.length === 0 && state.held.length === 0)
    return text === '' ? <NothingYet bin={bin} /> : <NothingFound stores={stores} doubt={doubt} onClear={onClear} />;
  return (
    <>
      <ProgressBar isActive={state.status === 'loading'} />
      <SearchedInPart count={state.searchedInPart} />
      {picked !== null && (
        <PickedBar
          bin={bin}
          picked={picked}
          hasKeys={isShown}
          canPickAll={state.hasMore || state.held.length > 0}
          onPickShown={() => pickSome(state.items.map(({ id }) => id))}
          onPickAll={pickMatching}
          onReplay={() => setReplaying(true)}
          onCompare={compare}
          onDone={clear}
        />
      )}
      {picked !== null && <ReplayMany bin={bin} picked={picked} isOpen={isReplaying} onClose={() => setReplaying(false)} />}
      {refusedHere > 0 && (
        <div className={refusedStyles['bar']}>
          <span>{countText(refusedHere, 'refused', 'refused')}</span>
          <SegmentedControl<Kind>
            size="xs"
            aria-label="Which requests are listed"
            data={[
              { value: 'all', label: 'All' },
              { value: 'captured', label: 'Captured' },
              { value: 'refused', label: 'Refused' },
            ]}
            value={kind}
            onChange={setKind}
          />
        </div>
      )}
      <VirtualList
        label={`Captures of ${bin.name}`}
        items={rows}
        idOf={({ id }) => id}
        selectedId={selectedId}
        onSelect={onSelect}
        hasMore={next.length > 0}
        onLoadMore={() => {
          if (next.includes('captures')) void list.loadMore();
          if (next.includes('refused')) void refused.loadMore();
        }}
        // While the list is paused, the button that resumes it tells how many there are.
        newCount={
          state.isPaused ? 0 : state.newCount + (canBeRefused ? refusedState.held.filter(({ binId }) => binId === bin.id).length : 0)
        }
        hasMoreNew={state.hasMoreNew}
        onShowNew={() => {
          void list.showNew();
          void refused.showNew();
        }}
        onPinned={(isPinned) => {
          list.setPinned(isPinned);
          refused.setPinned(isPinned);
        }}
        renderRow={(row) =>
          isRefused(row) ? (
            <RefusedRow refused={row} />
          ) : (
            <CaptureRow
              capture={row}
              gapMs={gaps.get(row.id) ?? null}
              slug={bin.slug}
              isPicked={picked === null ? null : picked.kind === 'all' || picked.ids.has(row.id)}
              onPick={() => toggle(row.id)}
            />
          )
        }
      />
    </>
  );
}

function NothingYet({ bin }: { readonly bin: Bin }) {
  return (
    <EmptyState
      icon={IconPlugConnected}
      sentence="This bin holds no captures. Point a sender at the URL above, or try it from a shell."
      action={<CopyButton label="Copy curl" text={binCurl(bin.url)} withLabel />}
      example={<code>{binCurl(bin.url)}</code>}
    />
  );
}

function NothingFound({ stores: { list, remarks }, doubt, onClear }: Pick<CaptureListProps, 'stores' | 'doubt' | 'onClear'>) {
  const inPart = useStore(list, ({ searchedInPart }) => searchedInPart);
  const messages = useStore(remarks).map(({ message }) => message);
  return (
    <>
      <SearchedInPart count={inPart} />
      <EmptyState
        icon={IconSearchOff}
        sentence={['No capture of this bin matches the filter.', ...(doubt === null ? [] : [doubt]), ...messages].join(' ')}
        action={
          <Button size="xs" variant="default" onClick={onClear}>
            Clear the filter
          </Button>
        }
      />
    </>
  );
}
