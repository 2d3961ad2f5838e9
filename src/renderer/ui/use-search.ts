import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useRef } from 'react';
import { useRoute, useSession } from '../stores/session.tsx';
import type { ListStore } from '../stores/list-store.ts';

/** The search text that the address names, so that back, forward and reload find it again. */
export function useSearchText(): readonly [text: string, search: (text: string) => void] {
  const { router } = useSession();
  const route = useRoute();
  return [route.query['q'] ?? '', (q) => router.visit({ ...route, query: { ...route.query, q } })];
}

/** The search field of a list, which asks once typing pauses. */
export function useSearch<Item>(list: ListStore<Item, string>, placeholder: string) {
  const [value, onChange] = useSearchText();
  const apply = useDebouncedCallback((wanted: string) => void list.setFilter(wanted), 150);
  const latest = useRef(apply);
  useEffect(() => {
    latest.current = apply;
  });
  useEffect(() => {
    if (value !== list.getState().filter) latest.current(value);
  }, [value, list]);
  return { value, placeholder, onChange };
}
