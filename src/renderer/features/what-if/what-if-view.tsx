import { useCallback, useDeferredValue, useMemo, useState, type ReactNode } from 'react';
import { quickLane, wholeLane } from '#shared/what-if/lane.ts';
import { leavesOut } from '#shared/what-if/lane-words.ts';
import { clockText, utcOffsetMs } from '../../base/time-format.ts';
import { keyOf } from '../../base/what-if-address.ts';
import { useSettings } from '../../stores/session.tsx';
import { AreaBar } from '../../ui/area-bar.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { AddRules } from './add-rules.tsx';
import { LanesChart } from './lanes-chart.tsx';
import { Legend } from './legend.tsx';
import { ScenarioForm } from './scenario-form.tsx';
import { TotalsTable } from './totals-table.tsx';
import { useLaneRules } from './use-lane-rules.ts';
import { useWhatIf } from './use-what-if.ts';
import { eventsOf, mostEventsUnder, scenarioOf, withOutage } from './what-if-state.ts';
import styles from './what-if.module.css';

/** What an outage does to events under several senders' rules, as a section of the settings; `sections` switches to the others. */
export function WhatIfView({ sections }: { readonly sections: ReactNode }) {
  const isUtc = useSettings()?.isUtc ?? false;
  const { state, setState, logged, pick, takeLogOf } = useWhatIf(isUtc);
  const rules = useLaneRules(state.rules);
  const [isDragged, setDragged] = useState(false);
  const most = useMemo(() => mostEventsUnder(rules.map((each) => each.rules.rules)), [rules]);
  // The band follows the pointer at once, and the lanes as soon as there is time.
  const asked = useDeferredValue(state);
  const { timesMs, slowedToMs } = useMemo(() => eventsOf(asked, logged?.timesMs ?? null, most), [asked, logged?.timesMs, most]);
  const lanes = useMemo(() => {
    const scenario = scenarioOf(asked, timesMs);
    return rules.map((each) => ({ key: each.key, lane: (isDragged ? quickLane : wholeLane)(each.rules, scenario, null) }));
  }, [asked, timesMs, rules, isDragged]);
  const clock = useCallback((atMs: number) => clockOf(atMs, state.fromMs, isUtc), [state.fromMs, isUtc]);
  const remove = useCallback(
    (key: string) => setState((before) => ({ ...before, rules: before.rules.filter((each) => keyOf(each) !== key) })),
    [setState],
  );
  return (
    <>
      <AreaBar title="What if" lead={sections}>
        <AddRules rules={state.rules} logOf={state.logOf} onChange={setState} onTakeLog={takeLogOf} />
      </AreaBar>
      <div className={styles['page']}>
        <ErrorNotice problem={logged?.problem ?? null} />
        <ScenarioForm
          state={state}
          onChange={setState}
          isUtc={isUtc}
          slowedTo={slowedToMs === null ? null : { everyMs: slowedToMs, most }}
          logged={logged}
          onPick={pick}
        />
        <LanesChart
          state={state}
          timesMs={timesMs}
          areLogged={state.logOf !== null && (logged?.timesMs ?? null) !== null}
          lanes={lanes}
          clock={clock}
          offsetMs={utcOffsetMs(state.fromMs, isUtc)}
          isDragged={isDragged}
          onDrag={setDragged}
          onMove={(fromMs, untilMs) => setState((before) => withOutage(before, fromMs, untilMs))}
          onRemove={remove}
        />
        <Legend />
        <TotalsTable lanes={lanes.map(({ lane }) => lane)} clock={clock} />
        <p className={styles['leavesOut']}>{leavesOut.join(' ')} Where jitter changes a figure, its range follows in brackets.</p>
      </div>
    </>
  );
}

/** A time of day, without seconds on the minute, and with the day in front when it is not that of `nearMs`. */
function clockOf(atMs: number, nearMs: number, isUtc: boolean): string {
  const text = clockText(atMs, nearMs, isUtc);
  return atMs % 60_000 === 0 ? text.replace(/(:\d\d):00$/, '$1') : text;
}
