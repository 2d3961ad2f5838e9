import { Button } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import type { Meanwhile } from '../stores/use-edits.ts';
import styles from './changed-meanwhile.module.css';

/** Fields that somebody else saved while they were edited here, each with a choice. `labels` are what the form calls its fields. */
export function ChangedMeanwhile<Name extends PropertyKey>({
  fields,
  labels,
}: {
  readonly fields: readonly Meanwhile<Name>[];
  readonly labels: Readonly<Partial<Record<Name, string>>>;
}) {
  return fields.map(({ field, theirs, takeTheirs, keepMine }, index) => {
    const label = labels[field] ?? String(field);
    return (
      <div key={index} className={styles['row']} role="status">
        <IconUsers size={14} aria-hidden />
        <span className="truncate" title={valueText(theirs)}>
          Changed elsewhere meanwhile: <b>{label}</b>, now <span className="mono">{valueText(theirs)}</span>
        </span>
        <Button size="compact-xs" variant="default" aria-label={`Take their ${label}`} onClick={takeTheirs}>
          Take theirs
        </Button>
        <Button size="compact-xs" variant="default" aria-label={`Keep my ${label}`} onClick={keepMine}>
          Keep mine
        </Button>
      </div>
    );
  });
}

const shownCharacters = 120;

function valueText(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  if (text === '' || text === 'null') return 'nothing';
  return text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text;
}
