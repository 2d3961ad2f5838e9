import { Select } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { memo, useCallback, useEffect, useMemo, useState, type PointerEvent, type ReactNode } from 'react';
import { mostRules, type LoggedOutage } from '#shared/contract/what-if.ts';
import { outageAxis, type OutageAxis } from '#shared/what-if/axis.ts';
import { quickLane, wholeLane } from '#shared/what-if/lane.ts';
import { leavesOut } from '#shared/what-if/lane-words.ts';
import { exactText } from '../../base/time-format.ts';
import { useRoute, useSession, useSettings } from '../../stores/session.tsx';
import { AreaBar } from '../../ui/area-bar.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { AxisTicks, EventsRow, nearestEvent } from './axis-rows.tsx';
import { LaneRow } from './lane-row.tsx';
import { OutageBand } from './outage-band.tsx';
import { useEndpointChoices, useOffers } from './rules-data.ts';
import { ScenarioForm } from './scenario-form.tsx';
import { TotalsTable } from './totals-table.tsx';
import { useLaneRules } from './use-lane-rules.ts';
import { useLogged } from './use-logged.ts';
import { eventsOf, keyOf, queryOf, scenarioOf, stateOf, usualState, withOutage, type WhatIfState } from './what-if-state.ts';
import styles from './what-if.module.css';

/** Between the drawings and the right end of the lanes. */
const plotMarginPx = 12;

/** What an outage does to events under several senders' rules, as a section of the settings; `sections` switches to the others. */
export function WhatIfView({ sections }: { readonly sections: ReactNode }) {
  const isUtc = useSettings()?.isUtc ?? false;
  const { state, setState, logged, pick } = useWhatIf(isUtc);
  const rules = useLaneRules(state.rules);
  const [frozen, setFrozen] = useState<OutageAxis | null>(null);
  const [followed, setFollowed] = useState<number | null>(null);
  const isDragged = frozen !== null;
  const { timesMs, slowedToMs } = useMemo(() => eventsOf(state, logged?.timesMs ?? null), [state, logged?.timesMs]);
  const lanes = useMemo(() => {
    const scenario = scenarioOf(state, timesMs);
    return rules.map((each) => ({ key: each.key, lane: (isDragged ? quickLane : wholeLane)(each.rules, scenario, null) }));
  }, [state, timesMs, rules, isDragged]);
  const fitted = useMemo(
    () =>
      fittedAxis(
        state,
        timesMs,
        lanes.map(({ lane }) => lane.run),
      ),
    [state, timesMs, lanes],
  );
  const axis = frozen ?? fitted;
  const { ref, width } = useElementSize();
  const clock = useCallback((atMs: number) => clockOf(atMs, state.fromMs, isUtc), [state.fromMs, isUtc]);
  const follow = (event: PointerEvent<HTMLElement>) => {
    if (isDragged || event.buttons !== 0) return;
    const { right } = event.currentTarget.getBoundingClientRect();
    const share = (event.clientX - (right - plotMarginPx - width)) / Math.max(1, width);
    setFollowed(share < 0 || share > 1 ? null : nearestEvent(timesMs, axis.toMs(share)));
  };
  const remove = useCallback(
    (key: string) => setState((before) => ({ ...before, rules: before.rules.filter((each) => keyOf(each) !== key) })),
    [setState],
  );
  const index = followed !== null && followed < timesMs.length ? followed : null;
  return (
    <>
      <AreaBar title="What if" lead={sections}>
        <AddRules rules={state.rules} logOf={state.logOf} onChange={setState} />
      </AreaBar>
      <div className={styles['page']}>
        <ErrorNotice problem={logged?.problem ?? null} />
        <ScenarioForm state={state} onChange={setState} isUtc={isUtc} slowedToMs={slowedToMs} logged={logged} onPick={pick} />
        <div className={styles['chart']} data-dragged={isDragged}>
          <div className={styles['head']}>
            <div className={styles['label']}>
              <p>{eventsText(state, timesMs.length, slowedToMs)}</p>
            </div>
            <div ref={ref} className={styles['plot']}>
              <AxisTicks
                axis={axis}
                width={width}
                clock={clock}
                offsetMs={isUtc ? 0 : -new Date(state.fromMs).getTimezoneOffset() * 60_000}
              />
              <div className={styles['bandRow']} />
              <EventsRow axis={axis} width={width} clock={clock} timesMs={timesMs} followed={index} onFollow={setFollowed} />
            </div>
          </div>
          <div onPointerMove={follow} onPointerLeave={() => setFollowed(null)}>
            {lanes.map(({ key, lane }) => (
              <LaneRow
                key={key}
                lane={lane}
                axis={axis}
                width={width}
                followed={index}
                clock={clock}
                laneKey={key}
                onRemove={state.rules.length > 1 ? remove : null}
              />
            ))}
          </div>
          <OutageBand
            axis={axis}
            width={width}
            fromMs={state.fromMs}
            untilMs={state.untilMs}
            clock={clock}
            onGrab={() => setFrozen(axis)}
            onMove={(fromMs, untilMs) => setState((before) => withOutage(before, fromMs, untilMs))}
            onLetGo={() => setFrozen(null)}
          />
        </div>
        <Legend />
        <TotalsTable lanes={lanes.map(({ lane }) => lane)} clock={clock} />
        <p className={styles['leavesOut']}>{leavesOut.join(' ')} Where jitter changes a figure, its range stands behind it.</p>
      </div>
    </>
  );
}

/** The state, which the address keeps, and what the log has for it. */
function useWhatIf(isUtc: boolean) {
  const { router } = useSession();
  const { query } = useRoute();
  const [state, setState] = useState<WhatIfState>(() => stateOf(query, usualState(Date.now(), isUtc)));
  const [isNewestWanted, setNewestWanted] = useState(query['log'] !== undefined && query['outage'] === undefined);
  const [span, setSpan] = useState(() => (query['log'] === undefined || isNewestWanted ? null : spanOf(state)));
  const logged = useLogged(state.logOf, span);
  const pick = useCallback((outage: LoggedOutage) => {
    setState((before) => {
      const next = { ...withOutage(before, outage.fromMs, outage.untilMs ?? Date.now()), answer: outage.answer };
      setSpan(spanOf(next));
      return next;
    });
  }, []);
  const newest = logged?.outages?.[0];
  useEffect(() => {
    if (!isNewestWanted || newest === undefined) return;
    setNewestWanted(false);
    pick(newest);
  }, [isNewestWanted, newest, pick]);
  useEffect(() => {
    // While it is dragged, an address for each step would be too many for a browser.
    const later = setTimeout(() => router.replace({ area: 'settings', id: 'what-if', query: queryOf(state) }), 200);
    return () => clearTimeout(later);
  }, [router, state]);
  return { state, setState, logged, pick };
}

/** The events that an outage of the log is shown with: from its length before it, an hour at least, to as long after it. */
function spanOf({ fromMs, untilMs }: WhatIfState): { readonly fromMs: number; readonly untilMs: number } {
  const marginMs = Math.max(3_600_000, untilMs - fromMs);
  return { fromMs: Math.max(0, fromMs - marginMs), untilMs: untilMs + marginMs };
}

function fittedAxis(state: WhatIfState, timesMs: readonly number[], runs: readonly Parameters<typeof lastOf>[0][]): OutageAxis {
  const fromMs = Math.min(state.fromMs, timesMs[0] ?? state.fromMs);
  const margin = (state.untilMs - fromMs) * 0.02;
  const lastMs = Math.max(state.untilMs, timesMs.at(-1) ?? 0, ...runs.map(lastOf));
  return outageAxis(fromMs - margin, state.untilMs, lastMs + Math.max(margin, (lastMs - state.untilMs) * 0.02));
}

function lastOf({ attempts }: { readonly attempts: readonly { readonly atMs: number }[] }): number {
  return attempts.reduce((last, { atMs }) => Math.max(last, atMs), 0);
}

function clockOf(atMs: number, nearMs: number, isUtc: boolean): string {
  const text = exactText(atMs, isUtc);
  const time = atMs % 60_000 === 0 ? text.slice(11, 16) : text.slice(11, 19);
  return text.slice(0, 10) === exactText(nearMs, isUtc).slice(0, 10) ? time : `${text.slice(5, 10)} ${text.slice(11, 16)}`;
}

function eventsText({ logOf }: WhatIfState, count: number, slowedToMs: number | null): string {
  const events = count === 1 ? '1 event' : `${count} events`;
  return logOf !== null && slowedToMs === null ? `${events} from the log` : events;
}

interface AddRulesProps extends Pick<WhatIfState, 'rules' | 'logOf'> {
  readonly onChange: (change: (before: WhatIfState) => WhatIfState) => void;
}

/** Further lanes, and an outage of the log. Not drawn again while the outage is dragged. */
const AddRules = memo(function AddRules({ rules: chosen, logOf, onChange }: AddRulesProps) {
  const { groups, rulesOf } = useOffers(chosen);
  const endpoints = useEndpointChoices();
  const isFull = chosen.length >= mostRules;
  return (
    <>
      <Select
        size="xs"
        w={232}
        aria-label="Add rules"
        placeholder={isFull ? `At most ${mostRules} lanes` : 'Add a provider, policy or endpoint'}
        searchable
        disabled={isFull}
        data={groups}
        value={null}
        nothingFoundMessage="Nothing has this name."
        onChange={(key) => {
          const rules = key === null ? undefined : rulesOf.get(key);
          if (rules !== undefined) onChange((before) => ({ ...before, rules: [...before.rules, rules] }));
        }}
      />
      {endpoints.length > 0 && logOf === null && (
        <Select
          size="xs"
          w={180}
          aria-label="Take an outage from the log"
          placeholder="Outage from the log of"
          searchable
          data={[...endpoints]}
          value={null}
          onChange={(id) => id !== null && onChange((before) => ({ ...before, logOf: id }))}
        />
      )}
    </>
  );
});

const legend = [
  ['atOnce', 'delivered at once', 'M4 8a3 3 0 1 0 6 0a3 3 0 1 0-6 0z'],
  ['late', 'delivered late', 'M3 8a4 4 0 1 0 8 0a4 4 0 1 0-8 0z'],
  ['failed', 'failed, tried again', 'M3 5h8l-4 6z'],
  ['lost', 'lost', 'M3 4l8 8m0-8l-8 8'],
  ['unsent', 'not sent, switched off', 'M3 8h8'],
] as const;

function Legend() {
  return (
    <ul className={styles['legend']} aria-label="Marks">
      {legend.map(([kind, text, path]) => (
        <li key={kind}>
          <svg width={14} height={16} aria-hidden>
            <path className={styles[kind]} d={path} />
          </svg>
          {text}
        </li>
      ))}
      <li className={styles['hint']}>Drag the band, or focus it and use the arrow keys. Point at a lane to follow one event.</li>
    </ul>
  );
}
