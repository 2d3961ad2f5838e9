import { IconCheck, IconCircle, IconHelp, IconPlugConnected, IconAlertTriangle, IconPinnedFilled, IconX } from '@tabler/icons-react';
import { Button, Checkbox, SegmentedControl } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { Bin } from '#shared/contract/captures.ts';
import type { RefusedSummary } from '#shared/contract/refused-requests.ts';
import { durationText } from '#shared/duration-text.ts';
import { wireFaultWords } from '#shared/wire-fault-words.ts';
import { bytesText, countText } from '../../base/size-format.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { FoundMark, SearchedInPart } from '../../ui/search-notes.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { VirtualList } from '../../ui/virtual-list.tsx';
import { useKeys } from '../../stores/session.tsx';
import type { ListStore } from '../../stores/list-store.ts';
import { binCurl } from './bin-answer.ts';
import styles from './captures.module.css';
import type { CaptureFilter, ListedCapture } from './captures-store.ts';
import { CompareDialog } from './compare-dialog.tsx';
import { isRefused, mergeRows, type BinRow } from './merged-rows.ts';
import { PickedActions } from './picked-actions.tsx';
import { ReplayMany } from './replay-many.tsx';
import { RefusedRow } from './refused-row.tsx';
import type { RefusedFilter } from './refused-store.ts';
import refusedStyles from './refused.module.css';

interface CaptureListProps {
  readonly store: ListStore<ListedCapture, CaptureFilter>;
  /** What was refused, of all bins. */
  readonly refused: ListStore<RefusedSummary, RefusedFilter>;
  readonly bin: Bin;
  readonly selectedId: string | null;
  readonly onSelect: (id: string) => void;
  readonly isSearching: boolean;
}

type Kind = 'all' | 'captured' | 'refused';

/** What a bin received, newest first and live, together with the refused requests that named it. */
export function CaptureList({ store, refused, bin, selectedId, onSelect, isSearching }: CaptureListProps) {
  const state = useStore(store);
  const refusedState = useStore(refused);
  const [kind, setKind] = useState<Kind>('all');
  const refusedHere = refusedState.items.filter(({ binId }) => binId === bin.id).length;
  const shown = refusedHere === 0 ? 'all' : kind;
  const { rows, next } = useMemo(
    () =>
      mergeRows(
        shown === 'refused' ? { rows: [], hasMore: false } : { rows: state.items, hasMore: state.hasMore },
        shown === 'captured' ? { rows: [], hasMore: false } : { rows: refusedState.items, hasMore: refusedState.hasMore },
        bin.id,
      ),
    [state.items, state.hasMore, refusedState.items, refusedState.hasMore, bin.id, shown],
  );
  const gaps = useMemo(() => gapsOf(rows), [rows]);
  const [picking, setPicking] = useState<{ readonly binId: string; readonly ids: ReadonlySet<string> } | null>(null);
  // What was picked in another bin is not in this list, so nothing here acts on it.
  const picked = picking?.binId === bin.id ? picking.ids : null;
  const setPicked = (ids: ReadonlySet<string> | null) => setPicking(ids === null ? null : { binId: bin.id, ids });
  const [isReplaying, setReplaying] = useState(false);
  const isPicked = (id: string) => picked?.has(id) === true;
  const pick = (id: string) => {
    const now = new Set(picked);
    if (!now.delete(id)) now.add(id);
    setPicked(now);
  };
  const [compared, setCompared] = useState<Compared | null>(null);
  const compare = () => setCompared(comparedOf(picked, state.items, selectedId));
  useKeys({
    x: () => (selectedId?.startsWith('cap_') === true ? pick(selectedId) : undefined),
    '=': compare,
  });
  if (state.status === 'failed' && state.problem !== null)
    return (
      <div className={styles['notice']}>
        <ErrorNotice problem={state.problem} onRetry={() => void store.load()} />
      </div>
    );
  const isFresh = state.status === 'ready' && state.filter.binId === bin.id;
  if (isFresh && refusedHere === 0 && state.items.length === 0 && state.held.length === 0)
    return isSearching ? <NothingFound inPart={state.searchedInPart} /> : <NothingYet bin={bin} />;
  return (
    <>
      <ProgressBar isActive={state.status === 'loading'} />
      <SearchedInPart count={state.searchedInPart} />
      {picked !== null && (
        <div className={styles['picked']} role="toolbar" aria-label="Picked captures">
          <span>{countText(picked.size, 'capture', 'captures')} picked</span>
          <Button size="compact-xs" disabled={picked.size === 0} onClick={() => setReplaying(true)}>
            Replay
          </Button>
          <Button
            size="compact-xs"
            variant="default"
            disabled={picked.size !== 2}
            title={picked.size === 2 ? '=' : 'Pick two captures to compare them'}
            onClick={compare}
          >
            Compare
          </Button>
          <PickedActions bin={bin} ids={[...picked].slice(0, mostPicked)} onDeleted={() => setPicked(null)} />
          <Button size="compact-xs" variant="default" onClick={() => setPicked(new Set(state.items.map(({ id }) => id)))}>
            All shown
          </Button>
          <Button size="compact-xs" variant="default" onClick={() => setPicked(null)}>
            Done
          </Button>
        </div>
      )}
      <ReplayMany bin={bin} ids={[...(picked ?? [])].slice(0, mostPicked)} isOpen={isReplaying} onClose={() => setReplaying(false)} />
      <CompareDialog
        bin={bin}
        known={state.items}
        firstId={compared?.[0] ?? null}
        secondId={compared?.[1] ?? null}
        onClose={() => setCompared(null)}
      />
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
          if (next.includes('captures')) void store.loadMore();
          if (next.includes('refused')) void refused.loadMore();
        }}
        newCount={state.held.length + refusedState.held.filter(({ binId }) => binId === bin.id).length}
        onShowNew={() => {
          void store.showNew();
          void refused.showNew();
        }}
        onPinned={(isPinned) => {
          store.setPinned(isPinned);
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
              isPicked={picked === null ? null : isPicked(row.id)}
              onPick={() => pick(row.id)}
            />
          )
        }
      />
    </>
  );
}

/** What is compared; the second is chosen in the dialog where it is null. */
type Compared = readonly [first: string, second: string | null];

/** The two that are picked, the older one first; otherwise the one that is open. */
function comparedOf(picked: ReadonlySet<string> | null, items: readonly ListedCapture[], openId: string | null): Compared | null {
  if (picked?.size !== 2) return openId?.startsWith('cap_') === true ? [openId, null] : null;
  const listed = items.filter(({ id }) => picked.has(id)).map(({ id }) => id);
  // Those that are not listed any more are taken as they were picked.
  const [newer = '', older = ''] = listed.length === 2 ? listed : [...picked].toReversed();
  return [older, newer];
}

const verdictIcons = {
  valid: <IconCheck size={14} stroke={2.4} color="var(--hy-good-text)" aria-label="signature valid" />,
  invalid: <IconX size={14} stroke={2.4} color="var(--hy-bad-text)" aria-label="signature invalid" />,
  unsigned: <IconAlertTriangle size={14} stroke={2.2} color="var(--hy-trouble-text)" aria-label="not signed" />,
  unchecked: <IconHelp size={14} stroke={2.2} color="var(--hy-waiting-text)" aria-label="signature not checked" />,
} as const;

/** More cannot be asked for at once; a filter of the bin can. */
const mostPicked = 1000;

interface CaptureRowProps {
  readonly capture: ListedCapture;
  readonly slug: string;
  /** Since the capture before; null for the first that was read. */
  readonly gapMs: number | null;
  /** Null while none are picked. */
  readonly isPicked: boolean | null;
  readonly onPick: () => void;
}

function CaptureRow({ capture, slug, gapMs, isPicked, onPick }: CaptureRowProps) {
  // The bin's own path is the same in all rows, so a row shows what comes after it.
  const rest = capture.target.startsWith(`/${slug}`) ? capture.target.slice(slug.length + 1) || '/' : capture.target;
  const answered = answeredWord(capture.answeredBy);
  return (
    <div
      className={styles['row']}
      onClickCapture={(event) => {
        if (!event.ctrlKey && !event.metaKey) return;
        // Picking leaves the capture open that is.
        event.stopPropagation();
        onPick();
      }}
    >
      {isPicked !== null ? (
        <Checkbox
          size="xs"
          tabIndex={-1}
          aria-label={`Pick ${capture.method} ${rest}`}
          checked={isPicked}
          onChange={onPick}
          onClick={(event) => event.stopPropagation()}
        />
      ) : capture.verdict === null ? (
        <IconCircle size={14} color="var(--hy-faint)" aria-label="not checked" />
      ) : (
        verdictIcons[capture.verdict]
      )}
      <span className={styles['method']}>{capture.method}</span>
      <span className={styles['what']}>
        <span className={`truncate mono ${styles['path'] ?? ''}`} title={capture.target}>
          {rest}
          {capture.eventType != null && <span className={styles['event']}>{capture.eventType}</span>}
          {capture.tags.map((tag) => (
            <span key={tag} className={styles['tag']}>
              {tag}
            </span>
          ))}
          <FoundMark foundIn={capture.foundIn} />
        </span>
        <RowMarks capture={capture} />
        {capture.fault != null && (
          <span className={styles['mark']} title={wireFaultWords[capture.fault].effect}>
            fault: {capture.fault.replaceAll('-', ' ')}
          </span>
        )}
        {answered !== '' && (
          <span
            className={`truncate ${styles['by'] ?? ''}`}
            title={capture.answeredBy?.why}
            data-problem={capture.answeredBy?.kind === 'problem' || undefined}
          >
            {answered}
          </span>
        )}
      </span>
      <span className={styles['status']} data-bad={capture.status >= 400 || undefined}>
        {capture.status}
      </span>
      <span className={styles['size']}>{bytesText(capture.bodyBytes)}</span>
      <span className={styles['gap']} title="Since the capture before">
        {gapMs === null ? '' : `+${durationText(gapMs)}`}
      </span>
      <span className={styles['age']}>
        <TimeText atMs={capture.receivedAtMs} as="age" />
      </span>
    </div>
  );
}

/** What answered, where that is not the plain answer of the bin. */
function answeredWord(answeredBy: ListedCapture['answeredBy']): string {
  if (answeredBy === null) return '';
  if (answeredBy.kind === 'problem') return 'template failed';
  return answeredBy.kind === 'own' && answeredBy.label === 'own answer' ? '' : answeredBy.label;
}

function RowMarks({ capture: { isPinned, isBodyTruncated, sameMessageAsId, messageId } }: { readonly capture: ListedCapture }) {
  if (!isPinned && !isBodyTruncated && sameMessageAsId === null) return null;
  return (
    <span className={styles['mark']}>
      {isPinned && <IconPinnedFilled size={13} aria-label="pinned" />}
      {isBodyTruncated && <span title="Its body is incomplete">incomplete</span>}
      {sameMessageAsId !== null && <span title={`An earlier capture has the webhook id ${messageId ?? ''} too`}>duplicate</span>}
    </span>
  );
}

/** The time from each capture to the one before it, of those that were read. */
function gapsOf(rows: readonly BinRow[]): ReadonlyMap<string, number> {
  const captures = rows.filter((row) => !isRefused(row));
  return new Map(
    captures.slice(0, -1).map(({ id, receivedAtMs }, index) => [id, receivedAtMs - (captures[index + 1]?.receivedAtMs ?? receivedAtMs)]),
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

function NothingFound({ inPart }: { readonly inPart: number }) {
  return (
    <>
      <SearchedInPart count={inPart} />
      <p className={styles['none']}>No capture of this bin matches the search.</p>
    </>
  );
}
