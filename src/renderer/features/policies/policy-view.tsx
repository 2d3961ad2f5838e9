import { Anchor, Select, Textarea, TextInput } from '@mantine/core';
import { useMemo } from 'react';
import { policies, type NamedPolicy } from '#shared/contract/policies.ts';
import { retryPresetNames } from '#shared/contract/retry-choice.ts';
import { retryPresets } from '#shared/contract/retry-presets.ts';
import type { Client } from '../../base/client.ts';
import { unreadableWith } from '../../base/input-issues.ts';
import type { Problem } from '../../base/problem.ts';
import { whatIfAddress } from '../../base/what-if-address.ts';
import { useSession } from '../../stores/session.tsx';
import { DetailForm } from '../../ui/detail-form.tsx';
import { onlyFields } from '../../base/edits.ts';
import { useEdits } from '../../stores/use-edits.ts';
import { MarkedField } from '../../ui/field-marks.tsx';
import { RemoveShared, UsedBy } from '../../ui/used-by.tsx';
import { useSaving } from '../../ui/use-saving.ts';
import { namedDraftOf, namedWords, newNamed, readNamed, withPreset, type NamedDraft } from './named-draft.ts';
import { PolicyFields } from './policy-fields.tsx';
import { SchedulePlan } from './schedule-plan.tsx';
import styles from './policies.module.css';

interface PolicyViewProps {
  /** Null for a new one. */
  readonly named: NamedPolicy | null;
  readonly onSaved: (id: string) => void;
  readonly onRemoved: () => void;
  readonly onClose: () => void;
}

const kinds = [
  { value: 'none', label: 'No retries' },
  { value: 'schedule', label: 'Schedule of delays' },
  { value: 'linear', label: 'Linear backoff' },
  { value: 'exponential', label: 'Exponential backoff' },
] as const;

/** One named policy: its form, when its attempts come, who uses it, and removing it. */
export function PolicyView({ named, onSaved, onRemoved, onClose }: PolicyViewProps) {
  const { client, announce, drafts } = useSession();
  const base = useMemo(() => (named === null ? newNamed : namedDraftOf(named)), [named]);
  const edits = useEdits(named === null ? 'new:policy' : `policy:${named.id}`, base);
  const { draft } = edits;
  const saving = useSaving({
    fields: ['name', 'description', 'policy'],
    submit: () => submit(client, named, draft, edits.edited),
    onSaved: (saved) => {
      edits.saved(namedDraftOf(saved));
      onSaved(saved.id);
    },
  });
  const set = (change: Partial<NamedDraft>) => {
    saving.touch(Object.keys(change));
    edits.set(change);
  };
  const remove = async ({ id, name }: NamedPolicy) => {
    await client.policies.remove({ id });
    announce(`${name} deleted`);
    drafts.drop(`policy:${id}`);
    onRemoved();
  };
  const read = readNamed(draft);
  return (
    <DetailForm
      title={named?.name ?? 'New retry policy'}
      saving={saving}
      edits={edits}
      words={namedWords}
      making={named === null ? { name: draft.name.trim() || 'new retry policy', label: 'Create policy', onLeave: onClose } : undefined}
      onClose={onClose}
    >
      <div className={styles['grid']}>
        <MarkedField name="name">
          <TextInput
            label="Name"
            placeholder="Free: 3"
            autoFocus={named === null}
            value={draft.name}
            error={saving.errors['name']}
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
        </MarkedField>
        <Select
          label="Fill in from a preset"
          placeholder="Choose one to start from"
          searchable
          data={retryPresetNames.map((name) => ({ value: name, label: retryPresets[name].title }))}
          value={null}
          onChange={(name) => {
            const preset = retryPresetNames.find((candidate) => candidate === name);
            if (preset !== undefined) edits.set(withPreset(draft, preset));
          }}
        />
        <MarkedField name="description" className={styles['wide']}>
          <Textarea
            label="Description"
            autosize
            minRows={1}
            maxRows={5}
            placeholder="Which endpoints are meant to use it"
            value={draft.description}
            error={saving.errors['description']}
            onChange={(event) => set({ description: event.currentTarget.value })}
          />
        </MarkedField>
        <MarkedField name="policy" className={styles['wide']}>
          <Select
            label="Kind"
            allowDeselect={false}
            data={[...kinds]}
            value={draft.policy.choice}
            error={saving.errors['policy']}
            onChange={(choice) => set({ policy: { ...draft.policy, choice: choice ?? draft.policy.choice } })}
          />
        </MarkedField>
        <PolicyFields draft={draft.policy} onChange={(policy) => set({ policy })} />
        <SchedulePlan policy={'message' in read ? read.message : read.value.policy} />
        {named !== null && <InAnOutage id={named.id} />}
      </div>
      {named !== null && (
        <>
          <UsedBy
            users={named.usedBy}
            where="Retries and success"
            note="A change applies to attempts scheduled from then on; attempts already scheduled keep their time."
          />
          <RemoveShared
            name={named.name}
            users={named.usedBy.length}
            noun="retry policy"
            label="Delete policy"
            unused="No endpoint uses it, so no schedule changes."
            onRemove={() => remove(named)}
          />
        </>
      )}
    </DetailForm>
  );
}

/** Leads to the saved policy in an outage, beside what others do. */
function InAnOutage({ id }: { readonly id: string }) {
  return (
    <p className={styles['wide']}>
      <Anchor href={whatIfAddress({ kind: 'policy', policy: { kind: 'named', policyId: id } })} size="sm">
        What if the receiver is down for two hours?
      </Anchor>
    </p>
  );
}

function submit(
  client: Client,
  named: NamedPolicy | null,
  draft: NamedDraft,
  edited: readonly (keyof NamedDraft)[],
): Promise<NamedPolicy> | Problem {
  const read = readNamed(draft);
  if ('message' in read)
    return unreadableWith({ policy: read.message }, policies.create, { name: draft.name.trim(), description: draft.description });
  return named === null ? client.policies.create(read.value) : client.policies.update({ id: named.id, ...onlyFields(read.value, edited) });
}
