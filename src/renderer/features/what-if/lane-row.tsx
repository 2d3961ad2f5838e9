import { CloseButton, Popover, UnstyledButton } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconHelp, IconPlayerStop, IconX } from '@tabler/icons-react';
import { memo, useMemo } from 'react';
import type { ProfileFact } from '#shared/contract/profiles.ts';
import type { OutageAxis } from '#shared/what-if/axis.ts';
import type { Lane } from '#shared/what-if/lane.ts';
import { followedText } from './followed-text.ts';
import { laneHeightPx, lineY, markPaths } from './lane-marks.ts';
import styles from './what-if.module.css';

interface LaneRowProps {
  readonly lane: Lane;
  readonly axis: OutageAxis;
  readonly width: number;
  /** Which event is followed; null for none. */
  readonly followed: number | null;
  readonly clock: (atMs: number) => string;
  readonly laneKey: string;
  /** Null for the last lane, which stays. */
  readonly onRemove: ((laneKey: string) => void) | null;
}

/** One lane: whose rules, its attempts drawn, and how it ends. */
export function LaneRow({ lane, axis, width, followed, clock, laneKey, onRemove }: LaneRowProps) {
  const { told } = lane;
  const isFollowed = followed !== null && lane.run.events[followed] !== undefined;
  return (
    <section className={styles['lane']} aria-label={told.name}>
      <LaneLabel told={told} laneKey={laneKey} onRemove={onRemove} />
      <div className={styles['plot']}>
        <LaneDrawing lane={lane} axis={axis} width={width} followed={followed} clock={clock} />
        <div className={styles['ending']}>
          <p aria-hidden={isFollowed} data-hidden={isFollowed}>
            <Ending lane={lane} />
          </p>
          {isFollowed && <p className={styles['one']}>{followedText(lane.run, followed, clock)}</p>}
        </div>
      </div>
    </section>
  );
}

/** What a lane is called and relies on, which a drag of the outage does not change. */
const LaneLabel = memo(
  function LaneLabel({ told, laneKey, onRemove }: { readonly told: Lane['told'] } & Pick<LaneRowProps, 'laneKey' | 'onRemove'>) {
    return (
      <div className={styles['label']}>
        <div className={styles['name']}>
          <h2 title={told.name}>{told.name}</h2>
          {onRemove !== null && <CloseButton size="xs" aria-label={`Remove ${told.name}`} onClick={() => onRemove(laneKey)} />}
        </div>
        <p>{told.schedule}</p>
        <Sources name={told.name} facts={told.facts} switchRule={told.switchRule} />
      </div>
    );
  },
  (before, after) =>
    before.onRemove === after.onRemove &&
    before.laneKey === after.laneKey &&
    before.told.name === after.told.name &&
    before.told.schedule === after.told.schedule &&
    before.told.switchRule === after.told.switchRule &&
    before.told.facts.length === after.told.facts.length,
);

function Ending({ lane: { told } }: Pick<LaneRowProps, 'lane'>) {
  const { totals, ending, recovery, off } = told;
  const [meaning, EndIcon] =
    off !== null
      ? (['bad', IconPlayerStop] as const)
      : totals.lost > 0
        ? (['bad', IconX] as const)
        : totals.late > 0
          ? (['trouble', IconAlertTriangle] as const)
          : (['good', IconCheck] as const);
  return (
    <>
      <EndIcon size={14} aria-hidden className={styles['endIcon'] ?? ''} data-meaning={meaning} />
      <strong>{ending}</strong> {recovery}
    </>
  );
}

function LaneDrawing({ lane, axis, width, followed, clock }: Omit<LaneRowProps, 'onRemove' | 'laneKey'>) {
  const { run } = lane;
  const paths = useMemo(() => markPaths(run, axis, width), [run, axis, width]);
  const offX = run.off === null ? null : axis.toShare(run.off.atMs) * width;
  return (
    <svg className={styles['drawing']} width={width} height={laneHeightPx} role="img" aria-label={`Attempts: ${lane.told.ending}`}>
      {offX !== null && offX <= width && (
        <>
          <rect className={styles['offArea']} x={offX} y={0} width={Math.max(0, width - offX)} height={laneHeightPx} />
          <line className={styles['offLine']} x1={offX} x2={offX} y1={0} y2={laneHeightPx} />
          <text
            className={styles['offText']}
            x={offX > width - 150 ? offX - 5 : offX + 5}
            y={11}
            textAnchor={offX > width - 150 ? 'end' : 'start'}
          >
            switched off {run.off === null ? '' : clock(run.off.atMs)}
          </text>
        </>
      )}
      <line className={styles['line']} x1={0} x2={width} y1={lineY} y2={lineY} />
      <path className={styles['atOnce']} d={paths.atOnce} />
      <path className={styles['late']} d={paths.late} />
      <path className={styles['failed']} d={paths.failed} />
      <path className={styles['lost']} d={paths.lost} />
      <path className={styles['unsent']} d={paths.unsent} />
      {followed !== null && <Followed run={run} axis={axis} width={width} followed={followed} />}
    </svg>
  );
}

/** Numbers of attempts stand this far apart at least. */
const numberPx = 13;

/** The attempts of one event along the line. */
function Followed({
  run,
  axis,
  width,
  followed,
}: Pick<LaneRowProps, 'axis' | 'width'> & Pick<Lane, 'run'> & { readonly followed: number }) {
  const event = run.events[followed];
  if (event === undefined) return null;
  const made = numbered(
    run.attempts.filter((attempt) => attempt.event === followed).map(({ number, atMs }) => ({ number, x: axis.toShare(atMs) * width })),
  );
  const from = axis.toShare(event.atMs) * width;
  return (
    <g className={styles['followed']}>
      <line x1={from} x2={made.at(-1)?.x ?? from} y1={lineY} y2={lineY} />
      {made.map(({ number, x, isNumbered, room }) => (
        <g key={number}>
          {(isNumbered || room > 9) && <circle cx={x} cy={lineY} r={isNumbered ? 6.5 : 3} />}
          {isNumbered && (
            <text x={x} y={lineY + 3.5} textAnchor="middle">
              {number}
            </text>
          )}
        </g>
      ))}
    </g>
  );
}

/** Marks with their distance from the numbered one before, and whether that leaves room for their number. */
function numbered<Mark extends { readonly x: number }>(
  marks: readonly Mark[],
): readonly (Mark & { readonly isNumbered: boolean; readonly room: number })[] {
  let takenPx = Number.NEGATIVE_INFINITY;
  const placed: (Mark & { readonly isNumbered: boolean; readonly room: number })[] = [];
  for (const mark of marks) {
    const room = mark.x - takenPx;
    const isNumbered = room >= numberPx;
    if (isNumbered) takenPx = mark.x;
    placed.push({ ...mark, isNumbered, room });
  }
  return placed;
}

const rank = { unverified: 0, 'second-hand': 1, verified: 2 } as const;
const words = { unverified: 'partly unverified', 'second-hand': 'partly second-hand', verified: 'verified' } as const;

/** How well the rules of a lane are known, with each fact and its source on demand. */
function Sources({
  name,
  facts,
  switchRule,
}: {
  readonly name: string;
  readonly facts: readonly ProfileFact[];
  readonly switchRule: string;
}) {
  const sorted = facts.toSorted((a, b) => rank[a.certainty] - rank[b.certainty]);
  const least = sorted[0]?.certainty ?? null;
  const word = least === null ? 'rules' : words[least];
  return (
    <Popover position="right-start" width={380} withArrow trapFocus returnFocus>
      <Popover.Target>
        <UnstyledButton
          className={styles['sources'] ?? ''}
          data-certainty={least}
          aria-label={`${word}: what the lane of ${name} relies on`}
        >
          <IconHelp size={13} aria-hidden />
          {word}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown className={styles['facts'] ?? ''}>
        <p>{switchRule}</p>
        <ul>
          {sorted.map(({ text, certainty, source, asOf }) => (
            <li key={text}>
              <span data-certainty={certainty}>{certainty}</span> {text}{' '}
              {source !== null && (
                <a href={source} target="_blank" rel="noreferrer">
                  {source.replace(/^https:\/\//, '')}
                </a>
              )}
              {asOf !== null && ` (${asOf})`}
            </li>
          ))}
        </ul>
      </Popover.Dropdown>
    </Popover>
  );
}
