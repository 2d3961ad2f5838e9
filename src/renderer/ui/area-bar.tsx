import { CloseButton, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useRef, type ReactNode } from 'react';
import { useKeys } from '../stores/session.tsx';
import { focusList } from './focus-list.ts';
import styles from './area-bar.module.css';

interface AreaBarProps {
  readonly title: string;
  /** Right after the title, where it stays whatever else the bar has: switches between the pages of an area. */
  readonly lead?: ReactNode;
  /** Shown beside the title, such as `12` or `1,204 of 9,000`. */
  readonly count?: string | undefined;
  /** Search of the area; `/` goes to it. */
  readonly search?: { readonly value: string; readonly onChange: (value: string) => void; readonly placeholder: string } | undefined;
  /** The one primary action, at the right end. */
  readonly action?: ReactNode;
  /** Filters and secondary actions between search and primary action. */
  readonly children?: ReactNode;
}

/** The bar on top of each area: title, count, search, and the one primary action. */
export function AreaBar({ title, lead, count, search, action, children }: AreaBarProps) {
  const input = useRef<HTMLInputElement>(null);
  const goToSearch = () => {
    input.current?.focus();
    input.current?.select();
  };
  // Without a search of its own, the bar leaves the key to a filter that it holds.
  useKeys(search === undefined ? {} : { '/': goToSearch });
  return (
    <header className={styles['bar']}>
      <h1 className={styles['title']}>{title}</h1>
      {lead}
      {count !== undefined && <span className={styles['count']}>{count}</span>}
      {search !== undefined && (
        <TextInput
          ref={input}
          className={styles['search'] ?? ''}
          size="xs"
          type="search"
          aria-label={search.placeholder}
          placeholder={`${search.placeholder}  /`}
          value={search.value}
          onChange={(event) => search.onChange(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return;
            if (search.value === '') focusList(event.currentTarget);
            else search.onChange('');
          }}
          leftSection={<IconSearch size={14} aria-hidden />}
          rightSection={
            search.value === '' ? null : (
              <CloseButton
                size="xs"
                aria-label="Clear search"
                onClick={() => {
                  search.onChange('');
                  input.current?.focus();
                }}
              />
            )
          }
        />
      )}
      <div className={styles['middle']}>{children}</div>
      {action}
    </header>
  );
}
