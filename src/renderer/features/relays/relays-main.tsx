import { Button } from '@mantine/core';
import { IconArrowsSplit2, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { Bin } from '#shared/contract/bins.ts';
import type { Relay } from '#shared/contract/relays.ts';
import { toProblem, type Problem } from '../../base/problem.ts';
import { useSession } from '../../stores/session.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { SplitPane } from '../../ui/split-pane.tsx';
import { newRelay, relayWords } from './relay-draft.ts';
import { DeletedElsewhere } from '../../ui/deleted-elsewhere.tsx';
import { RelayFlow } from './relay-flow.tsx';
import { RelayForm } from './relay-form.tsx';
import type { RelaysStore } from './relays-store.ts';
import styles from './relays.module.css';

interface RelaysMainProps {
  readonly store: RelaysStore;
  readonly bins: readonly Bin[];
  /** The relay that is edited, `new` for one that is being made, null for none. */
  readonly openedId: string | null;
  readonly onOpen: (id: string | null) => void;
  /** Opens one in place of what the address names. */
  readonly onReplace: (id: string | null) => void;
}

/** All relays, drawn from bin to targets, and one of them in a form. */
export function RelaysMain({ store, bins, openedId, onOpen, onReplace }: RelaysMainProps) {
  const { relays, isLoaded, problem } = useStore(store);
  const opened = relays.find(({ id }) => id === openedId) ?? null;
  const close = () => onOpen(null);
  const detail =
    openedId === 'new' || opened !== null ? (
      <RelayForm key={openedId} relay={opened} bins={bins} binId={bins[0]?.id ?? ''} onSaved={onReplace} onClose={close} />
    ) : openedId !== null && isLoaded ? (
      <Gone id={openedId} onOpen={onReplace} binId={bins[0]?.id ?? ''} />
    ) : null;
  if (isLoaded && relays.length === 0 && detail === null) return <NoRelays canCreate={bins.length > 0} onCreate={() => onOpen('new')} />;
  return (
    <SplitPane
      name="relays"
      initialShare={0.55}
      minListPx={360}
      list={
        <div className={styles['main']}>
          <ProgressBar isActive={!isLoaded && problem === null} />
          {problem !== null && (
            <div className={styles['notice']}>
              <ErrorNotice problem={problem} onRetry={() => void store.load()} />
            </div>
          )}
          <div className={styles['list']}>
            {relays.map((relay) => (
              <Drawn key={relay.id} relay={relay} bins={bins} isSelected={relay.id === openedId} onOpen={() => onOpen(relay.id)} />
            ))}
          </div>
        </div>
      }
      detail={detail}
      onBack={close}
    />
  );
}

interface DrawnProps {
  readonly relay: Relay;
  readonly bins: readonly Bin[];
  readonly isSelected: boolean;
  readonly onOpen: () => void;
}

function Drawn({ relay, bins, ...props }: DrawnProps) {
  const { client, announce } = useSession();
  const [problem, setProblem] = useState<Problem | null>(null);
  const toggle = async () => {
    try {
      await client.relays.update({ id: relay.id, isActive: !relay.isActive });
      setProblem(null);
      announce(`${relay.name} ${relay.isActive ? 'paused' : 'resumed'}`);
    } catch (error) {
      setProblem(toProblem(error));
    }
  };
  return (
    <>
      <RelayFlow relay={relay} binName={bins.find(({ id }) => id === relay.binId)?.name ?? relay.binId} onToggle={toggle} {...props} />
      {problem !== null && <ErrorNotice problem={problem} />}
    </>
  );
}

function NoRelays({ canCreate, onCreate }: { readonly canCreate: boolean; readonly onCreate: () => void }) {
  return (
    <EmptyState
      icon={IconArrowsSplit2}
      sentence={`A relay forwards what a bin captures to your own code or to endpoints, and tries again when they are down.${canCreate ? '' : ' Create a bin first.'}`}
      action={
        canCreate ? (
          <Button size="xs" leftSection={<IconPlus size={14} />} onClick={onCreate}>
            Create a relay
          </Button>
        ) : undefined
      }
      example={<code>hookyard relays create Orders --bin shop --to http://localhost:3000/hooks</code>}
    />
  );
}

function Gone({ id, binId, onOpen }: { readonly id: string; readonly binId: string; readonly onOpen: (id: string | null) => void }) {
  const draftKey = `relay:${id}`;
  const isUnsaved = useStore(useSession().drafts, (drafts) => drafts[draftKey] !== undefined);
  if (!isUnsaved) return <EmptyState icon={IconArrowsSplit2} sentence="There is no such relay; it may have been deleted." />;
  return (
    <DeletedElsewhere
      noun="relay"
      draftKey={draftKey}
      newKey="new:relay"
      blank={newRelay(binId)}
      words={relayWords}
      // What it had belongs to the one that was deleted.
      prepare={(form) => ({ ...form, targets: form.targets.map((target) => ({ ...target, id: null })) })}
      onMakeNew={() => onOpen('new')}
      onDiscard={() => onOpen(null)}
    />
  );
}
