import { Button, Group, Popover, TextInput } from '@mantine/core';
import { useState } from 'react';
import { countText } from '../../base/size-format.ts';
import { useClient } from '../../stores/session.tsx';
import { useAct } from '../../stores/use-act.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import styles from './capture-marks.module.css';
import { tagsIn } from './capture-text.ts';
import type { selectionOf } from './picked.ts';

interface MarkPickedProps {
  readonly selection: ReturnType<typeof selectionOf>;
  readonly isDisabled: boolean;
}

/** Pins the captures that are picked, gives them tags, or takes tags from them. */
export function MarkPicked({ selection, isDisabled }: MarkPickedProps) {
  const client = useClient();
  const [isOpen, setOpen] = useState(false);
  const [added, setAdded] = useState('');
  const [removed, setRemoved] = useState('');
  const act = useAct();
  const mark = async (marks: { readonly isPinned?: boolean; readonly addTags?: string[]; readonly removeTags?: string[] }) => {
    const isDone = await act.run(
      () => client.captures.markMany({ filter: selection, ...marks }),
      ({ markedCaptures, fullCaptures }) => {
        const full =
          fullCaptures === 0
            ? ''
            : `; ${countText(fullCaptures, 'capture has', 'captures have')} too many tags for that, and stays as it was`;
        return `${countText(markedCaptures, 'capture', 'captures')} marked${full}`;
      },
    );
    if (isDone) setOpen(false);
  };
  const [toAdd, toRemove] = [tagsIn(added), tagsIn(removed)];
  return (
    <Popover opened={isOpen} onChange={setOpen} width={320} trapFocus returnFocus position="bottom-start">
      <Popover.Target>
        <Button size="compact-xs" variant="default" disabled={isDisabled} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          Mark
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form
          className={styles['form']}
          onSubmit={(event) => {
            event.preventDefault();
            void mark({ addTags: [...toAdd], removeTags: [...toRemove] });
          }}
        >
          <TextInput
            size="xs"
            label="Tags to add"
            description="Words, separated by commas"
            value={added}
            onChange={({ currentTarget: { value } }) => setAdded(value)}
            data-autofocus
          />
          <TextInput size="xs" label="Tags to take away" value={removed} onChange={({ currentTarget: { value } }) => setRemoved(value)} />
          <ErrorNotice problem={act.problem} rest={act.problem?.issues ?? []} />
          <Group gap={8} justify="flex-end">
            <Button size="xs" variant="default" onClick={() => void mark({ isPinned: true })}>
              Pin
            </Button>
            <Button size="xs" variant="default" onClick={() => void mark({ isPinned: false })}>
              Unpin
            </Button>
            <Button type="submit" size="xs" disabled={toAdd.length + toRemove.length === 0}>
              Change tags
            </Button>
          </Group>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
