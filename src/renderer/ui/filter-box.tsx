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

/** The filter of a list, with completion of keys and their values; `/` goes to it. */
export function FilterBox<Filter>({ text, onChange, keys, id, label, example }: FilterBoxProps<Filter>) {
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
      data={[...completions(text, keys)]}
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
