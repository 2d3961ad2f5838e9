import { Select, type ComboboxItem, type OptionsFilter, type SelectProps } from '@mantine/core';
import { useMemo } from 'react';
import type { SchemeInfo } from '#shared/contract/verifying.ts';
import { inPickerOrder } from '../stores/scheme-store.ts';
import styles from './scheme-select.module.css';

interface SchemeSelectProps extends Pick<SelectProps, 'label' | 'aria-label' | 'size' | 'className' | 'error'> {
  readonly schemes: readonly SchemeInfo[];
  /** Option before the schemes, such as none; null where there is no other. */
  readonly first: ComboboxItem | null;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** In pixels, where the field is too narrow for titles and headers. */
  readonly listWidth?: number;
}

/** Chooses a scheme; what is typed finds it by its title, its id or a header it sends. */
export function SchemeSelect({ schemes, first, value, onChange, listWidth, ...rest }: SchemeSelectProps) {
  const listed = useMemo(() => inPickerOrder(schemes), [schemes]);
  const isListed = value === first?.value || listed.some(({ id }) => id === value);
  const infoOf = (id: string) => listed.find((scheme) => scheme.id === id);
  return (
    <Select
      {...rest}
      data={[
        ...(first === null ? [] : [first]),
        ...(isListed ? [] : [{ value, label: value }]),
        ...listed.map(({ id, title }) => ({ value: id, label: title })),
      ]}
      value={value}
      searchable
      allowDeselect={false}
      maxDropdownHeight={320}
      {...(listWidth === undefined ? {} : { comboboxProps: { width: listWidth, position: 'bottom-start' as const } })}
      nothingFoundMessage="No scheme has this name or header. Custom HMAC fits many others."
      filter={filterBy(listed, value === first?.value ? first.label : (infoOf(value)?.title ?? value))}
      renderOption={({ option }) => {
        const headers = infoOf(option.value)?.headers ?? [];
        return (
          <span className={styles['option']}>
            <span>{option.label}</span>
            {headers.length > 0 && <span className={`truncate ${styles['headers'] ?? ''}`}>{headers.join(', ')}</span>}
          </span>
        );
      }}
      onChange={(chosen) => chosen !== null && onChange(chosen)}
    />
  );
}

/** Keeps the options whose title, id or headers hold every word that was typed. */
function filterBy(schemes: readonly SchemeInfo[], chosenLabel: string): OptionsFilter {
  const textById = new Map(schemes.map(({ id, title, headers }) => [id, [title, id, ...headers].join(' ').toLowerCase()]));
  return ({ options, search }) => {
    const items = options.filter((option) => 'value' in option);
    // Before anything is typed the field shows the chosen title, which is not a search: the list then offers all.
    if (search === chosenLabel) return items;
    const words = search.toLowerCase().split(/\s+/);
    return items.filter(({ value, label }) => {
      const text = textById.get(value) ?? label.toLowerCase();
      return words.every((word) => text.includes(word));
    });
  };
}
