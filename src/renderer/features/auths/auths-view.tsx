import { Button } from '@mantine/core';
import { IconPlus, IconShieldLock } from '@tabler/icons-react';
import { useEffect, useState, type ReactNode } from 'react';
import { useStore } from 'zustand';
import type { Auth } from '#shared/contract/auths.ts';
import { useChanges, useKeys, useRoute, useSession } from '../../stores/session.tsx';
import { countText } from '../../base/size-format.ts';
import type { ListStore } from '../../stores/list-store.ts';
import { useListed } from '../../stores/use-listed.ts';
import { AreaBar } from '../../ui/area-bar.tsx';
import { DeletedElsewhere } from '../../ui/deleted-elsewhere.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { SplitPane } from '../../ui/split-pane.tsx';
import { StoredList } from '../../ui/stored-list.tsx';
import { TwoLineRow } from '../../ui/two-line-row.tsx';
import { authWords, newAuth, partsText } from './auth-draft.ts';
import { AuthSecret, AuthView } from './auth-view.tsx';
import { createAuthList } from './auths-store.ts';
import type { RotatedSecret } from './rotate-dialog.tsx';

/** The authentications, as a section of the settings; `sections` switches to the others. */
export function AuthsView({ sections }: { readonly sections: ReactNode }) {
  const { client, router } = useSession();
  const id = useRoute().query['auth'] ?? null;
  const [list] = useState(() => createAuthList(client));
  const { items, status } = useStore(list);
  const [shown, setShown] = useState<RotatedSecret | null>(null);
  const at = (auth: string | null) => ({ area: 'settings' as const, id: 'auths', query: { auth: auth ?? undefined } });
  const open = (auth: string | null) => router.visit(at(auth));
  const replace = (auth: string | null) => router.replace(at(auth));
  const close = () => open(null);
  useKeys({ Escape: close });
  useFollowing(list, id);
  const isEmpty = status === 'ready' && items.length === 0 && id !== 'new';
  const opened = useListed({
    id: id === 'new' ? null : id,
    row: items.find((auth) => auth.id === id) ?? null,
    isListRead: status === 'ready',
    fetchItem: (authId, signal) => client.auths.get({ id: authId }, { signal }),
    topic: 'auths',
  });
  const selected = opened.item;
  const add = (
    <Button size="xs" leftSection={<IconPlus size={14} />} onClick={() => open('new')}>
      New authentication
    </Button>
  );
  return (
    <>
      <AreaBar title="Settings" action={isEmpty ? undefined : add}>
        {sections}
      </AreaBar>
      {isEmpty ? (
        <EmptyState
          icon={IconShieldLock}
          sentence="An authentication tells receivers that a request is genuine: a signature, a token, a key or a certificate, for as many endpoints as you like."
          action={add}
          example={<code>{'Partner API   Signature, OAuth 2\nBank          Mutual TLS'}</code>}
        />
      ) : (
        <SplitPane
          name="auths"
          initialShare={0.38}
          list={
            <StoredList
              list={list}
              label="Authentications"
              icon={IconShieldLock}
              nothingFound={(text) => `No authentication has "${text}" in its name.`}
              idOf={(auth) => auth.id}
              selectedId={id}
              onSelect={open}
              rowPx={52}
              renderRow={({ id: authId, name, parts, usedBy }) => (
                <TwoLineRow
                  title={name}
                  draftKey={`auth:${authId}`}
                  aside={usedBy.length === 0 ? 'not used' : countText(usedBy.length, 'endpoint', 'endpoints')}
                  note={partsText(parts)}
                />
              )}
            />
          }
          detail={
            id === null ? null : id === 'new' ? (
              <AuthView key="new" auth={null} onSecret={setShown} onSaved={replace} onRemoved={() => replace(null)} onClose={close} />
            ) : selected === null ? (
              <Missing id={id} opened={opened} onMakeNew={() => replace('new')} onDiscard={() => replace(null)} />
            ) : (
              <AuthView
                key={selected.id}
                auth={selected}
                onSecret={setShown}
                onSaved={replace}
                onRemoved={() => replace(null)}
                onClose={close}
              />
            )
          }
          onBack={close}
        />
      )}
      <AuthSecret shown={shown} onClose={() => setShown(null)} />
    </>
  );
}

interface MissingProps {
  readonly id: string;
  readonly opened: ReturnType<typeof useListed<Auth>>;
  readonly onMakeNew: () => void;
  readonly onDiscard: () => void;
}

function Missing({ id, opened: { status, problem }, ...decisions }: MissingProps) {
  const key = `auth:${id}`;
  const isUnsaved = useStore(useSession().drafts, (drafts) => drafts[key] !== undefined);
  if (problem === null) return <ProgressBar isActive={status === 'loading'} />;
  if (problem.code !== 'NOT_FOUND') return <ErrorNotice problem={problem} />;
  return isUnsaved ? (
    <DeletedElsewhere noun="authentication" draftKey={key} newKey="new:auth" blank={newAuth} words={authWords} {...decisions} />
  ) : (
    <EmptyState icon={IconShieldLock} sentence="There is no such authentication; it may have been deleted." />
  );
}

function useFollowing(list: ListStore<Auth, string>, id: string | null) {
  useEffect(() => void list.load(), [list]);
  useEffect(() => list.select(id), [list, id]);
  useChanges(['auths', 'endpoints'], (ids) => void list.refresh(ids));
}
