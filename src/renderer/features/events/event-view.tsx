import { Button, Select, Textarea, TextInput } from '@mantine/core';
import { IconPencil, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import type { Warning } from '#shared/contract/common.ts';
import { dataCheck, eventTypes, type EventType } from '#shared/contract/events.ts';
import type { Client } from '../../base/client.ts';
import { unreadableWith } from '../../base/input-issues.ts';
import type { Problem } from '../../base/problem.ts';
import { formatRoute } from '../../base/router.ts';
import type { KnownEndpoint } from '../../stores/catalogue-store.ts';
import { useClient, useSession } from '../../stores/session.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { DetailForm, DetailSection } from '../../ui/detail-form.tsx';
import { TlsMark } from '../../ui/tls-mark.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { onlyFields } from '../../base/edits.ts';
import { useEdits } from '../../stores/use-edits.ts';
import { MarkedField } from '../../ui/field-marks.tsx';
import { useSaving } from '../../ui/use-saving.ts';
import {
  checkWords,
  eventDraftOf,
  eventWords,
  newEvent,
  readEvent,
  schemaProblem,
  type EventDraft,
  type ProposedEvent,
} from './event-draft.ts';
import styles from './events.module.css';
import { JsonField } from './json-field.tsx';
import { SamplesField } from './samples-field.tsx';

/** What a schema without `$schema` is checked by while it is typed: the editor knows this draft. The engine checks by the rules of all. */
const schemaRules = { $ref: 'http://json-schema.org/draft-07/schema#' };

interface EventViewProps {
  /** Null for a new one. */
  readonly eventType: EventType | null;
  /** For a new one: what it begins as, and the key of its edits. */
  readonly proposed?: ProposedEvent | undefined;
  readonly listeners: readonly KnownEndpoint[];
  /** Warnings from the last save. */
  readonly warnings: readonly Warning[];
  readonly onSaved: (name: string, warnings: readonly Warning[]) => void;
  readonly onDeleted: () => void;
  readonly onClose: () => void;
}

/** One event type: description, sample, schema and who listens to it. Saved explicitly. */
export function EventView({ eventType, proposed, listeners, warnings, onSaved, onDeleted, onClose }: EventViewProps) {
  const client = useClient();
  const base = eventType === null ? (proposed?.draft ?? newEvent) : eventDraftOf(eventType);
  const edits = useEdits(eventType === null ? (proposed?.key ?? 'new:event') : `event:${eventType.name}`, base);
  const shown = edits.draft;
  const saving = useSaving({
    fields: ['name', 'title', 'group', 'description', 'samples', 'schema', 'dataCheck'],
    submit: () => submit(client, eventType, shown, edits.edited),
    onSaved: ({ warnings: remarks, ...saved }) => {
      edits.saved(eventDraftOf(saved));
      onSaved(saved.name, remarks);
    },
  });
  const { errors } = saving;
  const set = (change: Partial<EventDraft>) => {
    saving.touch(Object.keys(change));
    edits.set(change);
  };
  // Sample and schema depend on each other, so editing one makes the warnings about both outdated.
  const isAsSaved = !edits.edited.includes('samples') && !edits.edited.includes('schema');
  return (
    <DetailForm
      title={eventType?.name ?? 'New event type'}
      beside={eventType !== null && <CopyButton label="Copy name" text={eventType.name} />}
      actions={eventType !== null && <ComposeButton eventType={eventType} />}
      saving={saving}
      edits={edits}
      words={eventWords}
      making={
        eventType === null ? { name: shown.name.trim() || 'new event type', label: 'Create event type', onLeave: onClose } : undefined
      }
      onClose={onClose}
    >
      {proposed !== undefined && (
        <ul className={styles['proposal']} aria-label="What was read from the request">
          {proposed.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      {eventType === null && (
        <TextInput
          label="Name"
          placeholder="invoice.paid"
          autoFocus
          classNames={{ input: 'mono' }}
          value={shown.name}
          error={errors['name']}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
      )}
      <div className={styles['pair']}>
        <MarkedField name="title">
          <TextInput
            label="Title"
            value={shown.title}
            error={errors['title']}
            onChange={(event) => set({ title: event.currentTarget.value })}
          />
        </MarkedField>
        <MarkedField name="group">
          <TextInput
            label="Group"
            value={shown.group}
            error={errors['group']}
            onChange={(event) => set({ group: event.currentTarget.value })}
          />
        </MarkedField>
      </div>
      <MarkedField name="description">
        <Textarea
          label="Description"
          autosize
          minRows={1}
          maxRows={5}
          placeholder="What happened when this is sent"
          value={shown.description}
          error={errors['description']}
          onChange={(event) => set({ description: event.currentTarget.value })}
        />
      </MarkedField>
      {eventType !== null && eventType.source !== null && <p className={styles['note']}>{`Imported from ${eventType.source}.`}</p>}
      <MarkedField name="samples">
        <SamplesField
          eventName={eventType?.name ?? 'new'}
          schema={shown.schema}
          samples={shown.samples}
          error={errors['samples']}
          onChange={(samples) => set({ samples })}
          onSave={() => void saving.save()}
        />
      </MarkedField>
      {isAsSaved && <Remarks warnings={warnings} path="sample" />}
      <MarkedField name="schema">
        <JsonField
          label="JSON Schema"
          note="Of the data; leave it empty for none."
          path={`event-schema/${eventType?.name ?? 'new'}.json`}
          value={shown.schema}
          problem={errors['schema'] ?? (shown.schema.trim() === '' ? null : schemaProblem(shown.schema))}
          schema={schemaRules}
          placeholder={'{"type": "object", "required": ["id"]}'}
          onChange={(schema) => set({ schema })}
          onSave={() => void saving.save()}
        />
      </MarkedField>
      {isAsSaved && <Remarks warnings={warnings} path="schema" />}
      <MarkedField name="dataCheck">
        <Select
          label="Data that breaks the schema"
          allowDeselect={false}
          disabled={shown.schema.trim() === ''}
          data={Object.entries(checkWords).map(([value, label]) => ({ value, label }))}
          value={shown.dataCheck}
          onChange={(value) => set({ dataCheck: dataCheck.catch('warn').parse(value) })}
        />
      </MarkedField>
      {eventType !== null && <UsedBy listeners={listeners} />}
      {eventType !== null && <Delete eventType={eventType} listeners={listeners} onDeleted={onDeleted} />}
    </DetailForm>
  );
}

function Remarks({ warnings, path }: { readonly warnings: readonly Warning[]; readonly path: 'sample' | 'schema' }) {
  return warnings
    .filter((warning) => warning.path === path)
    .map(({ code, message }) => (
      <output key={code + message} className={styles['warning']}>
        {message}
      </output>
    ));
}

function submit(
  client: Client,
  eventType: EventType | null,
  draft: EventDraft,
  edited: readonly (keyof EventDraft)[],
): Promise<EventType & { readonly warnings: readonly Warning[] }> | Problem {
  const read = readEvent(draft);
  if ('issues' in read) {
    const { name, title, group, description } = draft;
    return unreadableWith(read.issues, eventTypes.create, { name: name.trim(), title, group, description });
  }
  if (eventType === null) return client.eventTypes.create({ name: draft.name.trim(), ...read.value });
  return client.eventTypes.update({ name: eventType.name, ...onlyFields(read.value, edited) });
}

function ComposeButton({ eventType: { name } }: { readonly eventType: EventType }) {
  const { router } = useSession();
  return (
    <Button size="xs" leftSection={<IconPencil size={14} />} onClick={() => router.go({ area: 'compose', query: { event: name } })}>
      Compose
    </Button>
  );
}

function UsedBy({ listeners }: { readonly listeners: readonly KnownEndpoint[] }) {
  return (
    <DetailSection title="Used by">
      {listeners.length === 0 ? (
        <p className={styles['note']}>No endpoint listens to this event.</p>
      ) : (
        <ul className={styles['listeners']}>
          {listeners.map((listener) => (
            <li key={listener.id}>
              <a href={formatRoute({ area: 'endpoints', id: listener.id })}>{listener.name}</a>
              <TlsMark verifyTls={listener.verifyTls} />
              <code>{listener.events.join(', ')}</code>
              {!listener.isActive && <StatusBadge state="disabled" plain />}
            </li>
          ))}
        </ul>
      )}
    </DetailSection>
  );
}

function Delete({
  eventType,
  listeners,
  onDeleted,
}: {
  readonly eventType: EventType;
  readonly listeners: readonly KnownEndpoint[];
  readonly onDeleted: () => void;
}) {
  const client = useClient();
  const { announce, drafts } = useSession();
  const [isAsking, setAsking] = useState(false);
  const active = listeners.filter(({ isActive }) => isActive);
  const who =
    active.length === 0
      ? 'No active endpoint listens to it.'
      : `${active.length === 1 ? `${active[0]?.name} listens` : `${active.length} endpoints listen`} to it and will still get it when it is sent by name.`;
  return (
    <section aria-label="Danger">
      <Button size="xs" variant="default" c="var(--hy-bad-text)" leftSection={<IconTrash size={14} />} onClick={() => setAsking(true)}>
        Delete event type
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title={`Delete ${eventType.name}?`}
        consequence={`Its description, sample and schema are deleted; messages sent with it stay. ${who}`}
        actionLabel="Delete event type"
        onConfirm={async () => {
          await client.eventTypes.remove({ name: eventType.name });
          announce(`${eventType.name} deleted`);
          drafts.drop(`event:${eventType.name}`);
          onDeleted();
        }}
      />
    </section>
  );
}
