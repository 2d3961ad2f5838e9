import { Autocomplete, CloseButton } from '@mantine/core';
import { IconFilter } from '@tabler/icons-react';
import { useRef } from 'react';
import { completions, type FilterKeys } from '../base/filter-text.ts';
import { useKeys } from '../stores/session.tsx';
import { focusList } from './focus-list.ts';

interface FilterBoxProps<Filter> {
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly keys: FilterKeys<Filter>;
  /** The id of the field, to lead the focus there. */
  readonly id: string;
  /** For assistive technology: `Filter deliveries`. */
  readonly label: string;
  /** Such as `status:failed event:invoice.paid timeout`. */
  readonly example: string;
}

/** The filter of a list, with completion of keys and their values; `/` goes to it, Escape and the arrow down to the list. */
export function FilterBox<Filter>({ text, onChange, keys, id, label, example }: FilterBoxProps<Filter>) {
  const input = useRef<HTMLInputElement>(null);
  const offered = [...completions(text, keys)];
  useKeys({
    '/': () => {
      input.current?.focus();
      input.current?.select();
    },
  });
  return (
    <Autocomplete
      ref={input}
      id={id}
      size="xs"
      style={{ flex: '1 1 320px', maxWidth: 560, minWidth: 160 }}
      aria-label={label}
      placeholder={`Filter: ${example}  /`}
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
      data={offered}
      filter={({ options }) => options}
      comboboxProps={{ shadow: 'md', offset: 4 }}
      maxDropdownHeight={260}
      onOptionSubmit={() => requestAnimationFrame(() => input.current?.focus())}
      // Before Mantine has the key, which would open the completions again.
      onKeyDownCapture={(event) => {
        const { key, currentTarget: field, nativeEvent } = event;
        if ((key !== 'Escape' && key !== 'ArrowDown') || nativeEvent.isComposing) return;
        // The first Escape closes the completions, and an arrow moves in them; one that has nothing to offer counts as open, too.
        if (offered.length > 0 && field.getAttribute('aria-expanded') === 'true') return;
        event.preventDefault();
        event.stopPropagation();
        focusList(field);
      }}
    />
  );
}
