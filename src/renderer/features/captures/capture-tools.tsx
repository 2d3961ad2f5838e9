import { Button } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { RefusedSummary } from '#shared/contract/refused-requests.ts';
import type { FilterKeys } from '../../base/filter-text.ts';
import { useKeys } from '../../stores/session.tsx';
import type { ListStore } from '../../stores/list-store.ts';
import { FilterBox } from '../../ui/filter-box.tsx';
import { newText } from '../../ui/virtual-list.tsx';
import styles from './captures.module.css';
import type { CaptureStores } from './captures-store.ts';
import type { CaptureFields } from './filter.ts';
import type { RefusedFilter } from './refused-store.ts';

interface CaptureToolsProps {
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly keys: FilterKeys<CaptureFields>;
  readonly list: CaptureStores['list'];
  readonly refused: ListStore<RefusedSummary, RefusedFilter>;
}

/** The id of the filter box, to lead the focus there. */
export const filterBoxId = 'captures-filter';

/** What narrows the list of captures, and what stops it. */
export function CaptureTools({ text, onChange, keys, list, refused }: CaptureToolsProps) {
  const { isPaused, newCount, hasMoreNew } = useStore(list);
  const pause = () => {
    list.setPaused(!isPaused);
    refused.setPaused(!isPaused);
  };
  useKeys({ f: pause });
  return (
    <>
      <FilterBox
        text={text}
        onChange={onChange}
        keys={keys}
        id={filterBoxId}
        label="Filter captures"
        example="status:5xx verdict:invalid event:order.* text"
      />
      <Button
        size="xs"
        variant="default"
        className={styles['pause'] ?? ''}
        aria-pressed={isPaused}
        title={isPaused ? 'Show what came since (f)' : 'Stop the list; what comes is kept and counted (f)'}
        leftSection={isPaused ? <IconPlayerPlay size={14} aria-hidden /> : <IconPlayerPause size={14} aria-hidden />}
        onClick={pause}
      >
        {!isPaused ? 'Pause' : newCount === 0 ? 'Resume' : `Resume: ${newText(newCount, hasMoreNew)}`}
      </Button>
    </>
  );
}
