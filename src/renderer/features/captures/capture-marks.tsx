import { Button, Popover, TextInput, Textarea } from '@mantine/core';
import { IconPin, IconPinnedFilled } from '@tabler/icons-react';
import { useState } from 'react';
import type { Capture } from '#shared/contract/captures.ts';
import { useClient } from '../../stores/session.tsx';
import { useAct } from '../../stores/use-act.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import styles from './capture-marks.module.css';
import { tagsIn } from './capture-text.ts';

type Marked = Pick<Capture, 'id' | 'isPinned' | 'note' | 'tags'>;

/** What people mark a capture with: a pin, which keeps it over clean-ups, a note and tags. */
export function CaptureMarks({ capture }: { readonly capture: Marked }) {
  const client = useClient();
  const act = useAct();
  const { id, isPinned, note, tags } = capture;
  return (
    <div className={styles['marks']}>
      <Button
        size="compact-xs"
        variant="default"
        aria-pressed={isPinned}
        leftSection={isPinned ? <IconPinnedFilled size={14} aria-hidden /> : <IconPin size={14} aria-hidden />}
        title="Clean-ups leave a pinned capture, whatever its age"
        onClick={() => void act.run(() => client.captures.mark({ id, isPinned: !isPinned }))}
      >
        {isPinned ? 'Pinned' : 'Pin'}
      </Button>
      <NoteEditor key={`${id} ${note} ${tags.join()}`} capture={capture} />
      {tags.map((tag) => (
        <span key={tag} className={styles['tag']}>
          {tag}
        </span>
      ))}
      {note !== '' && <span className={styles['note']}>{note}</span>}
      <ErrorNotice problem={act.problem} />
    </div>
  );
}

function NoteEditor({ capture: { id, note, tags } }: { readonly capture: Marked }) {
  const client = useClient();
  const [isOpen, setOpen] = useState(false);
  const [noteText, setNoteText] = useState(note);
  const [tagText, setTagText] = useState(tags.join(', '));
  const act = useAct();
  const save = async () => {
    if (await act.run(() => client.captures.mark({ id, note: noteText.trim(), tags: [...tagsIn(tagText)] }))) setOpen(false);
  };
  return (
    <Popover opened={isOpen} onChange={setOpen} width={320} trapFocus returnFocus position="bottom-start">
      <Popover.Target>
        <Button size="compact-xs" variant="default" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          Note and tags
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form
          className={styles['form']}
          onSubmit={(event) => {
            event.preventDefault();
            void save();
          }}
        >
          <Textarea
            size="xs"
            label="Note"
            autosize
            minRows={2}
            maxRows={8}
            value={noteText}
            onChange={({ currentTarget: { value } }) => setNoteText(value)}
            data-autofocus
          />
          <TextInput
            size="xs"
            label="Tags"
            description="Words, separated by commas"
            value={tagText}
            onChange={({ currentTarget: { value } }) => setTagText(value)}
          />
          <ErrorNotice problem={act.problem} rest={act.problem?.issues ?? []} />
          <Button type="submit" size="xs">
            Save
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
