import { Button } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import { useState } from 'react';
import { labelOf, labelsOf, listText, sayValue, type FormWords } from '../base/form-words.ts';
import { countText } from '../base/size-format.ts';
import type { Meanwhile } from '../stores/use-edits.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { KeyHint } from './key-hint.tsx';
import styles from './save-bar.module.css';

interface SaveBarProps {
  /** What is unsaved, in words; empty hides the bar. */
  readonly changes: string;
  readonly saveLabel: string;
  readonly discardLabel: string;
  readonly isBusy: boolean;
  /** Edited fields that somebody else saved meanwhile. */
  readonly meanwhile: readonly Meanwhile[];
  readonly words: FormWords;
  readonly onDiscard: () => void;
  /** Leads to the first of `meanwhile`. */
  readonly onShowFirst: () => void;
}

/** Says what is unsaved and what somebody else saved meanwhile; saves or discards it. */
export function SaveBar({ changes, saveLabel, discardLabel, isBusy, meanwhile, words, onDiscard, onShowFirst }: SaveBarProps) {
  if (changes === '') return null;
  return (
    <div className={styles['bar']} role="region" aria-label="Unsaved changes">
      <MeanwhileLine meanwhile={meanwhile} words={words} onShowFirst={onShowFirst} />
      <div className={styles['line']}>
        <span className="truncate" title={changes}>
          <b>Unsaved:</b> {changes}
        </span>
        <Button size="xs" variant="default" onClick={onDiscard}>
          {discardLabel}
        </Button>
        <Button size="xs" type="submit" loading={isBusy} rightSection={<KeyHint keys="mod+s" />}>
          {saveLabel}
        </Button>
      </div>
    </div>
  );
}

/** Always there, so that a screen reader is told when something comes into it. */
function MeanwhileLine({ meanwhile, words, onShowFirst }: Pick<SaveBarProps, 'meanwhile' | 'words' | 'onShowFirst'>) {
  const labels = labelsOf(
    words,
    meanwhile.map(({ name }) => name),
  ).join(', ');
  return (
    <div role="status">
      {meanwhile.length > 0 && (
        <div className={`${styles['line']} ${styles['meanwhile']}`}>
          <IconUsers size={14} aria-hidden />
          <span className="truncate" title={labels}>
            <b>Changed elsewhere meanwhile:</b> {labels}
          </span>
          <Button size="compact-xs" variant="default" onClick={onShowFirst}>
            {meanwhile.length === 1 ? 'Show it' : 'Show the first'}
          </Button>
        </div>
      )}
    </div>
  );
}

/** A save that asks before it replaces what somebody else saved meanwhile. */
export interface AskedSave {
  /** Saves, or asks first. */
  readonly save: () => void;
  readonly isAsking: boolean;
  readonly close: () => void;
}

/** Makes saving ask while there are fields that somebody else saved meanwhile. */
export function useAskedSave(meanwhile: readonly Meanwhile[], save: () => Promise<void>): AskedSave {
  const [isAsking, setAsking] = useState(false);
  return {
    save: () => {
      if (meanwhile.length > 0) setAsking(true);
      else void save();
    },
    isAsking,
    close: () => setAsking(false),
  };
}

interface SaveOverDialogProps extends Pick<SaveBarProps, 'meanwhile' | 'words'> {
  readonly asked: AskedSave;
  readonly onConfirm: () => Promise<void>;
}

const shownCharacters = 80;

/** Names the fields that saving would replace, and what stands in them now. */
export function SaveOverDialog({ meanwhile, words, asked, onConfirm }: SaveOverDialogProps) {
  const labels = labelsOf(
    words,
    meanwhile.map(({ name }) => name),
  );
  return (
    <ConfirmDialog
      isOpen={asked.isAsking}
      onClose={asked.close}
      title={`Save over ${labels.length === 1 ? `their ${labels[0] ?? ''}` : countText(meanwhile.length, 'changed field', 'changed fields')}?`}
      consequence={
        <>
          {listText(labels)} {labels.length === 1 ? 'was' : 'were'} changed elsewhere while you edited. Your version replaces what is there
          now:
          <ul className={styles['theirs']}>
            {meanwhile.map(({ name, theirs }) => (
              <li key={name}>
                {labelOf(words, name)}: <span className="mono">{shortText(sayValue(words, name, theirs))}</span>
              </li>
            ))}
          </ul>
        </>
      }
      actionLabel={meanwhile.length === 1 ? 'Save over it' : 'Save over them'}
      onConfirm={onConfirm}
    />
  );
}

function shortText(text: string): string {
  return text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text;
}
