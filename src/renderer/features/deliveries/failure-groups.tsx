import { Button, Group } from '@mantine/core';
import { IconCircleCheck, IconInfoCircle } from '@tabler/icons-react';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { failuresLookedAt } from '#shared/contract/failure-groups.ts';
import { failureText, leftOutWords, type LeftOutFailures } from '#shared/failure-words.ts';
import { replayVerdictTones, replayVerdictWords, toldVerdicts } from '#shared/replay-verdict-words.ts';
import { formatRoute } from '../../base/router.ts';
import { countText, numberText } from '../../base/size-format.ts';
import { useChanges, useClient, useKeys } from '../../stores/session.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { createFailureGroupsStore, type FailureGroupsState, type GroupReplay, type ShownGroup } from './failure-groups-store.ts';
import type { DeliveryFilter } from './filter.ts';
import type { ReplayStores } from './replays-store.ts';
import styles from './failure-groups.module.css';

interface FailureGroupsProps {
  readonly filter: DeliveryFilter;
  readonly replays: Pick<ReplayStores, 'list'>;
  /** Opens the dialog of a replay of this group; `cause` says in words how it fails. */
  readonly onReplay: (key: string, cause: string) => void;
  /** Shows the deliveries of this group. */
  readonly onShow: (key: string) => void;
  /** Groups the failed tests in place of the others, or the others again. */
  readonly onShowTests: (isShown: boolean) => void;
  /** Shows the cancelled deliveries, which are in no group, in the log. */
  readonly onShowCancelled: () => void;
  /** Shows the deliveries of a replay. */
  readonly onShowReplayed: (replayId: string) => void;
  readonly onShowReplay: (replayId: string) => void;
  /** Back to the log. */
  readonly onLeave: () => void;
}

/** What failed by its causes, most first, with what a replay of each came to. */
export function FailureGroups(props: FailureGroupsProps) {
  const client = useClient();
  const [store] = useState(() => createFailureGroupsStore(client));
  const { answer, groups, isReading, problem } = useStore(store);
  const read = useReading(store, props);
  const most = Math.max(1, ...groups.map(({ group }) => group.count));
  const list = useRef<HTMLUListElement>(null);
  const onGone = useFocusKept(list);
  useKeys(groups.length === 0 ? {} : { j: () => focusRow(list.current, 1), k: () => focusRow(list.current, -1) });
  return (
    <div className={styles['groups']}>
      <ProgressBar isActive={isReading && answer === null} />
      {problem !== null && (
        <div className={styles['problem']}>
          <ErrorNotice problem={problem} onRetry={read} />
        </div>
      )}
      {answer !== null && groups.length === 0 ? (
        <EmptyState
          icon={leftOutWords(answer).length === 0 ? IconCircleCheck : IconInfoCircle}
          sentence={emptyText(answer)}
          action={
            <Group gap={8} justify="center">
              <LeftOutButtons {...props} answer={answer} size="xs" />
              <Button size="xs" variant="default" onClick={props.onLeave}>
                Back to the log
              </Button>
            </Group>
          }
        />
      ) : (
        answer !== null && (
          <>
            <div className={styles['summary']}>
              <p aria-live="polite">{summaryText(answer, groups)}</p>
              <LeftOutButtons {...props} answer={answer} size="compact-xs" />
            </div>
            <div className={styles['head']} aria-hidden>
              <span>Deliveries</span>
              <span>Cause</span>
            </div>
            <ul ref={list} className={styles['list']} data-list aria-label="Failure groups">
              {groups.map((shown) => (
                <GroupRow key={shown.group.key} shown={shown} most={most} onGone={onGone} {...props} />
              ))}
            </ul>
          </>
        )
      )}
    </div>
  );
}

interface LeftOutButtonsProps extends Pick<FailureGroupsProps, 'filter' | 'onShowTests' | 'onShowCancelled'> {
  readonly answer: NonNullable<FailureGroupsState['answer']>;
  readonly size: 'xs' | 'compact-xs';
}

/** Lead to what failed and is in none of the groups, and from the tests back to the others. */
function LeftOutButtons({ filter, answer, size, onShowTests, onShowCancelled }: LeftOutButtonsProps) {
  return (
    <>
      {answer.testsLeftOut > 0 && (
        <Button size={size} variant="default" onClick={() => onShowTests(true)} title="Group the failed tests (test:yes)">
          Show tests
        </Button>
      )}
      {filter.isTest === true && (
        <Button size={size} variant="default" onClick={() => onShowTests(false)} title="Group what failed besides tests">
          Back from tests
        </Button>
      )}
      {answer.cancelledLeftOut > 0 && (
        <Button size={size} variant="default" onClick={onShowCancelled} title="Show cancelled deliveries in the log (status:cancelled)">
          Show cancelled
        </Button>
      )}
    </>
  );
}

/** What an empty list of groups says; never that nothing failed where something did. */
export function emptyText(answer: LeftOutFailures): string {
  const leftOut = leftOutWords(answer).map(({ exception }) => exception);
  return `Nothing that this filter finds has failed${leftOut.length === 0 ? '' : `, but for ${leftOut.join(' and ')}`}.`;
}

/** Leads the focus to the row in the place of one that goes with the focus in it; what is returned is told its place. */
function useFocusKept(list: { readonly current: HTMLUListElement | null }): (place: number) => void {
  const gone = useRef<number | null>(null);
  useLayoutEffect(() => {
    if (gone.current === null) return;
    const rows = [...(list.current?.children ?? [])];
    rows[Math.min(gone.current, rows.length - 1)]?.querySelector('button')?.focus();
    gone.current = null;
  });
  return useCallback((place) => {
    gone.current = place;
  }, []);
}

/** Leads the focus to what opens the row `step` rows on, or the first row from elsewhere. */
function focusRow(list: HTMLUListElement | null, step: number): void {
  const rows = [...(list?.children ?? [])];
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const row = rows[at === -1 ? 0 : Math.min(rows.length - 1, Math.max(0, at + step))];
  (row?.querySelector('button') ?? row?.querySelector('a'))?.focus();
}

/** Reads at first, for each filter, and again on changes of deliveries and replays. */
function useReading(store: ReturnType<typeof createFailureGroupsStore>, { filter, replays }: FailureGroupsProps): () => void {
  const { items } = useStore(replays.list);
  const read = () => void store.read({ filter, known: items });
  const latest = useRef(read);
  useEffect(() => {
    latest.current = read;
  });
  const key = JSON.stringify([filter, items.map(({ id, updatedAtMs }) => [id, updatedAtMs])]);
  useEffect(() => latest.current(), [key]);
  useChanges(['deliveries'], () => latest.current());
  return read;
}

/** `1 cause, 240 deliveries.`, and what is not in it. */
function summaryText(answer: NonNullable<FailureGroupsState['answer']>, groups: readonly ShownGroup[]): string {
  const causes = groups.filter(({ group }) => group.count > 0).length + answer.moreGroups;
  const least = answer.isMoreGroupsLeast ? 'More than ' : '';
  const parts = [
    causes === 0 && answer.failed === 0
      ? 'Nothing that this filter finds is failed or exhausted any more.'
      : `${least}${countText(causes, 'cause', 'causes')}, ${countText(answer.failed, 'failed delivery', 'failed deliveries')}.`,
    ...(answer.moreDeliveries === 0
      ? []
      : [`The largest groups are shown; ${numberText(answer.moreDeliveries)} deliveries are in others.`]),
    ...leftOutWords(answer).map(({ sentence }) => `${sentence}.`),
    ...(answer.isCut
      ? [`Only the newest were looked at, up to ${numberText(failuresLookedAt)}: narrow the filter to see older ones.`]
      : []),
  ];
  return parts.join(' ');
}

interface GroupRowProps extends Pick<FailureGroupsProps, 'onReplay' | 'onShow' | 'onShowReplay' | 'onShowReplayed'> {
  readonly shown: ShownGroup;
  /** The largest count, to whose scale the bars are drawn. */
  readonly most: number;
  /** Called with the place of the row when it goes with the focus in it. */
  readonly onGone: (place: number) => void;
}

/** `3 failed, 1 exhausted`; one word where all are in one state. */
function statesText(retried: number, exhausted: number): string {
  if (exhausted === 0) return 'failed';
  return retried === 0 ? 'exhausted' : `${numberText(retried)} failed, ${numberText(exhausted)} exhausted`;
}

/** Two times nearer than this would read alike. */
const shortSpanMs = 60_000;

function GroupRow({ shown: { group, last }, most, onReplay, onShow, onShowReplay, onShowReplayed, onGone }: GroupRowProps) {
  const cause = failureText(group);
  const row = useRef<HTMLLIElement>(null);
  useLayoutEffect(() => {
    const shown = row.current;
    return () => {
      if (shown?.contains(document.activeElement) === true) onGone([...(shown.parentElement?.children ?? [])].indexOf(shown));
    };
  }, [onGone]);
  // Once nothing fails so any more, the same two buttons lead to what the replay came to: the focus may be on one of them, or return to it.
  const over = group.count === 0 ? last : null;
  const retried = group.count - group.exhausted;
  return (
    <li ref={row} className={styles['row']}>
      <b className={styles['count']}>
        {numberText(group.count)}
        <span className="visually-hidden"> {group.count === 1 ? 'delivery' : 'deliveries'}: </span>
      </b>
      <span className={styles['track']} aria-hidden>
        {group.count > 0 && (
          <span className={styles['bar']} style={{ width: `${(group.count / most) * 100}%` }}>
            {retried > 0 && <i data-tone="trouble" style={{ flexGrow: retried }} />}
            {group.exhausted > 0 && <i data-tone="bad" style={{ flexGrow: group.exhausted }} />}
          </span>
        )}
      </span>
      <div className={styles['what']}>
        <p className={group.answer === null ? styles['cause'] : `mono ${styles['cause'] ?? ''}`} title={`${cause}\n\n${group.message}`}>
          {cause}
        </p>
        <p className={styles['meta']}>
          <span className="truncate">{group.endpointName}</span>
          {group.count > 0 && <span>{statesText(retried, group.exhausted)}</span>}
          <span>
            {group.lastAtMs - group.firstAtMs >= shortSpanMs && (
              <>
                <TimeText atMs={group.firstAtMs} /> to{' '}
              </>
            )}
            <TimeText atMs={group.lastAtMs} />
          </span>
          <a href={formatRoute({ area: 'deliveries', id: group.exampleId, query: { view: 'groups' } })}>an example</a>
        </p>
        {last !== null && <GroupVerdict last={last} onShow={() => onShowReplay(last.replay.id)} />}
      </div>
      {(group.count > 0 || over !== null) && (
        <div className={styles['acts']}>
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => (over === null ? onShow(group.key) : onShowReplayed(over.replay.id))}
            aria-label={
              over === null ? `Show the deliveries that fail with ${cause}` : `Show the deliveries that were replayed for ${cause}`
            }
          >
            Show
          </Button>
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => (over === null ? onReplay(group.key, cause) : onShowReplay(over.replay.id))}
          >
            {over === null ? 'Replay this group…' : 'Open the replay'}
          </Button>
        </div>
      )}
    </li>
  );
}

/** What the newest replay of a group came to: `Replayed 2 m ago  5 of 6 fixed  1 same failure`. */
function GroupVerdict({ last: { replay, counts }, onShow }: { readonly last: GroupReplay; readonly onShow: () => void }) {
  const told = counts === null ? [] : toldVerdicts(counts);
  return (
    <p className={styles['verdict']} aria-live="polite">
      <button type="button" onClick={onShow} title="Show this replay">
        Replayed <TimeText atMs={replay.createdAtMs} />
      </button>
      {told.map(({ verdict, count }) => (
        <span key={verdict} data-tone={replayVerdictTones[verdict]}>
          <b>{numberText(count)}</b> {verdict === 'fixed' && `of ${numberText(replay.total)} `}
          {replayVerdictWords[verdict]}
        </span>
      ))}
      {told.length === 0 && <span>{replay.status === 'running' ? 'being sent' : replay.status}</span>}
    </p>
  );
}
