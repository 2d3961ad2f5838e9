import { Select } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconHistory } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import type { Client } from '../../base/client.ts';
import { isAbort, toProblem } from '../../base/problem.ts';
import { useClient, useNow } from '../../stores/session.tsx';
import { shortId } from '../../base/size-format.ts';
import { relativeText } from '../../base/time-format.ts';
import { logIdOf } from './from-log.ts';
import styles from './log-picker.module.css';

/** A request of the log as the picker lists it. */
interface LogChoice {
  readonly id: string;
  readonly group: 'Captures' | 'Deliveries';
  /** Such as `POST /hook` or `invoice.paid to Billing`. */
  readonly title: string;
  readonly atMs: number;
}

/** How many of each kind are listed. */
const listed = 8;
const pauseMs = 150;

async function findInLog(client: Client, q: string, signal: AbortSignal): Promise<readonly LogChoice[]> {
  const query = { limit: listed, ...(q === '' ? {} : { q }) };
  const [captures, deliveries] = await Promise.all([client.captures.list(query, { signal }), client.deliveries.list(query, { signal })]);
  return [
    ...captures.items.map(({ id, method, target, receivedAtMs }): LogChoice => ({
      id,
      group: 'Captures',
      title: `${method} ${target}`,
      atMs: receivedAtMs,
    })),
    ...deliveries.items.map(({ id, eventType, endpointName, createdAtMs }): LogChoice => ({
      id,
      group: 'Deliveries',
      title: `${eventType} to ${endpointName}`,
      atMs: createdAtMs,
    })),
  ];
}

/** Finds a captured request or a delivery by what it holds or by its id, which may also be that of an attempt or message. */
export function LogPicker({ onPick }: { readonly onPick: (id: string) => void }) {
  const nowMs = useNow();
  const [search, setSearch] = useState('');
  const { choices, message, find } = useLogChoices(search);
  const typed = logIdOf(search);
  const isListed = choices.some(({ id }) => id === typed?.id);
  const groups = (['Captures', 'Deliveries'] as const).map((group) => ({
    group,
    items: choices.filter((choice) => choice.group === group).map(({ id, title }) => ({ value: id, label: title })),
  }));
  const own = typed === null || isListed ? [] : [{ value: typed.id, label: `The ${typed.kind} of this id` }];
  const [isOpen, setOpen] = useState(false);
  // The list opens by the first letter, before that letter is drawn.
  const typedLast = useRef('');
  const look = (text: string) => {
    typedLast.current = text;
    setSearch(text);
    find(text);
  };
  const pick = (id: string) => {
    look('');
    setOpen(false);
    onPick(id);
  };
  return (
    <Select
      className={styles['picker'] ?? ''}
      size="xs"
      aria-label="From the log"
      placeholder="From the log: search, or an id"
      leftSection={<IconHistory size={14} aria-hidden />}
      comboboxProps={{ width: 380, position: 'bottom-start' }}
      maxDropdownHeight={420}
      searchable
      data={[...own, ...groups.filter(({ items }) => items.length > 0)]}
      // The engine has looked through the whole log; what it found need not show the words that were typed.
      filter={({ options }) => options}
      value={null}
      searchValue={search}
      nothingFoundMessage={message}
      dropdownOpened={isOpen}
      onDropdownOpen={() => {
        setOpen(true);
        find(typedLast.current);
      }}
      onDropdownClose={() => setOpen(false)}
      onSearchChange={look}
      onKeyDown={(event) => {
        // With no option chosen by the arrow keys, Enter takes the first of what was found.
        const first = own[0]?.value ?? choices[0]?.id;
        if (event.key !== 'Enter' || search === '' || first === undefined || event.currentTarget.hasAttribute('aria-activedescendant'))
          return;
        event.preventDefault();
        pick(first);
      }}
      onChange={(id) => id !== null && pick(id)}
      renderOption={({ option }) => {
        const choice = choices.find(({ id }) => id === option.value);
        return (
          <span className={styles['option']}>
            <span className="truncate">{option.label}</span>
            <span className={styles['facts']}>
              <code>{shortId(option.value)}</code>
              {choice !== undefined && ` ${relativeText(choice.atMs, nowMs)}`}
            </span>
          </span>
        );
      }}
    />
  );
}

interface Found {
  /** The text that was looked for. */
  readonly text: string;
  readonly choices: readonly LogChoice[];
  readonly problem: string | null;
}

/**
 * What the log holds of a text. During the search nothing is offered, so that Enter never opens a result for another text; an outdated
 * answer is dropped.
 */
function useLogChoices(search: string) {
  const client = useClient();
  const [found, setFound] = useState<Found | null>(null);
  const asking = useRef(new AbortController());
  const ask = async (text: string) => {
    asking.current.abort();
    const { signal } = (asking.current = new AbortController());
    try {
      const choices = await findInLog(client, logIdOf(text)?.id ?? text.trim(), signal);
      if (!signal.aborted) setFound({ text, choices, problem: null });
    } catch (error) {
      if (!signal.aborted && !isAbort(error)) setFound({ text, choices: [], problem: toProblem(error).message });
    }
  };
  const find = useDebouncedCallback((text: string) => void ask(text), pauseMs);
  const own = found?.text === search ? found : null;
  return { choices: own?.choices ?? [], message: messageOf(own, search), find };
}

function messageOf(found: Found | null, search: string): string {
  if (found === null) return 'Looking through the log\u2026';
  return found.problem ?? (search === '' ? 'Nothing has been captured or sent yet.' : 'Nothing in the log matches this.');
}
