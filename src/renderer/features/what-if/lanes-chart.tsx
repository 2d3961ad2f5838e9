import { useElementSize } from '@mantine/hooks';
import { useMemo, useState, type PointerEvent } from 'react';
import { outageAxis, type OutageAxis } from '#shared/what-if/axis.ts';
import type { Lane } from '#shared/what-if/lane.ts';
import { AxisTicks, EventsRow, nearestEvent } from './axis-rows.tsx';
import { LaneRow } from './lane-row.tsx';
import { OutageBand } from './outage-band.tsx';
import type { WhatIfState } from './what-if-state.ts';
import styles from './what-if.module.css';

interface LanesChartProps {
  readonly state: WhatIfState;
  readonly timesMs: readonly number[];
  /** The events are those of the log. */
  readonly areLogged: boolean;
  readonly lanes: readonly { readonly key: string; readonly lane: Lane }[];
  readonly clock: (atMs: number) => string;
  /** How far the clock that is shown is ahead of UTC. */
  readonly offsetMs: number;
  readonly isDragged: boolean;
  readonly onDrag: (isDragged: boolean) => void;
  readonly onMove: (fromMs: number, untilMs: number) => void;
  readonly onRemove: (laneKey: string) => void;
}

/** Between the drawings and the right end of the lanes. */
const plotMarginPx = 12;

/** The lanes on one axis with the outage over them; the axis stands still while it is dragged. */
export function LanesChart({ state, timesMs, areLogged, lanes, clock, offsetMs, isDragged, onDrag, onMove, onRemove }: LanesChartProps) {
  const { ref, width } = useElementSize();
  const [followed, setFollowed] = useState<number | null>(null);
  const [frozen, setFrozen] = useState<OutageAxis | null>(null);
  const fitted = useMemo(() => fittedAxis(state, timesMs, lanes), [state, timesMs, lanes]);
  const axis = isDragged && frozen !== null ? frozen : fitted;
  const index = followed !== null && followed < timesMs.length ? followed : null;
  const follow = (event: PointerEvent<HTMLElement>) => {
    if (isDragged || event.buttons !== 0) return;
    const { right } = event.currentTarget.getBoundingClientRect();
    const share = (event.clientX - (right - plotMarginPx - width)) / Math.max(1, width);
    setFollowed(share < 0 || share > 1 ? null : nearestEvent(timesMs, axis.toMs(share)));
  };
  const grab = () => {
    setFrozen(axis);
    onDrag(true);
  };
  const shown = { axis, width, clock };
  return (
    <div className={styles['chart']} data-dragged={isDragged}>
      <div className={styles['head']}>
        <div className={styles['label']}>
          <p>{eventsText(areLogged, timesMs.length)}</p>
        </div>
        <div ref={ref} className={styles['plot']}>
          <AxisTicks {...shown} offsetMs={offsetMs} />
          <div className={styles['bandRow']} />
          <EventsRow {...shown} timesMs={timesMs} followed={index} onFollow={setFollowed} />
        </div>
      </div>
      <div onPointerMove={follow} onPointerLeave={() => setFollowed(null)}>
        {lanes.map(({ key, lane }) => (
          <LaneRow key={key} {...shown} lane={lane} followed={index} laneKey={key} onRemove={lanes.length > 1 ? onRemove : null} />
        ))}
      </div>
      <OutageBand {...shown} fromMs={state.fromMs} untilMs={state.untilMs} onGrab={grab} onMove={onMove} onLetGo={() => onDrag(false)} />
    </div>
  );
}

function fittedAxis(
  { fromMs: outageFromMs, untilMs }: WhatIfState,
  timesMs: readonly number[],
  lanes: LanesChartProps['lanes'],
): OutageAxis {
  const fromMs = Math.min(outageFromMs, timesMs[0] ?? outageFromMs);
  const margin = (untilMs - fromMs) * 0.02;
  const lastMs = Math.max(untilMs, timesMs.at(-1) ?? 0, ...lanes.map(({ lane }) => lastOf(lane)));
  return outageAxis(fromMs - margin, untilMs, lastMs + Math.max(margin, (lastMs - untilMs) * 0.02));
}

function lastOf({ run: { attempts } }: Pick<Lane, 'run'>): number {
  return attempts.reduce((last, { atMs }) => Math.max(last, atMs), 0);
}

function eventsText(areLogged: boolean, count: number): string {
  const events = count === 1 ? '1 event' : `${count} events`;
  return areLogged ? `${events} from the log` : events;
}
