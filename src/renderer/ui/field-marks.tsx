import { Button } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import { createContext, useContext, useRef, type ReactNode } from 'react';
import { flushSync } from 'react-dom';
import { focusField } from './first-error.ts';
import { labelOf, sayValue, type FormWords } from '../base/form-words.ts';
import type { Meanwhile } from '../stores/use-edits.ts';
import styles from './field-marks.module.css';

interface Marks {
  readonly fields: readonly Meanwhile[];
  readonly words: FormWords;
}

const MarksContext = createContext<Marks>({ fields: [], words: [] });

/** Tells the fields below it which of them somebody else saved while they were edited here. */
export function FieldMarks({ fields, words, children }: Marks & { readonly children: ReactNode }) {
  return <MarksContext value={{ fields, words }}>{children}</MarksContext>;
}

interface MarkedFieldProps {
  /** The field of the form; one of a part is called `part.field`. */
  readonly name: string;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

/** The place of a field: its input, and below it the choice where somebody else saved it meanwhile. */
export function MarkedField({ name, className, children }: MarkedFieldProps) {
  const { fields, words } = useContext(MarksContext);
  const place = useRef<HTMLDivElement>(null);
  const mark = fields.find((field) => field.name === name);
  const choose = (choice: () => void) => {
    // The mark and its buttons are gone with the choice, so the focus goes to the field.
    flushSync(choice);
    focusField(place.current);
  };
  return (
    <div ref={place} className={`${styles['field']} ${className ?? ''}`} data-marked={mark === undefined ? undefined : ''}>
      {children}
      {mark !== undefined && (
        <Choice
          label={labelOf(words, name)}
          theirs={sayValue(words, name, mark.theirs)}
          onTake={() => choose(mark.takeTheirs)}
          onKeep={() => choose(mark.keepMine)}
        />
      )}
    </div>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly theirs: string;
  readonly onTake: () => void;
  readonly onKeep: () => void;
}

function Choice({ label, theirs, onTake, onKeep }: ChoiceProps) {
  return (
    <div className={styles['mark']} role="group" aria-label={`${label} was changed elsewhere`}>
      <IconUsers size={14} aria-hidden />
      <span>Changed elsewhere meanwhile; now:</span>
      <Button size="compact-xs" variant="default" aria-label={`Take their ${label}`} onClick={onTake}>
        Take theirs
      </Button>
      <Button size="compact-xs" variant="default" aria-label={`Keep my ${label}`} onClick={onKeep}>
        Keep mine
      </Button>
      <output className={`mono ${styles['theirs']}`}>{theirs}</output>
    </div>
  );
}

/** Leads to the first field below `root` that somebody else saved meanwhile. */
export function focusFirstMark(root: HTMLElement | null): boolean {
  return focusField(root?.querySelector<HTMLElement>('[data-marked]') ?? null);
}
