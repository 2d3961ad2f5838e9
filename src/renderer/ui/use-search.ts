import { useDebouncedCallback } from '@mantine/hooks';
import { useState } from 'react';
import type { ListStore } from '../stores/list-store.ts';

/** The search field of a list, which asks once typing pauses. */
export function useSearch<Item>(list: ListStore<Item, string>, placeholder: string) {
  const [value, setValue] = useState(() => list.getState().filter);
  const search = useDebouncedCallback((wanted: string) => void list.setFilter(wanted), 150);
  const onChange = (text: string) => {
    setValue(text);
    search(text);
  };
  return { value, placeholder, onChange };
}
