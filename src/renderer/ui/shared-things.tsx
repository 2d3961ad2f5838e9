import { Button } from '@mantine/core';
import { IconPlus, type Icon } from '@tabler/icons-react';
import { useEffect, type ReactNode } from 'react';
import { useStore } from 'zustand';
import { countText } from '../base/size-format.ts';
import type { FormWords } from '../base/form-words.ts';
import type { ListStore } from '../stores/list-store.ts';
import { useChanges, useKeys, useRoute, useSession } from '../stores/session.tsx';
import { useListed } from '../stores/use-listed.ts';
import { AreaBar } from './area-bar.tsx';
import { DeletedElsewhere } from './deleted-elsewhere.tsx';
import { EmptyState } from './empty-state.tsx';
import { ErrorNotice } from './error-notice.tsx';
import { ProgressBar } from './progress-bar.tsx';
import { SplitPane } from './split-pane.tsx';
import { StoredList } from './stored-list.tsx';
import { TwoLineRow } from './two-line-row.tsx';

/** Something with a name that endpoints share, such as a retry policy. */
interface SharedThing {
  readonly id: string;
  readonly name: string;
}

/** How many endpoints use it, for its row. */
export function usersText({ usedBy }: { readonly usedBy: readonly unknown[] }): string {
  return usedBy.length === 0 ? 'not used' : countText(usedBy.length, 'endpoint', 'endpoints');
}

/** One kind of such things: how it is read, and what it is called. */
export interface SharedKind<Item extends SharedThing, Fields extends object> {
  /** Section of the settings in the address, and the topic of its changes. */
  readonly topic: 'policies' | 'auths' | 'environments';
  /** In the address before the id of one, and before the key of its unsaved edits: `policy`. */
  readonly key: string;
  readonly noun: string;
  /** What the list is called: `Retry policies`. */
  readonly label: string;
  readonly newLabel: string;
  readonly icon: Icon;
  /** What they are for, with two of them as an example, while there are none. */
  readonly empty: { readonly sentence: string; readonly example: string };
  readonly blank: Fields;
  readonly words: FormWords;
  readonly list: ListStore<Item, string>;
  readonly fetchItem: (id: string, signal: AbortSignal) => Promise<Item>;
  /** At the end of the first line of its row. */
  readonly asideOf: (item: Item) => string;
  /** The second line of its row. */
  readonly noteOf: (item: Item) => string;
}

/** What the form of one thing is given. */
export interface SharedDetail<Item> {
  /** Null for a new one. */
  readonly item: Item | null;
  readonly onSaved: (id: string) => void;
  readonly onRemoved: () => void;
  readonly onClose: () => void;
}

interface SharedThingsProps<Item extends SharedThing, Fields extends object> {
  readonly kind: SharedKind<Item, Fields>;
  /** Switches to the other sections. */
  readonly sections: ReactNode;
  readonly renderDetail: (detail: SharedDetail<Item>) => ReactNode;
}

/** Things that endpoints share, as a section of the settings: the list, one in detail, and what became of one that is gone. */
export function SharedThings<Item extends SharedThing, Fields extends object>({
  kind,
  sections,
  renderDetail,
}: SharedThingsProps<Item, Fields>) {
  const { router } = useSession();
  const id = useRoute().query[kind.key] ?? null;
  const { items, status } = useStore(kind.list);
  const at = (wanted: string | null) => ({ area: 'settings' as const, id: kind.topic, query: { [kind.key]: wanted ?? undefined } });
  const open = (wanted: string | null) => router.visit(at(wanted));
  const replace = (wanted: string | null) => router.replace(at(wanted));
  const close = () => open(null);
  useKeys({ Escape: close });
  useFollowing(kind, id);
  const isEmpty = status === 'ready' && items.length === 0 && id !== 'new';
  const opened = useListed({
    id: id === 'new' ? null : id,
    row: items.find((item) => item.id === id) ?? null,
    isListRead: status === 'ready',
    fetchItem: kind.fetchItem,
    topic: kind.topic,
  });
  const ways = { onSaved: replace, onRemoved: () => replace(null), onClose: close };
  const add = (
    <Button size="xs" leftSection={<IconPlus size={14} />} onClick={() => open('new')}>
      {kind.newLabel}
    </Button>
  );
  return (
    <>
      <AreaBar title="Settings" lead={sections} action={isEmpty ? undefined : add} />
      {isEmpty ? (
        <EmptyState icon={kind.icon} sentence={kind.empty.sentence} action={add} example={<code>{kind.empty.example}</code>} />
      ) : (
        <SplitPane
          name={kind.topic}
          initialShare={0.38}
          list={
            <StoredList
              list={kind.list}
              label={kind.label}
              icon={kind.icon}
              empty={`${kind.empty.sentence} There are none yet.`}
              nothingFound={(text) => `No ${kind.noun} has "${text}" in its name.`}
              idOf={(item) => item.id}
              selectedId={id}
              onSelect={open}
              rowPx={52}
              renderRow={(item) => (
                <TwoLineRow title={item.name} draftKey={`${kind.key}:${item.id}`} aside={kind.asideOf(item)} note={kind.noteOf(item)} />
              )}
            />
          }
          detail={
            id === null ? null : id === 'new' ? (
              renderDetail({ item: null, ...ways })
            ) : opened.item === null ? (
              <Missing kind={kind} id={id} opened={opened} onMakeNew={() => replace('new')} onDiscard={() => replace(null)} />
            ) : (
              renderDetail({ item: opened.item, ...ways })
            )
          }
          onBack={close}
        />
      )}
    </>
  );
}

interface MissingProps<Item extends SharedThing, Fields extends object> {
  readonly kind: SharedKind<Item, Fields>;
  readonly id: string;
  readonly opened: ReturnType<typeof useListed<Item>>;
  readonly onMakeNew: () => void;
  readonly onDiscard: () => void;
}

function Missing<Item extends SharedThing, Fields extends object>({
  kind: { key: prefix, noun, blank, words, icon },
  id,
  opened: { status, problem },
  ...decisions
}: MissingProps<Item, Fields>) {
  const key = `${prefix}:${id}`;
  const isUnsaved = useStore(useSession().drafts, (drafts) => drafts[key] !== undefined);
  if (problem === null) return <ProgressBar isActive={status === 'loading'} />;
  if (problem.code !== 'NOT_FOUND') return <ErrorNotice problem={problem} />;
  return isUnsaved ? (
    <DeletedElsewhere noun={noun} draftKey={key} newKey={`new:${prefix}`} blank={blank} words={words} {...decisions} />
  ) : (
    <EmptyState icon={icon} sentence={`There is no such ${noun}; it may have been deleted.`} />
  );
}

function useFollowing<Item extends SharedThing, Fields extends object>({ list, topic }: SharedKind<Item, Fields>, id: string | null) {
  useEffect(() => void list.load(), [list]);
  useEffect(() => list.select(id), [list, id]);
  useChanges([topic, 'endpoints'], (ids) => void list.refresh(ids));
}
