import { Button } from '@mantine/core';
import { IconClipboard } from '@tabler/icons-react';
import { useRef, useState, type DragEvent } from 'react';
import type { ComparedOffer, ComparedSide } from '#shared/contract/comparisons.ts';
import { formatRoute, type RouteTarget } from '../../base/router.ts';
import { IdText } from '../../ui/id-text.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { isTextKey, type ChosenText } from './given-texts.ts';
import { SidePicker } from './side-picker.tsx';
import styles from './compare.module.css';

interface SideCardProps {
  /** `First` or `Second`. */
  readonly label: string;
  /** Null where it is still to be chosen. */
  readonly id: string | null;
  /** Null while it is being read, and where it is not there. */
  readonly side: ComparedSide | null;
  readonly otherId: string | null;
  /** What the other side may be compared with. */
  readonly offers: readonly ComparedOffer[];
  readonly onChoose: (id: string) => void;
  /** The text that it is from; null for anything else, and for a text that is not here any more. */
  readonly text: ChosenText | null;
  /** A text is to be given: another request of the text that is here, or null to ask for one. */
  readonly onGive: (given: ChosenText | null) => void;
  /** Files were dropped onto it. */
  readonly onDropFiles: (files: readonly File[]) => void;
}

/** One of the two: what it is, what came of it, and how to choose another one. */
export function SideCard({ label, id, side, otherId, offers, onChoose, text, onGive, onDropFiles }: SideCardProps) {
  const [isChoosing, setChoosing] = useState(false);
  const [isDropping, setDropping] = useState(false);
  const change = useRef<HTMLButtonElement>(null);
  const isGone = id !== null && isTextKey(id) && text === null;
  const leave = () => {
    // The button that asks for a text goes with the choosing, and the focus returns to what opened the dialog.
    if (isChoosing) change.current?.focus();
    setChoosing(false);
  };
  const give = (given: ChosenText | null) => {
    leave();
    onGive(given);
  };
  const choose = (chosen: string) => {
    setChoosing(false);
    onChoose(chosen);
  };
  return (
    <section
      className={styles['card']}
      aria-label={label}
      data-dropping={isDropping || undefined}
      {...dropProps(setDropping, (files) => {
        leave();
        onDropFiles(files);
      })}
    >
      <header>
        <span className={styles['which']}>{label}</span>
        {id !== null && (
          <Button ref={change} size="compact-xs" variant="default" onClick={() => setChoosing(!isChoosing)}>
            {isChoosing ? 'Keep' : 'Change'}
          </Button>
        )}
      </header>
      {side !== null && <SideFacts side={side} />}
      {side === null && text !== null && <p className={styles['name']}>{text.name ?? 'What was pasted'}</p>}
      {side === null && id !== null && !isTextKey(id) && <IdText id={id} />}
      {isGone && (
        <p role="status">
          What was pasted here is gone: it is held only as long as this page is open, and never kept. Paste it again, or choose something
          else.
        </p>
      )}
      {(isChoosing || id === null || isGone) && (
        <div className={styles['giving']}>
          <Button size="xs" variant="default" leftSection={<IconClipboard size={14} />} onClick={() => give(null)}>
            {isGone ? 'Paste it again…' : 'Paste or drop a file…'}
          </Button>
          {text !== null && text.count > 1 && (
            <Button size="xs" variant="default" onClick={() => give(text)}>
              Another request of it…
            </Button>
          )}
        </div>
      )}
      {(isChoosing || id === null) && (
        <SidePicker
          label={id !== null ? 'Compare with another one' : otherId === null ? 'Compare this' : 'Compare with'}
          without={[id, otherId]}
          offers={offers}
          isFocused={isChoosing}
          onChoose={choose}
          onLeave={(input) => {
            setChoosing(false);
            // Escape from elsewhere closes the comparison.
            if (change.current === null) input.blur();
            else change.current.focus();
          }}
        />
      )}
    </section>
  );
}

/** Takes files that are dropped onto a side. */
function dropProps(setDropping: (isDropping: boolean) => void, onFiles: (files: readonly File[]) => void) {
  return {
    onDragOver: (event: DragEvent) => {
      event.preventDefault();
      setDropping(true);
    },
    onDragLeave: () => setDropping(false),
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      event.stopPropagation();
      setDropping(false);
      onFiles([...event.dataTransfer.files]);
    },
  };
}

/** How many sentences on the reading of a text are shown. */
const shownNotes = 3;

function SideFacts({ side }: { readonly side: ComparedSide }) {
  const { name, id, kind, atMs, outcome, status, readAs, notes } = side;
  const home = homeOf(side);
  return (
    <>
      <p className={styles['name']}>{home === null ? name : <a href={formatRoute(home)}>{name}</a>}</p>
      <p className={styles['meta']}>
        {outcome !== null && <StatusBadge state={outcome.code === 'ok' ? 'delivered' : 'failed'} plain word={endOf(side)} />}
        {outcome === null && status !== null && <span>answered with {status}</span>}
        {outcome === null && status === null && <span>{kind === 'text' ? 'answer not known' : 'no answer'}</span>}
        {atMs === null ? <span>time not known</span> : <TimeText atMs={atMs} as="exact" />}
        {id !== null && <IdText id={id} label={`${kind} id`} />}
        {readAs !== null && <span>read as {readAs}</span>}
      </p>
      {notes.slice(0, shownNotes).map((note) => (
        <p key={note} className={styles['hint']}>
          {note}
        </p>
      ))}
      {notes.length > shownNotes && <p className={styles['hint']}>And {notes.length - shownNotes} more of these.</p>}
    </>
  );
}

/** How an attempt ended, in a word or two. */
function endOf({ status, outcome }: ComparedSide): string {
  return status === null ? (outcome?.code ?? '') : String(status);
}

/** Where one side is shown by itself; null for a text. */
export function homeOf({ kind, id, deliveryId, binId }: ComparedSide): RouteTarget | null {
  if (kind === 'text') return null;
  return kind === 'capture' ? { area: 'captures', id, query: { bin: binId ?? undefined } } : { area: 'deliveries', id: deliveryId };
}
