import { Button, Select, Textarea, TextInput, Input } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { Bin } from '#shared/contract/bins.ts';
import type { Relay } from '#shared/contract/relays.ts';
import { conditionExamples } from '#shared/match-text.ts';
import { onlyFields } from '../../base/edits.ts';
import { countText } from '../../base/size-format.ts';
import { useSession } from '../../stores/session.tsx';
import { useEdits } from '../../stores/use-edits.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { DetailForm, DetailSection } from '../../ui/detail-form.tsx';
import { MarkedField } from '../../ui/field-marks.tsx';
import { useSaving } from '../../ui/use-saving.ts';
import { AnswerFields, ShadowFields } from './answer-fields.tsx';
import {
  newRelay,
  newTarget,
  readRelay,
  relayDraftOf,
  relayFields,
  relayWords,
  toUrl,
  type RelayDraft,
  type TargetDraft,
} from './relay-draft.ts';
import { TargetFields } from './target-fields.tsx';
import styles from './relays.module.css';

interface RelayFormProps {
  /** Null for a new one. */
  readonly relay: Relay | null;
  readonly bins: readonly Bin[];
  /** What a new one takes from at first. */
  readonly binId: string;
  readonly onSaved: (id: string) => void;
  readonly onClose: () => void;
}

/** A relay while it is edited: its bin, what it forwards, and where to. */
export function RelayForm({ relay, bins, binId, onSaved, onClose }: RelayFormProps) {
  const { client } = useSession();
  const base = useMemo(() => (relay === null ? newRelay(binId) : relayDraftOf(relay)), [relay, binId]);
  const edits = useEdits(relay === null ? 'new:relay' : `relay:${relay.id}`, base);
  const { draft, edited } = edits;
  const saving = useSaving<Relay>({
    fields: relayFields(draft),
    submit: () => {
      const read = readRelay(draft, relay);
      if ('problem' in read) return read.problem;
      // Both name targets by their places, which may be others then.
      const fields = edited.includes('targets') ? [...edited, 'answer', 'shadow'] : edited;
      return relay === null ? client.relays.create(read.input) : client.relays.update({ id: relay.id, ...onlyFields(read.input, fields) });
    },
    onSaved: (saved) => {
      edits.saved(relayDraftOf(saved));
      onSaved(saved.id);
    },
  });
  const set = (change: Partial<RelayDraft>) => {
    saving.touch(Object.keys(change).flatMap((field) => (['targets', 'answer', 'shadow'].includes(field) ? relayFields(draft) : [field])));
    edits.set(change);
  };
  const setTarget = (key: string, change: Partial<TargetDraft>) =>
    set({ targets: draft.targets.map((target) => (target.key === key ? { ...target, ...change } : target)) });
  const named = draft.targets.map((target, index) => ({ value: target.key, label: calledOf(target, index) }));
  return (
    <DetailForm
      title={relay?.name ?? 'New relay'}
      saving={saving}
      edits={edits}
      words={relayWords}
      making={relay === null ? { name: draft.name.trim() || 'new relay', label: 'Create relay', onLeave: onClose } : undefined}
      onClose={onClose}
    >
      <MarkedField name="name">
        <TextInput
          label="Name"
          placeholder="Orders to my code"
          autoFocus={relay === null}
          value={draft.name}
          error={saving.errors['name']}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
      </MarkedField>
      <MarkedField name="binId">
        <Select
          label="Bin"
          data={bins.map(({ id, name }) => ({ value: id, label: name }))}
          value={draft.binId}
          error={saving.errors['binId']}
          allowDeselect={false}
          searchable
          onChange={(value) => set({ binId: value ?? draft.binId })}
        />
      </MarkedField>
      <MarkedField name="match">
        <Textarea
          label="Forward only if"
          description={`One condition a line, all have to hold; * stands for anything. Such as ${conditionExamples.slice(1, 5).join(', ')}.`}
          placeholder="path=/orders/*"
          classNames={{ input: 'mono' }}
          autosize
          minRows={2}
          value={draft.match}
          error={saving.errors['match']}
          onChange={(event) => set({ match: event.currentTarget.value })}
        />
      </MarkedField>
      <DetailSection title="Targets">
        <MarkedField name="targets" className={styles['targetList']}>
          {draft.targets.map((target, index) => (
            <TargetFields
              key={target.key}
              target={target}
              index={index}
              errors={saving.errors}
              onRemove={draft.targets.length === 1 ? null : () => set({ targets: draft.targets.filter(({ key }) => key !== target.key) })}
              onChange={(change) => setTarget(target.key, change)}
            />
          ))}
        </MarkedField>
        {saving.errors['targets'] !== undefined && <Input.Error role="alert">{saving.errors['targets']}</Input.Error>}
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={14} />}
          onClick={() => set({ targets: [...draft.targets, newTarget(draft.targets)] })}
        >
          Add a target
        </Button>
      </DetailSection>
      <DetailSection title="Answer">
        <AnswerFields draft={draft.answer} targets={named} errors={saving.errors} onChange={(answer) => set({ answer })} />
        <ShadowFields draft={draft.shadow} targets={named} errors={saving.errors} onChange={(shadow) => set({ shadow })} />
      </DetailSection>
      {relay !== null && <RelayDanger relay={relay} onRemoved={onClose} />}
    </DetailForm>
  );
}

/** What a target is called in a choice. */
function calledOf({ name, url, to }: TargetDraft, index: number): string {
  const known = name.trim() || (to === toUrl ? url.trim() : '');
  return known === '' ? `target ${index + 1}` : `target ${index + 1}: ${known}`;
}

/** Forgetting what waits, and deleting. Both say first what that means. */
function RelayDanger({ relay, onRemoved }: { readonly relay: Relay; readonly onRemoved: () => void }) {
  const { client, announce, drafts } = useSession();
  const [asking, setAsking] = useState<'drop' | 'remove' | null>(null);
  const waiting = countText(relay.queued, 'capture that waits', 'captures that wait');
  return (
    <section aria-label="Danger" className={styles['danger']}>
      {relay.queued > 0 && (
        <Button size="xs" variant="default" onClick={() => setAsking('drop')}>
          Drop what waits
        </Button>
      )}
      <Button size="xs" variant="default" c="var(--hy-bad-text)" leftSection={<IconTrash size={14} />} onClick={() => setAsking('remove')}>
        Delete relay
      </Button>
      <ConfirmDialog
        isOpen={asking === 'drop'}
        onClose={() => setAsking(null)}
        title={`Drop what waits for "${relay.name}"?`}
        consequence={`${waiting} will not be forwarded. They stay captured, and can be replayed.`}
        actionLabel="Drop"
        onConfirm={async () => {
          const { dropped } = await client.relays.dropQueued({ id: relay.id });
          announce(`${countText(dropped, 'capture', 'captures')} will not be forwarded`);
        }}
      />
      <ConfirmDialog
        isOpen={asking === 'remove'}
        onClose={() => setAsking(null)}
        title={`Delete the relay "${relay.name}"?`}
        consequence={`${relay.queued === 0 ? '' : `${waiting} will not be forwarded. `}Deliveries that wait for its URLs will be cancelled; those to endpoints stay. The captures stay too.`}
        actionLabel="Delete relay"
        onConfirm={async () => {
          await client.relays.remove({ id: relay.id });
          announce(`${relay.name} deleted`);
          drafts.drop(`relay:${relay.id}`);
          onRemoved();
        }}
      />
    </section>
  );
}
