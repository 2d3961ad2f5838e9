import { Switch } from '@mantine/core';
import { useMemo } from 'react';
import type { Endpoint } from '#shared/contract/endpoints.ts';
import { useClient } from '../../stores/session.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { CloseDetail } from '../../ui/close-detail.tsx';
import { EditForm } from '../../ui/edit-form.tsx';
import { SplitPane } from '../../ui/split-pane.tsx';
import type { HandedSecret } from '../../stores/secret-store.ts';
import { inputOf, newDraft } from './endpoint-draft.ts';
import { DraftPane } from './draft-pane.tsx';
import { EndpointForm } from './endpoint-form.tsx';
import { useEndpointWords } from './endpoint-words.ts';
import { useEndpointForm } from './use-endpoint-form.ts';
import styles from './endpoint-view.module.css';

interface NewEndpointProps {
  readonly eventTypes: readonly string[];
  /** Called once the endpoint is created, with its secret if one was created for it. */
  readonly onMade: (endpoint: Endpoint, handed: HandedSecret | null) => void;
  readonly onClose: () => void;
}

/** The form for a new endpoint; what was typed stays until it is created or discarded. */
export function NewEndpoint({ eventTypes, onMade, onClose }: NewEndpointProps) {
  const client = useClient();
  const base = useMemo(() => newDraft(), []);
  const form = useEndpointForm('new', base, {
    read: inputOf,
    send: (input) => client.endpoints.create(input),
    onSaved: ({ secret, publicKey, warnings: _, ...endpoint }) => {
      // Whoever typed the secret has it.
      const isMade = secret !== null && form.draft.secret === '';
      onMade(endpoint, isMade ? { secret, publicKey } : null);
    },
    said: ({ name }) => `Endpoint ${name} created`,
  });
  const words = useEndpointWords();
  const fields = (
    <EditForm
      className={styles['view']}
      edits={form.edits}
      words={words}
      saving={form}
      making={{ name: form.draft.name.trim() || 'new endpoint', label: 'Create endpoint', onLeave: onClose }}
    >
      <header className={styles['head']}>
        <div className={styles['title']}>
          <h2>New endpoint</h2>
          <Switch
            label={form.draft.isActive ? 'Active' : 'Disabled'}
            checked={form.draft.isActive}
            onChange={(event) => form.change({ ...form.draft, isActive: event.currentTarget.checked })}
          />
          <CloseDetail onClose={onClose} />
        </div>
        <p className={styles['lead']}>
          {form.draft.isActive
            ? 'A name, a URL and its events are needed; everything else can stay as it is.'
            : 'It gets no events until it is enabled. You can still send it a test.'}
        </p>
      </header>
      <div className={styles['scroll']}>
        {form.problem !== null && (
          <div className={styles['notice']}>
            <ErrorNotice problem={form.problem} rest={form.rest} />
          </div>
        )}
        <EndpointForm
          draft={form.draft}
          onChange={form.change}
          errors={form.errors}
          eventTypes={eventTypes}
          endpointId={null}
          secretArea={null}
        />
      </div>
    </EditForm>
  );
  return (
    <section className={styles['view']} aria-label="Detail">
      <SplitPane
        name="new-endpoint"
        isAlwaysSplit
        initialShare={0.55}
        minListPx={380}
        minDetailPx={340}
        detailLabel="Request"
        onBack={onClose}
        list={fields}
        detail={<DraftPane draft={form.draft} eventTypes={eventTypes} />}
      />
    </section>
  );
}
