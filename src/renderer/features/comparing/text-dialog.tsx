import { Button, Group, Modal, Textarea } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { ComparedChoice } from '#shared/contract/comparisons.ts';
import { fieldLimit } from '../../base/field-limit.ts';
import { toProblem } from '../../base/problem.ts';
import { bytesText } from '../../base/size-format.ts';
import { ChooseFiles } from '../../ui/choose-file.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { EntryList } from './entry-list.tsx';
import { filesGiven } from './files-given.ts';
import type { GivenText } from './given-texts.ts';
import { useEntries } from './use-entries.ts';
import styles from './text-dialog.module.css';

/** A side that is to be given as a text. */
export interface Giving {
  readonly side: 'first' | 'second';
  /** What is read at once: a file that was dropped, or a text of which another request is wanted. */
  readonly given: File | GivenText | null;
  /** What the second side is read from once the first is given. */
  readonly next?: File;
}

interface TextDialogProps {
  /** Null while the dialog is closed. */
  readonly giving: Giving | null;
  /** The other side; null where it is still to be chosen. */
  readonly other: ComparedChoice | null;
  readonly onClose: () => void;
  readonly onUse: (text: GivenText, entry: number, count: number) => void;
  /** Two files were given, which become both sides. */
  readonly onPair: (first: File, second: File) => void;
}

const example = `curl https://api.example.com/webhooks -H 'content-type: application/json' -d '{"type":"invoice.paid"}'`;

/** Takes one side of a comparison from a paste or a file, and lets one of its requests be chosen. */
export function TextDialog({ giving, other, onClose, onUse, onPair }: TextDialogProps) {
  return (
    <Modal
      opened={giving !== null}
      onClose={onClose}
      title={giving?.side === 'first' ? 'Paste or drop the first' : 'Paste or drop the second'}
      size={760}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {giving !== null && <TextForm key={giving.side} given={giving.given} other={other} onClose={onClose} onUse={onUse} onPair={onPair} />}
    </Modal>
  );
}

function TextForm({ given, other, onClose, onUse, onPair }: Omit<TextDialogProps, 'giving'> & Pick<Giving, 'given'>) {
  const [typed, setTyped] = useState('');
  const { name, isReading, problem, found, take, cancel } = useEntries(other, (text) => onUse(text, 1, 1));
  const [tooMany, setTooMany] = useState<string | null>(null);
  const first = useRef(given);
  useEffect(() => {
    const { current } = first;
    first.current = null;
    if (current !== null) take(current, current.name);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- what the dialog was opened with is read once
  }, []);
  const takeFiles = (files: readonly File[]) => {
    const these = filesGiven(files);
    setTooMany(these.kind === 'too many' ? these.sentence : null);
    if (these.kind === 'one') take(these.file, these.file.name);
    else if (these.kind === 'two') onPair(these.first, these.second);
  };
  const takeTyped = (text: string) => {
    setTooMany(null);
    take(new Blob([text]), null);
  };
  return (
    <form
      className={styles['form']}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        takeFiles([...event.dataTransfer.files]);
      }}
      onSubmit={(event) => {
        event.preventDefault();
        if (typed.trim() !== '') takeTyped(typed);
      }}
    >
      {found === null ? (
        <Textarea
          data-autofocus
          label="Request"
          description="A file of captures, deliveries or a case, HAR, curl, a raw request, lines of a log: paste it, or drop a file, or two for both sides. It stays in this window, until a reload."
          placeholder={example}
          classNames={{ input: 'mono' }}
          autosize
          minRows={6}
          maxRows={12}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onPaste={(event) => {
            const text = event.clipboardData.getData('text/plain');
            // Over what is typed already it is a part of the text.
            if (typed !== '' && text.length <= fieldLimit) return;
            if (text.length > fieldLimit) event.preventDefault();
            if (text !== '') takeTyped(text);
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) event.currentTarget.form?.requestSubmit();
          }}
        />
      ) : (
        <EntryList
          items={found.items}
          lead={`${found.text.name ?? 'What was pasted'} (${found.readAs}, ${bytesText(found.text.bytes)}) holds ${found.items.length.toLocaleString('en-US')} requests. Which one?`}
          onChoose={(entry) => onUse(found.text, entry, found.items.length)}
        />
      )}
      <div role="status" className={styles['reading']}>
        {isReading && `Reading ${name}\u2026`}
      </div>
      <ProgressBar isActive={isReading} />
      <ErrorNotice problem={tooMany === null ? problem : toProblem(new Error(tooMany))} />
      <Group justify="space-between">
        <ChooseFiles onChoose={takeFiles} />
        <Group gap={8}>
          {(isReading || found !== null) && (
            <Button variant="subtle" onClick={cancel}>
              {isReading ? 'Stop reading' : 'Another text'}
            </Button>
          )}
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          {found === null && (
            <Button type="submit" disabled={typed.trim() === '' || isReading}>
              Compare
            </Button>
          )}
        </Group>
      </Group>
    </form>
  );
}
