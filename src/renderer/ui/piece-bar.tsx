import { Button } from '@mantine/core';
import styles from './piece-bar.module.css';

interface PieceBarProps {
  /** What is cut into pieces, for assistive technology: `Response body`. */
  readonly label: string;
  /** What is shown of it: `Lines 1 to 5,000, 3 % of the body`. */
  readonly place: string;
  readonly piece: number;
  readonly isReading: boolean;
  readonly isLast: boolean;
  readonly onShow: (piece: number) => void;
}

/** Moves over the pieces of something too long to be shown at once. Nothing at all where there is only one. */
export function PieceBar({ label, place, piece, isReading, isLast, onShow }: PieceBarProps) {
  if (piece === 0 && isLast) return null;
  // Not `disabled`, which would throw the focus away from a button that was just pressed.
  const step = (to: number, isPossible: boolean) => ({
    'aria-disabled': !isPossible,
    ...(isPossible ? {} : { 'data-disabled': true }),
    onClick: () => isPossible && onShow(to),
  });
  return (
    <nav className={styles['bar']} aria-label={`Pieces of ${label}`}>
      <output className={styles['place']}>{isReading ? 'Reading\u2026' : place}</output>
      <Button size="compact-xs" variant="default" {...step(0, piece > 0)}>
        First
      </Button>
      <Button size="compact-xs" variant="default" {...step(piece - 1, piece > 0)}>
        Earlier
      </Button>
      <Button size="compact-xs" variant="default" {...step(piece + 1, !isLast && !isReading)}>
        Later
      </Button>
    </nav>
  );
}
