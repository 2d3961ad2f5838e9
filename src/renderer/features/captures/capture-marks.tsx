import { Button, Popover, TextInput, Textarea } from '@mantine/core';
import { IconPin, IconPinnedFilled } from '@tabler/icons-react';
import { useState } from 'react';
import type { Capture } from '#shared/contract/captures.ts';
import { toProblem, type Problem } from '../../base/problem.ts';
import { useClient } from '../../stores/session.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import styles from './capture-marks.module.css';
import { tagsIn } from './capture-text.ts';

type Marked = Pick<Capture, 'id' | 'isPinned' | 'note' | 'tags'>;

/** What people mark a capture with: a pin, which keeps it over clean-ups, a note and tags. */
export function CaptureMarks({ capture }: { readonly capture: Marked }) {
  const client = useClient();
  const [problem, setProblem] = useState<Problem | null>(null);
  const { id, isPinned, note, tags } = capture;
  const pin = async () => {
    try {
      await client.captures.mark({ id, isPinned: !isPinned });
      setProblem(null);
    } catch (error) {
      setProblem(toProblem(error));
    }
  };
  return (
    <div className={styles['marks']}>
      <Button
        size="compact-xs"
        variant="default"
        aria-pressed={isPinned}
        leftSection={isPinned ? <IconPinnedFilled size={14} aria-hidden /> : <IconPin size={14} aria-hidden />}
        title="Clean-ups leave a pinned capture, whatever its age"
        onClick={() => void pin()}
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
      {problem !== null && <ErrorNotice problem={problem} />}
    </div>
  );
}

function NoteEditor({ capture: { id, note, tags } }: { readonly capture: Marked }) {
  const client = useClient();
  const [isOpen, setOpen] = useState(false);
  const [noteText, setNoteText] = useState(note);
  const [tagText, setTagText] = useState(tags.join(', '));
  const [problem, setProblem] = useState<Problem | null>(null);
  const save = async () => {
    try {
      await client.captures.mark({ id, note: noteText.trim(), tags: [...tagsIn(tagText)] });
      setProblem(null);
      setOpen(false);
    } catch (error) {
      setProblem(toProblem(error));
    }
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
          {problem !== null && <ErrorNotice problem={problem} rest={problem.issues} />}
          <Button type="submit" size="xs">
            Save
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
