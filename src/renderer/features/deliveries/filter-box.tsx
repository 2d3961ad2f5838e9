import { Autocomplete, CloseButton } from '@mantine/core';
import { IconFilter } from '@tabler/icons-react';
import { useRef } from 'react';
import { useKeys } from '../../stores/session.tsx';
import { focusList } from '../../ui/focus-list.ts';
import { completions, type NamedEndpoint } from './filter.ts';

interface FilterBoxProps {
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly endpoints: readonly NamedEndpoint[];
  readonly eventTypes: readonly string[];
}

/** The id of the field, to lead the focus there. */
export const filterBoxId = 'deliveries-filter';

/** The filter of the log, with completion of keys, statuses, event types and endpoint names; `/` goes to it. */
export function FilterBox({ text, onChange, endpoints, eventTypes }: FilterBoxProps) {
  const input = useRef<HTMLInputElement>(null);
  useKeys({
    '/': () => {
      input.current?.focus();
      input.current?.select();
    },
  });
  return (
    <Autocomplete
      ref={input}
      id={filterBoxId}
      size="xs"
      style={{ flex: '1 1 320px', maxWidth: 560, minWidth: 160 }}
      aria-label="Filter deliveries"
      placeholder="Filter: status:failed event:invoice.paid timeout  /"
      leftSection={<IconFilter size={14} aria-hidden />}
      rightSection={
        text === '' ? null : (
          <CloseButton
            size="xs"
            aria-label="Clear filter"
            onClick={() => {
              onChange('');
              input.current?.focus();
            }}
          />
        )
      }
      value={text}
      onChange={onChange}
      data={[...completions(text, endpoints, eventTypes)]}
      filter={({ options }) => options}
      comboboxProps={{ shadow: 'md', offset: 4 }}
      maxDropdownHeight={260}
      onOptionSubmit={() => requestAnimationFrame(() => input.current?.focus())}
      onKeyDown={(event) => {
        // The first press closes the list of completions.
        const isListOpen = event.currentTarget.getAttribute('aria-expanded') === 'true';
        if (event.key === 'Escape' && text === '' && !isListOpen) focusList(event.currentTarget);
      }}
    />
  );
}
