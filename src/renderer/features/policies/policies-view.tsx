import { Button } from '@mantine/core';
import { IconPlus, IconRepeat } from '@tabler/icons-react';
import { useEffect, useState, type ReactNode } from 'react';
import { useStore } from 'zustand';
import type { NamedPolicy } from '#shared/contract/policies.ts';
import { scheduleSummary } from '#shared/schedule-preview.ts';
import { useChanges, useKeys, useRoute, useSession, useSettings } from '../../stores/session.tsx';
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
import { namedWords, newNamed } from './named-draft.ts';
import { createPolicyList } from './policies-store.ts';
import { PolicyView } from './policy-view.tsx';

/** The named retry policies, as a section of the settings; `sections` switches to the others. */
export function PoliciesView({ sections }: { readonly sections: ReactNode }) {
  const { client, router } = useSession();
  const id = useRoute().query['policy'] ?? null;
  const [list] = useState(() => createPolicyList(client));
  const { items, status } = useStore(list);
  const timeScale = useSettings()?.timeScale ?? 1;
  const at = (policy: string | null) => ({ area: 'settings' as const, id: 'policies', query: { policy: policy ?? undefined } });
  const open = (policy: string | null) => router.visit(at(policy));
  const replace = (policy: string | null) => router.replace(at(policy));
  const close = () => open(null);
  useKeys({ Escape: close });
  useFollowing(list, id);
  const isEmpty = status === 'ready' && items.length === 0 && id !== 'new';
  const opened = useListed({
    id: id === 'new' ? null : id,
    row: items.find((policy) => policy.id === id) ?? null,
    isListRead: status === 'ready',
    fetchItem: (policyId, signal) => client.policies.get({ id: policyId }, { signal }),
    topic: 'policies',
  });
  const selected = opened.item;
  const add = (
    <Button size="xs" leftSection={<IconPlus size={14} />} onClick={() => open('new')}>
      New policy
    </Button>
  );
  return (
    <>
      <AreaBar title="Settings" action={isEmpty ? undefined : add}>
        {sections}
      </AreaBar>
      {isEmpty ? (
        <EmptyState
          icon={IconRepeat}
          sentence="A named retry policy is one schedule for many endpoints, such as all of a plan: one change applies to all of them."
          action={add}
          example={<code>{'Free: 3   1 m, 10 m\nPro: 8    doubling from 30 s'}</code>}
        />
      ) : (
        <SplitPane
          name="policies"
          initialShare={0.38}
          list={
            <StoredList
              list={list}
              label="Retry policies"
              icon={IconRepeat}
              nothingFound={(text) => `No retry policy has "${text}" in its name.`}
              idOf={(policy) => policy.id}
              selectedId={id}
              onSelect={open}
              rowPx={52}
              renderRow={({ id: policyId, name, policy, usedBy }) => (
                <TwoLineRow
                  title={name}
                  draftKey={`policy:${policyId}`}
                  aside={usedBy.length === 0 ? 'not used' : countText(usedBy.length, 'endpoint', 'endpoints')}
                  note={scheduleSummary(policy, timeScale)}
                />
              )}
            />
          }
          detail={
            id === null ? null : id === 'new' ? (
              <PolicyView key="new" named={null} onSaved={replace} onRemoved={() => replace(null)} onClose={close} />
            ) : selected === null ? (
              <Missing id={id} opened={opened} onMakeNew={() => replace('new')} onDiscard={() => replace(null)} />
            ) : (
              <PolicyView key={selected.id} named={selected} onSaved={replace} onRemoved={() => replace(null)} onClose={close} />
            )
          }
          onBack={close}
        />
      )}
    </>
  );
}

interface MissingProps {
  readonly id: string;
  readonly opened: ReturnType<typeof useListed<NamedPolicy>>;
  readonly onMakeNew: () => void;
  readonly onDiscard: () => void;
}

function Missing({ id, opened: { status, problem }, ...decisions }: MissingProps) {
  const key = `policy:${id}`;
  const isUnsaved = useStore(useSession().drafts, (drafts) => drafts[key] !== undefined);
  if (problem === null) return <ProgressBar isActive={status === 'loading'} />;
  if (problem.code !== 'NOT_FOUND') return <ErrorNotice problem={problem} />;
  return isUnsaved ? (
    <DeletedElsewhere noun="retry policy" draftKey={key} newKey="new:policy" blank={newNamed} words={namedWords} {...decisions} />
  ) : (
    <EmptyState icon={IconRepeat} sentence="There is no such retry policy; it may have been deleted." />
  );
}

function useFollowing(list: ListStore<NamedPolicy, string>, id: string | null) {
  useEffect(() => void list.load(), [list]);
  useEffect(() => list.select(id), [list, id]);
  useChanges(['policies', 'endpoints'], (ids) => void list.refresh(ids));
}
