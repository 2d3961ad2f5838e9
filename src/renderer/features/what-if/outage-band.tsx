import { useRef, type KeyboardEvent, type PointerEvent } from 'react';
import { spanText } from '#shared/duration-text.ts';
import type { OutageAxis } from '#shared/what-if/axis.ts';
import { shortestOutageMs, stepMs } from './what-if-state.ts';
import styles from './what-if.module.css';

/** What is dragged: one end of the outage, or all of it. */
type Part = 'from' | 'until' | 'whole';

export interface OutageBandProps {
  readonly axis: OutageAxis;
  /** Of the drawing, in pixels. */
  readonly width: number;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly clock: (atMs: number) => string;
  /** The axis stands still from here on. */
  readonly onGrab: () => void;
  readonly onMove: (fromMs: number, untilMs: number) => void;
  readonly onLetGo: () => void;
}

interface Grab {
  readonly part: Part;
  readonly x: number;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** The outage over all lanes: moved and resized by pointer and by arrow keys; on the free part of its row another is drawn. */
export function OutageBand({ axis, width, fromMs, untilMs, clock, onGrab, onMove, onLetGo }: OutageBandProps) {
  const grab = useRef<Grab | null>(null);
  const left = axis.toShare(fromMs) * width;
  const right = Math.max(left + 2, axis.toShare(untilMs) * width);
  const begin = (event: PointerEvent<HTMLElement>, part: Part, at: Pick<Grab, 'fromMs' | 'untilMs'> = { fromMs, untilMs }) => {
    if (event.button !== 0) return;
    event.stopPropagation();
    event.currentTarget.setPointerCapture(event.pointerId);
    grab.current = { part, x: event.clientX, ...at };
    onGrab();
  };
  const move = (event: PointerEvent<HTMLElement>) => {
    const { current } = grab;
    if (current === null || width === 0) return;
    const movedShare = (event.clientX - current.x) / width;
    const to = (atMs: number) => snapped(axis.toMs(Math.min(1, Math.max(0, axis.toShare(atMs) + movedShare))), axis, width);
    if (current.part === 'from') onMove(Math.min(to(current.fromMs), current.untilMs - shortestOutageMs), current.untilMs);
    else if (current.part === 'until') onMove(current.fromMs, Math.max(to(current.untilMs), current.fromMs + shortestOutageMs));
    else {
      const begins = to(current.fromMs);
      onMove(begins, begins + (current.untilMs - current.fromMs));
    }
  };
  const end = () => {
    if (grab.current === null) return;
    grab.current = null;
    onLetGo();
  };
  const onKeyDown = (event: KeyboardEvent, part: Part) => {
    const byMs = keyStep(event, untilMs - fromMs);
    if (byMs === 0) return;
    event.preventDefault();
    if (part === 'until') onMove(fromMs, Math.max(untilMs + byMs, fromMs + shortestOutageMs));
    else if (part === 'from') onMove(Math.min(fromMs + byMs, untilMs - shortestOutageMs), untilMs);
    else onMove(fromMs + byMs, untilMs + byMs);
  };
  const drawNew = (event: PointerEvent<HTMLElement>) => {
    const share = (event.clientX - event.currentTarget.getBoundingClientRect().left) / Math.max(1, width);
    const atMs = snapped(axis.toMs(Math.min(1, Math.max(0, share))), axis, width);
    begin(event, 'until', { fromMs: atMs, untilMs: atMs + shortestOutageMs });
    onMove(atMs, atMs + shortestOutageMs);
  };
  const dragging = { onPointerMove: move, onPointerUp: end, onPointerCancel: end, onLostPointerCapture: end };
  const slider = (part: Part, label: string, atMs: number) => ({
    role: 'slider',
    tabIndex: 0,
    'aria-label': label,
    'aria-valuemin': Math.round(axis.fromMs / 1000),
    'aria-valuemax': Math.round(axis.untilMs / 1000),
    'aria-valuenow': Math.round(atMs / 1000),
    'aria-valuetext': `${clock(atMs)}; the outage lasts ${spanText(untilMs - fromMs)}`,
    onPointerDown: (event: PointerEvent<HTMLElement>) => begin(event, part),
    onKeyDown: (event: KeyboardEvent) => onKeyDown(event, part),
    ...dragging,
  });
  return (
    <div className={styles['overlay']}>
      <div className={styles['band']} style={{ left, width: right - left }} />
      <div className={styles['track']} onPointerDown={drawNew} {...dragging} title="Drag to draw another outage" />
      <div
        className={styles['grip']}
        style={{ left, width: right - left }}
        title="Drag to move the outage"
        {...slider('whole', 'Outage', fromMs)}
      >
        <span>{right - left > 92 ? `down ${spanText(untilMs - fromMs)}` : ''}</span>
      </div>
      <div
        className={styles['edge']}
        style={{ left: left - 5 }}
        title="Drag to change when the outage begins"
        {...slider('from', 'Beginning of the outage', fromMs)}
      />
      <div
        className={styles['edge']}
        style={{ left: right - 5 }}
        title="Drag to change when the outage ends"
        {...slider('until', 'End of the outage', untilMs)}
      />
    </div>
  );
}

/** How far a key moves: an arrow by a step, Page Up and Page Down by six. */
function keyStep({ key }: KeyboardEvent, lengthMs: number): number {
  const step = stepMs(lengthMs);
  return { ArrowRight: step, ArrowUp: step, ArrowLeft: -step, ArrowDown: -step, PageUp: 6 * step, PageDown: -6 * step }[key] ?? 0;
}

const snaps = [1000, 5000, 10_000, 30_000, 60_000, 300_000, 600_000, 1_800_000, 3_600_000];

/** A time that can be said: to the step that is about three pixels wide where it is. */
function snapped(atMs: number, axis: OutageAxis, width: number): number {
  const share = axis.toShare(atMs);
  const threePxMs = axis.toMs(Math.min(1, share + 1.5 / width)) - axis.toMs(Math.max(0, share - 1.5 / width));
  const snap = snaps.find((each) => each >= threePxMs) ?? 3_600_000;
  return Math.round(atMs / snap) * snap;
}
