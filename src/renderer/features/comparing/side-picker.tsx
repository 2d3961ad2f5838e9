import { Select } from '@mantine/core';
import { useCallback, useState } from 'react';
import { comparedChoice } from '#shared/compared-choice.ts';
import type { ComparedOffer } from '#shared/contract/comparisons.ts';
import type { Client } from '../../base/client.ts';
import { shortId } from '../../base/size-format.ts';
import { exactText } from '../../base/time-format.ts';
import { useSettings } from '../../stores/session.tsx';
import { useRead } from '../../stores/use-read.ts';
import { relationWords } from './relation-words.ts';

interface SidePickerProps {
  readonly label: string;
  /** Ids that are not offered. */
  readonly without: readonly (string | null)[];
  /** What is worth to be compared with the other side. */
  readonly offers: readonly ComparedOffer[];
  readonly isFocused: boolean;
  readonly onChoose: (id: string) => void;
  /** Escape, once the list is closed: what was chosen before stays. */
  readonly onLeave: (input: HTMLElement) => void;
}

/** How many of the last deliveries and captures are offered. */
const offered = 50;

/** Chooses one side: from what is offered, the last deliveries and captures, or by any id. */
export function SidePicker({ label, without, offers, isFocused, onChoose, onLeave }: SidePickerProps) {
  const isUtc = useSettings()?.isUtc ?? false;
  const [search, setSearch] = useState('');
  const [isListed, setListed] = useState(false);
  // The last ones are read each time that the list is opened.
  const [openings, setOpenings] = useState(0);
  const last = useRead(
    useCallback(
      async (client: Client, signal: AbortSignal) => {
        const [deliveries, captures] = await Promise.all([
          client.deliveries.list({ limit: offered }, { signal }),
          client.captures.list({ limit: offered }, { signal }),
        ]);
        return [
          {
            group: 'Last deliveries, by their last attempt',
            items: deliveries.items
              .filter(({ attemptCount, isInFlight }) => attemptCount > (isInFlight ? 1 : 0))
              .map(({ id, eventType, endpointName, isTest, lastOutcome, createdAtMs }) => ({
                value: id,
                label: `${isTest ? 'Test: ' : ''}${eventType} to ${endpointName}, ${lastOutcome?.status ?? lastOutcome?.code ?? ''}, ${exactText(createdAtMs, isUtc)}, ${shortId(id)}`,
              })),
          },
          {
            group: 'Last captures',
            items: captures.items.map(({ id, method, target, receivedAtMs }) => ({
              value: id,
              label: `${method} ${target.slice(0, 60)}, ${exactText(receivedAtMs, isUtc)}, ${shortId(id)}`,
            })),
          },
        ];
      },
      [isUtc],
    ),
    openings,
  );
  const typed = search.trim();
  const groups = [
    ...(/^\w+$/.test(typed) && comparedChoice(typed) !== null ? [{ group: 'By its id', items: [{ value: typed, label: typed }] }] : []),
    {
      group: 'Likely',
      items: offers.map(({ relation, side }) => ({
        value: side.id,
        label: `${relationWords[relation]}: ${side.name}, ${exactText(side.atMs, isUtc)}`,
      })),
    },
    ...(last ?? []),
  ];
  const seen = new Set(without);
  const data = groups
    .map(({ group, items }) => ({
      group,
      items: items.filter(({ value }) => {
        if (seen.has(value)) return false;
        seen.add(value);
        return true;
      }),
    }))
    .filter(({ items }) => items.length > 0);
  return (
    <Select
      size="xs"
      label={label}
      placeholder="An attempt, a delivery or a capture, or paste an id"
      data={data}
      value={null}
      searchable
      searchValue={search}
      onSearchChange={setSearch}
      autoFocus={isFocused}
      limit={100}
      onDropdownOpen={() => {
        setListed(true);
        setOpenings((count) => count + 1);
      }}
      onDropdownClose={() => setListed(false)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || isListed) return;
        event.stopPropagation();
        onLeave(event.currentTarget);
      }}
      maxDropdownHeight={320}
      nothingFoundMessage={
        last === null ? 'Reading the last ones\u2026' : 'None of the last ones has this. Paste the id of any other (att_…, dlv_…, cap_…).'
      }
      onChange={(id) => id !== null && onChoose(id)}
    />
  );
}
