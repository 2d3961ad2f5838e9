import { badgeOf, type BadgeState, type Meaning } from './meaning.ts';
import type { Icon } from '@tabler/icons-react';
import styles from './status-badge.module.css';

/** A delivery status, endpoint health or verdict as icon, word and colour. `plain` leaves out the tint, for rows. */
export function StatusBadge({
  state,
  plain = false,
  word,
}: {
  readonly state: BadgeState;
  readonly plain?: boolean;
  readonly word?: string;
}) {
  const badge = badgeOf(state);
  return <MeaningBadge meaning={badge.meaning} icon={badge.icon} word={word ?? badge.word} plain={plain} />;
}

interface MeaningBadgeProps {
  readonly meaning: Meaning;
  readonly icon: Icon;
  readonly word: string;
  readonly plain?: boolean;
}

/** Any other state in one of the four meanings, with the same shape as {@link StatusBadge}. */
export function MeaningBadge({ meaning, icon: IconShape, word, plain = false }: MeaningBadgeProps) {
  return (
    <span className={styles['badge']} data-meaning={meaning} data-plain={plain || undefined}>
      <IconShape size={14} stroke={2.2} aria-hidden />
      <span className="truncate">{word}</span>
    </span>
  );
}
