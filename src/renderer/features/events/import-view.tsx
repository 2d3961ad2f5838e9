import { Button, CloseButton, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { ImportResult } from '#shared/contract/event-import.ts';
import { bytesText, countText } from '../../base/size-format.ts';
import { useKeys, useSession } from '../../stores/session.tsx';
import { dropsFiles } from '../../ui/dropped-files.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { FilesButton, FolderButton } from '../../ui/files-buttons.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { ImportList } from './import-list.tsx';
import { createImportStore, type ImportState, type ImportStore } from './import-store.ts';
import { readDocuments } from './read-documents.ts';
import styles from './import.module.css';

/** What was given stays when the area is left. */
const storesOfSession = new WeakMap<object, ImportStore>();

interface ImportViewProps {
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Importing event types: the documents, what they would add, change and remove, and the choice among that. */
export function ImportView({ onClose, onDone }: ImportViewProps) {
  const session = useSession();
  const [store] = useState(() => {
    const kept = storesOfSession.get(session) ?? createImportStore(session.client);
    storesOfSession.set(session, kept);
    return kept;
  });
  const state = useStore(store);
  const { work, found, chosen, problem, text, files } = state;
  const isBusy = work.kind !== 'none';
  const hasDocument = text.trim() !== '' || files.length > 0;
  const run = async () => {
    const result = await store.run();
    if (result === null) return;
    session.announce(doneText(result));
    const { undoId } = result;
    if (undoId !== null)
      session.undo.offer({
        sentence: `${doneText(result)}.`,
        undo: async () => {
          const { removed, restored, left } = await session.client.eventTypes.undoImport({ undoId });
          return { sentence: undoneText({ removed, restored, left }), route: { area: 'events' }, itemId: null };
        },
      });
    store.reset();
    onDone();
  };
  const next = () => {
    if (isBusy || !hasDocument) return;
    if (found === null) void store.look();
    else if (chosen.size > 0) void run();
  };
  const take = async (chosenFiles: Parameters<typeof readDocuments>[0]) => {
    const read = await readDocuments(chosenFiles);
    if ('message' in read) store.fail(read);
    else await store.addFiles(read);
  };
  useKeys({ 'mod+enter': next });
  return (
    <section className={styles['view']} aria-label="Import event types" {...dropsFiles((dropped) => void take(dropped))}>
      <header className={styles['head']}>
        <h2>Import event types</h2>
        <span className={styles['space']} />
        <CloseButton aria-label="Close the import" title="Close (Esc)" onClick={onClose} />
      </header>
      <div className={styles['progress']}>
        <ProgressBar isActive={isBusy} progress={progressOf(state)} onCancel={work.kind === 'looking' ? store.cancel : undefined} />
      </div>
      <div className={styles['scroll']}>
        <p className={styles['lead']}>
          OpenAPI 3 (webhooks, x-webhooks, callbacks), AsyncAPI 2 and 3, JSON Schema, or samples; JSON or YAML. Nothing is fetched: choose
          or drop the files that a document refers to together with it.
        </p>
        <Source store={store} state={state} onFiles={(list) => void take(list)} />
        <ErrorNotice problem={problem} />
        {found !== null && <ImportList store={store} found={found} />}
      </div>
      <footer className={styles['foot']}>
        <span className={styles['muted']}>
          {found === null ? 'Nothing changes before you have seen the list.' : chosenText(found, chosen)}
        </span>
        <span className={styles['space']} />
        {hasDocument && (
          <Button size="xs" variant="default" onClick={store.reset} disabled={work.kind === 'importing'}>
            Start over
          </Button>
        )}
        {found === null ? (
          <Button size="xs" disabled={!hasDocument} loading={work.kind === 'looking'} onClick={next}>
            Show what it has
          </Button>
        ) : (
          <Button size="xs" disabled={chosen.size === 0} loading={work.kind === 'importing'} onClick={next}>
            {`Import ${countText(chosen.size, 'event type', 'event types')}`}
          </Button>
        )}
      </footer>
    </section>
  );
}

interface SourceProps {
  readonly store: ImportStore;
  readonly state: ImportState;
  readonly onFiles: (files: Parameters<typeof readDocuments>[0]) => void;
}

function Source({ store, state: { text, files }, onFiles }: SourceProps) {
  return (
    <div className={styles['source']}>
      <Textarea
        label="Document"
        classNames={{ input: 'mono' }}
        placeholder={'openapi: 3.1.0\nwebhooks:\n  invoice.paid: …'}
        minRows={4}
        maxRows={10}
        autosize={text.length < autosizedCharacters}
        rows={10}
        spellCheck={false}
        autoFocus
        value={text}
        onChange={(event) => store.setText(event.currentTarget.value)}
      />
      <div className={styles['buttons']}>
        <FilesButton size="xs" onChoose={onFiles}>
          Choose files
        </FilesButton>
        <FolderButton size="xs" onChoose={onFiles}>
          Choose a folder
        </FolderButton>
        <span className={styles['muted']}>or drop them here</span>
      </div>
      {files.length > 0 && (
        <ul className={styles['files']} aria-label="Files">
          {files.map((file) => (
            <li key={file.name}>
              <code>{file.name}</code>
              <span className={styles['muted']}>{bytesText(file.text.length)}</span>
              <CloseButton size="xs" aria-label={`Remove ${file.name}`} onClick={() => store.removeFile(file.name)} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** A text area of more characters takes long to measure. */
const autosizedCharacters = 100_000;

function progressOf({ work }: ImportState) {
  if (work.kind === 'none' || work.progress === null) return undefined;
  const { phase, done, total } = work.progress;
  const labels = { reading: 'Documents read', finding: 'Event types found', writing: 'Event types written' } as const;
  return { label: labels[phase], done, total: phase === 'finding' ? null : total };
}

function chosenText({ added, changed, removed }: ImportResult, chosen: ReadonlySet<string>): string {
  const count = (listed: readonly { readonly name: string }[]) => listed.filter(({ name }) => chosen.has(name)).length;
  return `${count(added)} to add, ${count(changed)} to change, ${count(removed)} to remove`;
}

/** What was undone, and what was changed since and so stays. */
function undoneText({ removed, restored, left }: Record<'removed' | 'restored' | 'left', readonly string[]>): string {
  const kept =
    left.length === 0 ? '' : ` Changed since, and left as it is: ${left.slice(0, 3).join(', ')}${left.length > 3 ? ' and others' : ''}.`;
  return `Import undone: ${removed.length} removed, ${restored.length} as before.${kept}`;
}

function doneText({ added, changed, removed }: ImportResult): string {
  const count = (listed: readonly { readonly isChosen: boolean }[]) => listed.filter(({ isChosen }) => isChosen).length;
  return `Imported: ${count(added)} added, ${count(changed)} changed, ${count(removed)} removed`;
}
