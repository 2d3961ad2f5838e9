import { Anchor, Button, FileButton, SegmentedControl, TextInput } from '@mantine/core';
import { IconFile, IconFilePlus } from '@tabler/icons-react';
import { useState, type DragEvent } from 'react';
import { formatRoute } from '../../base/router.ts';
import { bytesText } from '../../base/size-format.ts';
import { RemoveRow, RowFields } from '../../ui/row-fields.tsx';
import { emptyPart, isMultipart, newParts, partOfFile, typeOf, type AttachedChoice, type AttachedPart } from './attached-body.ts';
import styles from './attached-editor.module.css';
import { chosenEndpoint } from './compose-state.ts';
import { oneOffKey } from './draft.ts';
import type { EditorPaneProps } from './editor-props.ts';

/** A body from a file, or of several parts with files, in place of what data and template render. */
export function AttachedEditor({ store, state }: Pick<EditorPaneProps, 'store' | 'state'>) {
  const { attached, oneOff } = state;
  const endpoint = chosenEndpoint(state);
  const choice = attached?.choice ?? null;
  const [isOver, setOver] = useState(false);
  const takeFile = (file: File | null) => {
    if (file === null) return;
    if (endpoint === null) store.setOneOff({ contentType: typeOf(file) });
    void store.setAttached({ kind: 'file', file });
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const files = [...event.dataTransfer.files];
    if (choice?.kind === 'parts') return void store.setAttached(withFiles(choice, files));
    takeFile(files[0] ?? null);
  };
  const choose = (kind: string) => {
    if (kind === 'rendered') return void store.setAttached(null);
    void store.setAttached(kind === 'file' ? { kind: 'file', file: null } : newParts());
  };
  return (
    <div
      className={styles['attached']}
      data-over={isOver || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <SegmentedControl
        size="xs"
        aria-label="Body from"
        data={[
          { value: 'rendered', label: 'Data and template' },
          { value: 'file', label: 'A file' },
          { value: 'parts', label: 'Parts with files' },
        ]}
        value={choice?.kind ?? 'rendered'}
        onChange={choose}
      />
      {choice === null && (
        <p className={styles['note']}>The body is rendered. Choose a file to send its bytes as they are, or drop one here.</p>
      )}
      {choice?.kind === 'file' && (
        <>
          <div className={styles['file']}>
            <FileButton onChange={takeFile}>
              {(props) => (
                <Button {...props} size="xs" variant="default" leftSection={<IconFile size={14} />}>
                  {choice.file === null ? 'Choose a file' : 'Choose another file'}
                </Button>
              )}
            </FileButton>
            {choice.file !== null && <FileText file={choice.file} />}
          </div>
          {endpoint === null ? (
            <TextInput
              size="xs"
              label="Content type"
              classNames={{ input: 'mono' }}
              value={oneOff.contentType}
              onChange={(event) => store.setOneOff({ contentType: event.currentTarget.value.trim() })}
            />
          ) : (
            <p className={styles['note']}>Sent as {endpoint.contentType}, the content type of the endpoint.</p>
          )}
        </>
      )}
      {choice?.kind === 'parts' && <Parts choice={choice} onChange={(next) => void store.setAttached(next)} />}
      {attached !== null && (
        <p className={styles['note']} role="status" data-problem={attached.problem !== null || undefined}>
          {attached.problem ??
            (attached.body === null ? 'Reading…' : `The body has ${bytesText(attached.body.bytes)}. It is not kept over a reload.`)}
        </p>
      )}
      {attached?.problem != null && choice?.kind === 'parts' && endpoint !== null && !isMultipart(endpoint.contentType) && (
        <div className={styles['file']}>
          <Button
            size="xs"
            variant="default"
            onClick={() => {
              if (oneOff.url === '') store.setOneOff({ url: endpoint.url });
              void store.setTarget(oneOffKey);
            }}
          >
            Send to any URL
          </Button>
          <Anchor fz={13} href={formatRoute({ area: 'endpoints', id: endpoint.id })}>
            Change the endpoint
          </Anchor>
        </div>
      )}
    </div>
  );
}

type PartsChoice = Extract<AttachedChoice, { kind: 'parts' }>;

function Parts({ choice, onChange }: { readonly choice: PartsChoice; readonly onChange: (choice: AttachedChoice) => void }) {
  const { parts } = choice;
  const set = (index: number, part: AttachedPart) => onChange({ ...choice, parts: parts.with(index, part) });
  return (
    <RowFields error={undefined} addLabel="Add part" onAdd={() => onChange({ ...choice, parts: [...parts, emptyPart] })}>
      {parts.map((part, index) => (
        <div key={index} className={styles['part']}>
          <TextInput
            aria-label={`Part ${index + 1} name`}
            placeholder="name"
            classNames={{ input: 'mono' }}
            value={part.name}
            onChange={(event) => set(index, { ...part, name: event.currentTarget.value })}
          />
          {part.file === null ? (
            <TextInput
              aria-label={`Part ${index + 1} value`}
              placeholder="value"
              classNames={{ input: 'mono' }}
              value={part.value}
              onChange={(event) => set(index, { ...part, value: event.currentTarget.value })}
            />
          ) : (
            <TextInput
              aria-label={`Part ${index + 1} file name`}
              classNames={{ input: 'mono' }}
              value={part.fileName}
              rightSection={<span className={styles['size']}>{bytesText(part.file.size)}</span>}
              rightSectionWidth={80}
              onChange={(event) => set(index, { ...part, fileName: event.currentTarget.value })}
            />
          )}
          <TextInput
            className={styles['type'] ?? ''}
            aria-label={`Part ${index + 1} content type`}
            placeholder="no content type"
            classNames={{ input: 'mono' }}
            value={part.contentType}
            onChange={(event) => set(index, { ...part, contentType: event.currentTarget.value })}
          />
          <FileButton onChange={(file) => file !== null && set(index, partOfFile(part, file))}>
            {(props) => (
              <Button {...props} size="xs" variant="default" aria-label={`Choose the file of part ${index + 1}`}>
                <IconFilePlus size={14} />
              </Button>
            )}
          </FileButton>
          <RemoveRow
            label={`Remove part ${part.name}`}
            onClick={() => onChange({ ...choice, parts: parts.filter((_, at) => at !== index) })}
          />
        </div>
      ))}
    </RowFields>
  );
}

function FileText({ file }: { readonly file: File }) {
  return (
    <span className="truncate" title={file.name}>
      <code>{file.name}</code>, {bytesText(file.size)}
    </span>
  );
}

/** The parts with one more for each file; the first takes an empty part that is there. */
function withFiles(choice: PartsChoice, files: readonly File[]): AttachedChoice {
  const used = choice.parts.filter(({ name, value, file }) => name !== '' || value !== '' || file !== null);
  return { ...choice, parts: [...used, ...files.map((file) => partOfFile(emptyPart, file))] };
}
