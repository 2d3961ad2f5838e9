import { Button } from '@mantine/core';
import { IconArrowsDiff, IconArrowsLeftRight, IconClock } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { ComparedOffer, ComparedSide } from '#shared/contract/comparisons.ts';
import { toProblem, type Problem } from '../../base/problem.ts';
import { useKeys, useRoute, useSession } from '../../stores/session.tsx';
import { AreaBar } from '../../ui/area-bar.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { ChooseOther } from './choose-other.tsx';
import { compareRoute, partOf } from './compare-route.ts';
import { ComparedParts } from './compared-parts.tsx';
import { ComparisonSummary } from './comparison-report.tsx';
import { filesGiven } from './files-given.ts';
import { givenTextsOf, sideRef, type GivenText } from './given-texts.ts';
import { NoiseSwitches, useNoise } from './noise-switches.tsx';
import { Notes } from './notes.tsx';
import { homeOf, SideCard } from './side-card.tsx';
import { TextDialog, type Giving } from './text-dialog.tsx';
import { useComparison, useOffers } from './use-comparison.ts';
import styles from './compare.module.css';

/** Two attempts, deliveries, captures or requests in texts beside each other: what they are, what came out, and how they differ part by part. */
export function AreaView() {
  const session = useSession();
  const { router } = session;
  const route = useRoute();
  const [firstId, secondId] = [route.id, route.query['with'] ?? null];
  const part = partOf(route.query['part']);
  const [ignore, setIgnore] = useNoise();
  const [giving, setGiving] = useState<Giving | null>(null);
  // Why what was dropped was not taken.
  const [unclear, setUnclear] = useState<string | null>(null);
  const texts = useStore(givenTextsOf(session).store);
  const firstRef = useMemo(() => sideRef(texts, firstId), [texts, firstId]);
  const secondRef = useMemo(() => sideRef(texts, secondId), [texts, secondId]);
  const comparison = useComparison(firstRef, secondRef, ignore);
  const ofFirst = useOffers(firstId);
  const ofSecond = useOffers(secondId);
  const first = comparison.value?.before ?? ofFirst.value?.side ?? null;
  const second = comparison.value?.after ?? ofSecond.value?.side ?? null;

  const show = (one: string | null, other: string | null) =>
    router.visit(one === null ? { area: 'compare', query: { with: other ?? undefined } } : compareRoute(one, other, part ?? undefined));
  // The side that is to be chosen still, or whose text is gone.
  const lacking = firstRef === null ? 'first' : secondRef === null ? 'second' : null;
  const swap = () => firstId !== null && secondId !== null && show(secondId, firstId);
  const close = () => router.go(backTo([second, first], router.lastOf));
  const open = (next: Giving) => {
    setUnclear(null);
    setGiving(next);
  };
  const give = (side: Giving['side'], given: Giving['given'] = null) => open({ side, given });
  useKeys({
    Escape: close,
    p: () => give(lacking ?? 'second'),
    ...(firstId === null || secondId === null ? {} : { w: swap }),
  });
  const take = ({ side }: ComparedOffer) => {
    // What came earlier stands first.
    if (first !== null && first.atMs !== null && side.atMs < first.atMs) show(side.id, firstId);
    else show(firstId, side.id);
  };
  const use = (text: GivenText, entry: number, count: number) => {
    const key = givenTextsOf(session).keep(text, entry, count);
    const next = giving?.next;
    setGiving(next === undefined ? null : { side: 'second', given: next });
    if (next !== undefined) show(key, null);
    else if (giving?.side === 'first') show(key, secondId);
    else show(firstId, key);
  };
  const givePair = (one: File, next: File) => open({ side: 'first', given: one, next });
  const drop = (files: readonly File[], side: Giving['side'] | null) => {
    const given = filesGiven(files);
    setUnclear(given.kind === 'too many' ? given.sentence : null);
    if (given.kind === 'two') givePair(given.first, given.second);
    // Beside the sides it is clear what is meant only where one of them is still to be given.
    else if (given.kind === 'one' && side !== null) give(side, given.file);
    else if (given.kind !== 'too many') setUnclear('Drop a file onto the first or the second side.');
  };
  const textOf = (id: string | null) => (id === null ? null : (texts.get(id) ?? null));
  return (
    <>
      <AreaBar
        title="Compare"
        action={
          <>
            {firstId !== null && secondId !== null && (
              <Button size="xs" variant="default" leftSection={<IconArrowsLeftRight size={14} />} onClick={swap} title="w">
                Swap sides
              </Button>
            )}
            <Button size="xs" variant="default" onClick={close} title="Escape">
              Close
            </Button>
          </>
        }
      />
      <div className={styles['frame']}>
        <div
          className={styles['page']}
          tabIndex={-1}
          data-focus-home=""
          // A file that is dropped beside the sides must not take the place of the page.
          onDragOver={(event) => event.preventDefault()}
          onDrop={(event) => {
            event.preventDefault();
            drop([...event.dataTransfer.files], lacking);
          }}
        >
          <div className={styles['sides']}>
            <SideCard
              label="First"
              id={firstId}
              side={first}
              otherId={secondId}
              offers={ofSecond.value?.offers ?? []}
              onChoose={(id) => show(id, secondId)}
              text={textOf(firstId)}
              onGive={(given) => give('first', given)}
              onDropFiles={(files) => drop(files, 'first')}
            />
            <SideCard
              label="Second"
              id={secondId}
              side={second}
              otherId={firstId}
              offers={ofFirst.value?.offers ?? []}
              onChoose={(id) => show(firstId, id)}
              text={textOf(secondId)}
              onGive={(given) => give('second', given)}
              onDropFiles={(files) => drop(files, 'second')}
            />
          </div>
          <ErrorNotice problem={unclear === null ? null : toProblem(new Error(unclear))} />
          <ProgressBar isActive={comparison.isReading} />
          <NotCompared problem={comparison.problem} onRetry={comparison.retry} />
          {firstId === null && secondId === null && (
            <EmptyState
              icon={IconArrowsDiff}
              sentence="Choose two attempts, deliveries or captures, or paste what a customer sent you. Compare in an attempt or a capture leads here too, with what is likely to be compared with it."
            />
          )}
          {secondId === null && (
            <>
              <ErrorNotice problem={ofFirst.problem} onRetry={ofFirst.retry} />
              {ofFirst.value !== null && <ChooseOther offers={ofFirst.value.offers} onChoose={take} />}
            </>
          )}
          {firstRef !== null && secondRef !== null && <NoiseSwitches ignore={ignore} onChange={setIgnore} comparison={comparison.value} />}
          {comparison.value !== null && firstRef !== null && secondRef !== null && (
            <>
              <ComparisonSummary result={comparison.value.result} isWhole>
                {comparison.value.summary}
              </ComparisonSummary>
              {comparison.value.result === 'not compared' && (
                <Notes notes={[...comparison.value.request.notCompared, ...comparison.value.response.notCompared]} />
              )}
              <ComparedParts
                comparison={comparison.value}
                first={firstRef}
                second={secondRef}
                part={part}
                onPart={(chosen) => router.replace(compareRoute(firstRef.key, secondRef.key, chosen))}
              />
            </>
          )}
        </div>
      </div>
      <TextDialog
        giving={giving}
        other={(giving?.side === 'first' ? secondRef : firstRef)?.choice ?? null}
        onClose={() => setGiving(null)}
        onUse={use}
        onPair={givePair}
      />
    </>
  );
}

/** Why two things could not be compared; one under way will be, once it has ended. */
function NotCompared({ problem, onRetry }: { readonly problem: Problem | null; readonly onRetry: () => void }) {
  if (problem?.code === 'CONFLICT')
    return (
      <p className={styles['waiting']} role="status">
        <IconClock size={16} aria-hidden />
        <span>{problem.message} This page then shows it by itself.</span>
      </p>
    );
  return (
    <>
      <ErrorNotice problem={problem} onRetry={onRetry} />
      {problem?.code === 'NOT_FOUND' && (
        <p className={styles['hint']}>What was deleted, or is not kept any more, cannot be compared. Change leads to others.</p>
      )}
    </>
  );
}

/** Where closing leads: to the first of the sides that is shown by itself, with the list as it was left. */
function backTo(sides: readonly (ComparedSide | null)[], lastOf: ReturnType<typeof useSession>['router']['lastOf']) {
  const home = sides.map((side) => (side === null ? null : homeOf(side))).find((each) => each !== null);
  if (home === undefined) return lastOf('deliveries');
  const last = lastOf(home.area);
  return last.id === home.id ? last : home;
}
