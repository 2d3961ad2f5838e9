import { TextInput } from '@mantine/core';
import { useRef, useState, type KeyboardEvent } from 'react';
import type { EntryLikeness, TextEntry } from '#shared/contract/comparisons.ts';
import { bytesText, countText } from '../../base/size-format.ts';
import { TimeText } from '../../ui/time-text.tsx';
import styles from './text-dialog.module.css';

interface EntryListProps {
  /** The likeliest first. */
  readonly items: readonly TextEntry[];
  /** What the list is of, in a sentence. */
  readonly lead: string;
  readonly onChoose: (entry: number) => void;
}

/** How many requests are listed at once; the others are found by typing. */
const listed = 100;

const likenessWords = {
  signature: 'Same signature',
  'event id': 'Same event id',
  'event type': 'Same event type',
  target: 'Same path',
} as const satisfies Record<EntryLikeness, string>;

/** The requests of a text to choose one from, with the arrows and Enter or with the mouse. */
export function EntryList({ items, lead, onChoose }: EntryListProps) {
  const [sought, setSought] = useState('');
  const list = useRef<HTMLDivElement>(null);
  const matching = items.filter((item) => entryText(item).includes(sought.trim().toLowerCase()));
  const move = (event: KeyboardEvent, step: 1 | -1) => {
    const buttons = [...(list.current?.querySelectorAll('button') ?? [])];
    const at = buttons.findIndex((button) => button === document.activeElement);
    event.preventDefault();
    buttons[Math.max(0, Math.min(buttons.length - 1, at + step))]?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') move(event, 1);
    else if (event.key === 'ArrowUp') move(event, -1);
  };
  return (
    <div className={styles['entries']} role="group" aria-label="Requests" onKeyDown={onKeyDown}>
      <p>{lead}</p>
      <TextInput
        size="xs"
        autoFocus
        aria-label="Find a request"
        placeholder="Method, path, status or number"
        value={sought}
        onChange={(event) => setSought(event.currentTarget.value)}
        onKeyDown={(event) => {
          const [first] = matching;
          if (event.key !== 'Enter') return;
          event.preventDefault();
          if (first !== undefined) onChoose(first.entry);
        }}
      />
      <div ref={list} className={styles['list']}>
        {matching.slice(0, listed).map((item) => (
          <EntryRow key={item.entry} item={item} onChoose={onChoose} />
        ))}
      </div>
      {matching.length === 0 && <p role="status">None of them has this.</p>}
      {matching.length > listed && <p>And {countText(matching.length - listed, 'more', 'more')}: type to find one.</p>}
    </div>
  );
}

function EntryRow({ item, onChoose }: { readonly item: TextEntry; readonly onChoose: EntryListProps['onChoose'] }) {
  const { entry, method, target, atMs, status, bodyBytes, likeness } = item;
  return (
    <button type="button" onClick={() => onChoose(entry)}>
      <span className={styles['number']}>{entry}</span>
      <code>
        {method ?? 'Request'} {target ?? ''}
      </code>
      <b>{likeness === null ? '' : likenessWords[likeness]}</b>
      <span className={styles['number']}>{status ?? '\u2013'}</span>
      <span className={styles['number']}>{bodyBytes === null ? '\u2013' : bytesText(bodyBytes)}</span>
      <span>{atMs === null ? 'time not known' : <TimeText atMs={atMs} as="exact" />}</span>
    </button>
  );
}

function entryText({ entry, method, target, status }: TextEntry): string {
  return `${entry} ${method ?? ''} ${target ?? ''} ${status ?? ''}`.toLowerCase();
}
