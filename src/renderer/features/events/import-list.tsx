import { Button, Checkbox } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useStore } from 'zustand';
import type { ImportResult } from '#shared/contract/event-import.ts';
import { countText, numberText } from '../../base/size-format.ts';
import type { ImportStore } from './import-store.ts';
import styles from './import.module.css';

/** One event type to choose. */
interface Choice {
  readonly name: string;
  readonly title: string;
  /** What happens to it. */
  readonly detail: string;
  readonly warning: string;
  readonly notes: readonly string[];
}

/** Rows that a group shows until more are asked for. */
const shownFirst = 200;

/** What an import would do, to choose from. */
export function ImportList({ store, found }: { readonly store: ImportStore; readonly found: ImportResult }) {
  const { documents, added, changed, removed, unchanged, leftOut } = found;
  const samples = (count: number) => countText(count, 'sample', 'samples');
  return (
    <div className={styles['found']}>
      <ul className={styles['documents']} aria-label="Documents">
        {documents.map(({ file, format, source }) => (
          <li key={`${file} ${source}`}>
            <span>{source ?? file ?? 'Pasted text'}</span>
            <span className={styles['muted']}>{[format, source === null ? null : file].filter((part) => part !== null).join(', ')}</span>
          </li>
        ))}
      </ul>
      <ChoiceGroup
        store={store}
        title="Added"
        choices={added.map((type) => ({
          name: type.name,
          title: type.title,
          detail: [type.group, type.hasSchema ? 'schema' : 'no schema', samples(type.samples)].filter((part) => part !== '').join(', '),
          warning: '',
          notes: type.notes,
        }))}
      />
      <ChoiceGroup
        store={store}
        title="Changed"
        choices={changed.map((type) => ({
          name: type.name,
          title: type.title,
          detail: `another ${type.changes.join(', ')}`,
          warning: type.isEdited ? 'Written by hand: importing it replaces that.' : '',
          notes: type.notes,
        }))}
      />
      <ChoiceGroup
        store={store}
        title="Removed"
        choices={removed.map((type) => ({
          name: type.name,
          title: type.title,
          detail: 'no longer in the document; messages sent with it stay',
          warning: type.isEdited ? 'Changed by hand since it was imported.' : '',
          notes: [],
        }))}
      />
      {unchanged.length > 0 && (
        <p
          className={styles['muted']}
        >{`${countText(unchanged.length, 'event type is', 'event types are')} in the catalogue as in the document.`}</p>
      )}
      {leftOut.length > 0 && (
        <Group title="Left out" count={leftOut.length}>
          <ul className={styles['leftOut']}>
            {leftOut.map(({ what, why }) => (
              <li key={`${what} ${why}`}>
                <code>{what}</code>
                <span>{why}</span>
              </li>
            ))}
          </ul>
        </Group>
      )}
    </div>
  );
}

function ChoiceGroup({
  store,
  title,
  choices,
}: {
  readonly store: ImportStore;
  readonly title: string;
  readonly choices: readonly Choice[];
}) {
  const chosen = useStore(store, (state) => state.chosen);
  const [isAll, setAll] = useState(false);
  if (choices.length === 0) return null;
  const names = choices.map(({ name }) => name);
  const count = names.filter((name) => chosen.has(name)).length;
  const shown = isAll ? choices : choices.slice(0, shownFirst);
  return (
    <Group
      title={title}
      count={choices.length}
      box={
        <Checkbox
          size="xs"
          aria-label={`All of ${title.toLowerCase()}`}
          checked={count === names.length}
          indeterminate={count > 0 && count < names.length}
          onChange={(event) => store.choose(names, event.currentTarget.checked)}
        />
      }
    >
      <ul className={styles['choices']}>
        {shown.map((choice) => (
          <li key={choice.name}>
            <Checkbox
              size="xs"
              checked={chosen.has(choice.name)}
              onChange={(event) => store.choose([choice.name], event.currentTarget.checked)}
              label={
                <span className={styles['choice']}>
                  <code>{choice.name}</code>
                  {choice.title !== '' && <span>{choice.title}</span>}
                  <span className={styles['muted']}>{choice.detail}</span>
                </span>
              }
            />
            {choice.warning !== '' && <p className={styles['warning']}>{choice.warning}</p>}
            {choice.notes.map((note) => (
              <p key={note} className={styles['note']}>
                {note}
              </p>
            ))}
          </li>
        ))}
      </ul>
      {shown.length < choices.length && (
        <Button size="xs" variant="default" onClick={() => setAll(true)}>
          {`Show all ${numberText(choices.length)}`}
        </Button>
      )}
    </Group>
  );
}

function Group({
  title,
  count,
  box,
  children,
}: {
  readonly title: string;
  readonly count: number;
  readonly box?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section aria-label={title} className={styles['group']}>
      <header>
        {box}
        <h3>{title}</h3>
        <span className={styles['muted']}>{numberText(count)}</span>
      </header>
      {children}
    </section>
  );
}
