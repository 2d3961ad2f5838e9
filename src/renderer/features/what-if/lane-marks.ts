import type { Run } from '#shared/what-if/scenario.ts';
import type { OutageAxis } from '#shared/what-if/axis.ts';

/** What a mark stands for; each has a shape of its own. */
export type MarkKind = 'atOnce' | 'late' | 'failed' | 'lost' | 'unsent';

/** The marks of a lane as one path for each kind, in pixels. */
export type MarkPaths = Readonly<Record<MarkKind, string>>;

/** Marks closer than this stand on one another, at the place of the first: what arrives above the line, what fails below. */
const columnPx = 6;
const abovePx = 30;
const belowPx = 34;
const stepPx = 7;

/** Height of a lane's drawing, and where its line is. */
export const laneHeightPx = 78;
export const lineY = 38;

interface Placed {
  readonly x: number;
  readonly kind: MarkKind;
}

/** Draws the attempts of a run. The work and the size of the paths grow with the attempts, and nothing else of the page does. */
export function markPaths({ events, attempts }: Run, axis: OutageAxis, widthPx: number): MarkPaths {
  const above: Placed[] = [];
  const below: Placed[] = [];
  const put = (marks: Placed[], atMs: number, kind: MarkKind) => {
    const share = axis.toShare(atMs);
    if (share >= 0 && share <= 1.0001) marks.push({ x: share * widthPx, kind });
  };
  for (const { event, atMs, number, isOk } of attempts) {
    const { end, attempts: made } = events[event] ?? { end: 'off', attempts: 0 };
    if (isOk) put(above, atMs, number === 1 ? 'atOnce' : 'late');
    else put(below, atMs, end === 'exhausted' && number === made ? 'lost' : 'failed');
  }
  for (const { atMs, end } of events) if (end === 'unsent') put(below, atMs, 'unsent');
  const paths: Record<MarkKind, string> = { atOnce: '', late: '', failed: '', lost: '', unsent: '' };
  stack(above, -1, abovePx, paths);
  stack(below, 1, belowPx, paths);
  return paths;
}

/** The worst stands next to the line. */
const order: Readonly<Record<MarkKind, number>> = { lost: 0, unsent: 1, failed: 2, late: 3, atOnce: 4 };

function stack(marks: Placed[], direction: 1 | -1, roomPx: number, paths: Record<MarkKind, string>): void {
  marks.sort((a, b) => a.x - b.x);
  for (let first = 0; first < marks.length;) {
    const { x } = marks[first] ?? { x: 0 };
    let next = first + 1;
    while (next < marks.length && (marks[next]?.x ?? 0) - x < columnPx) next += 1;
    const column = marks.slice(first, next).toSorted((a, b) => order[a.kind] - order[b.kind]);
    const step = Math.min(stepPx, (roomPx - stepPx) / Math.max(1, column.length - 1));
    column.forEach(({ kind }, index) => (paths[kind] += shapes[kind](round(x), lineY + direction * (6 + index * step))));
    first = next;
  }
}

const shapes: Readonly<Record<MarkKind, (x: number, y: number) => string>> = {
  atOnce: (x, y) => circle(x, y, 2),
  late: (x, y) => circle(x, y, 3.2),
  failed: (x, y) => `M${x - 3} ${round(y - 2.4)}h6l-3 5z`,
  lost: (x, y) => `M${x - 3} ${round(y - 3)}l6 6m0 -6l-6 6`,
  unsent: (x, y) => `M${x - 3} ${round(y)}h6`,
};

function circle(x: number, y: number, radius: number): string {
  return `M${round(x - radius)} ${round(y)}a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0z`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
