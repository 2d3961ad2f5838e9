import { useElementSize, useLocalStorage, useMediaQuery } from '@mantine/hooks';
import { Button } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useEffect, useRef, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { narrowQuery, smallQuery } from '../base/narrow.ts';
import { formatRoute } from '../base/router.ts';
import { useKeys, useRoute } from '../stores/session.tsx';
import { ViewBoundary } from './view-boundary.tsx';
import styles from './split-pane.module.css';

interface SplitPaneProps {
  /** Under which the divider is remembered. */
  readonly name: string;
  readonly list: ReactNode;
  /** Null when nothing is shown in detail: the list then has the whole width in a narrow window. */
  readonly detail: ReactNode | null;
  /** In place of a detail, in a wide window; without it the list has the whole width. */
  readonly placeholder?: ReactNode;
  /** Leaves the detail, in a narrow window. */
  readonly onBack: () => void;
  /** Share of the list when it was never moved, 0.45 by default. */
  readonly initialShare?: number;
  readonly minListPx?: number;
  readonly minDetailPx?: number;
  /** Both sides belong together, so they stand side by side in a narrow window too, and one below the other in a small one. */
  readonly isAlwaysSplit?: boolean;
  /** What the right side is to assistive technology, `Detail` by default. */
  readonly detailLabel?: string;
}

/** List and detail with a divider that can be dragged, moved by arrow keys, and is remembered. */
export function SplitPane(props: SplitPaneProps) {
  const {
    name,
    placeholder,
    onBack,
    initialShare = 0.45,
    minListPx = 320,
    minDetailPx = 400,
    isAlwaysSplit = false,
    detailLabel = 'Detail',
  } = props;
  const isNarrow = useMediaQuery(narrowQuery, undefined, { getInitialValueInEffect: false });
  const isSmall = useMediaQuery(smallQuery, undefined, { getInitialValueInEffect: false });
  const [share, setShare] = useLocalStorage({ key: `hookyard.split.${name}`, defaultValue: initialShare, getInitialValueInEffect: false });
  const { ref, width } = useElementSize();
  const lowest = width === 0 ? 0.2 : Math.min(0.8, minListPx / width);
  const highest = width === 0 ? 0.8 : Math.max(lowest, 1 - minDetailPx / width);
  const used = Math.min(highest, Math.max(lowest, share));
  // A side that cannot be rendered does not affect the other, and is reset when something else is chosen.
  const shows = formatRoute(useRoute());
  const inside = (what: string, content: ReactNode) => (
    <ViewBoundary what={what} shows={shows}>
      {content}
    </ViewBoundary>
  );
  const list = inside('This list', props.list);
  const detail = props.detail === null ? null : inside('What is chosen here', props.detail);

  const isOver = isNarrow && !isAlwaysSplit;
  const isStacked = !isOver && isSmall && isAlwaysSplit;
  const right = detail ?? (isOver ? null : (placeholder ?? null));
  // Two sides that belong together keep the focus each; a list takes over from a detail that closes.
  const own = isAlwaysSplit ? { tabIndex: -1, 'data-focus-home': '' } : {};
  const columns = right === null ? 'minmax(0, 1fr)' : `${(used * 100).toFixed(2)}% 1px minmax(0, 1fr)`;
  // Both sides stand in the same place of one tree however they are laid out: what is open or typed in them outlives another width.
  return (
    <div
      ref={ref}
      className={styles[isOver ? 'narrow' : isStacked ? 'stacked' : 'split']}
      tabIndex={-1}
      data-focus-home="list"
      style={isOver || isStacked ? {} : { gridTemplateColumns: columns }}
    >
      <div className={styles['pane']} inert={isOver && right !== null} {...own}>
        {list}
      </div>
      {right !== null && !isOver && !isStacked && (
        <Divider share={used} lowest={lowest} highest={highest} widthPx={width} onMove={setShare} />
      )}
      {right !== null && (
        <section className={styles[isOver ? 'over' : 'pane']} aria-label={detailLabel} {...own}>
          {isOver && <WayBack onBack={onBack} />}
          <div className={styles['pane']}>{right}</div>
        </section>
      )}
    </div>
  );
}

/** Leads back to the list, above a detail that lies over it. */
function WayBack({ onBack }: { readonly onBack: () => void }) {
  const back = useRef<HTMLButtonElement>(null);
  useKeys({ Escape: onBack });
  useEffect(() => {
    const before = document.activeElement;
    // A form that begins in its first field has taken the focus already, and a dialog keeps it.
    if (back.current?.closest('section')?.contains(before) !== true && before?.closest('[role="dialog"]') == null)
      back.current?.focus({ preventScroll: true });
    return () => {
      const isKept = document.activeElement?.closest('form, section, [role="dialog"]') != null;
      if (!isKept && before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    <div className={styles['back']}>
      <Button ref={back} size="compact-sm" variant="subtle" color="gray" leftSection={<IconArrowLeft size={18} />} onClick={onBack}>
        Back to the list
      </Button>
    </div>
  );
}

interface DividerProps {
  readonly share: number;
  readonly lowest: number;
  readonly highest: number;
  readonly widthPx: number;
  readonly onMove: (share: number) => void;
}

const keyStep = 0.02;

function Divider({ share, lowest, highest, widthPx, onMove }: DividerProps) {
  const move = (value: number) => onMove(Math.min(highest, Math.max(lowest, value)));
  const drag = (event: PointerEvent<HTMLDivElement>) => {
    if (event.buttons !== 1 || widthPx === 0) return;
    const left = event.currentTarget.parentElement?.getBoundingClientRect().left ?? 0;
    move((event.clientX - left) / widthPx);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const target = { ArrowLeft: share - keyStep, ArrowRight: share + keyStep, Home: lowest, End: highest }[event.key];
    if (target === undefined) return;
    event.preventDefault();
    move(target);
  };
  return (
    <div
      className={styles['divider']}
      role="separator"
      aria-orientation="vertical"
      aria-label="Width of the list"
      aria-valuenow={Math.round(share * 100)}
      aria-valuemin={Math.round(lowest * 100)}
      aria-valuemax={Math.round(highest * 100)}
      tabIndex={0}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onKeyDown={onKeyDown}
    />
  );
}
