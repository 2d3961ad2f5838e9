import { Button } from '@mantine/core';
import { useRef, useState } from 'react';
import type { ComparedOffer, ComparedSide } from '#shared/contract/comparisons.ts';
import { formatRoute, type RouteTarget } from '../../base/router.ts';
import { IdText } from '../../ui/id-text.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { TimeText } from '../../ui/time-text.tsx';
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
}

/** One of the two: what it is, what came of it, and how to choose another one. */
export function SideCard({ label, id, side, otherId, offers, onChoose }: SideCardProps) {
  const [isChoosing, setChoosing] = useState(false);
  const change = useRef<HTMLButtonElement>(null);
  const choose = (chosen: string) => {
    setChoosing(false);
    onChoose(chosen);
  };
  return (
    <section className={styles['card']} aria-label={label}>
      <header>
        <span className={styles['which']}>{label}</span>
        {id !== null && (
          <Button ref={change} size="compact-xs" variant="default" onClick={() => setChoosing(!isChoosing)}>
            {isChoosing ? 'Keep' : 'Change'}
          </Button>
        )}
      </header>
      {side !== null && <SideFacts side={side} />}
      {side === null && id !== null && <IdText id={id} />}
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

function SideFacts({ side }: { readonly side: ComparedSide }) {
  const { name, id, kind, atMs, outcome, status } = side;
  return (
    <>
      <p className={styles['name']}>
        <a href={formatRoute(homeOf(side))}>{name}</a>
      </p>
      <p className={styles['meta']}>
        {outcome !== null && <StatusBadge state={outcome.code === 'ok' ? 'delivered' : 'failed'} plain word={endOf(side)} />}
        {outcome === null && status !== null && <span>answered with {status}</span>}
        {outcome === null && status === null && <span>no answer</span>}
        <TimeText atMs={atMs} as="exact" />
        <IdText id={id} label={`${kind} id`} />
      </p>
    </>
  );
}

/** How an attempt ended, in a word or two. */
function endOf({ status, outcome }: ComparedSide): string {
  return status === null ? (outcome?.code ?? '') : String(status);
}

/** Where one side is shown by itself. */
export function homeOf({ kind, id, deliveryId, binId }: ComparedSide): RouteTarget {
  return kind === 'capture' ? { area: 'captures', id, query: { bin: binId ?? undefined } } : { area: 'deliveries', id: deliveryId };
}
