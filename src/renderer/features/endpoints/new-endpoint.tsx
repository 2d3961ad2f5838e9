import { Button, Switch } from '@mantine/core';
import { useMemo } from 'react';
import type { Endpoint } from '#shared/contract/endpoints.ts';
import { useClient, useKeys } from '../../stores/session.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { CloseDetail } from '../../ui/close-detail.tsx';
import { KeyHint } from '../../ui/key-hint.tsx';
import { SplitPane } from '../../ui/split-pane.tsx';
import type { HandedSecret } from '../../ui/secret-dialog.tsx';
import { inputOf, newDraft } from './endpoint-draft.ts';
import { DraftPane } from './draft-pane.tsx';
import { EndpointForm } from './endpoint-form.tsx';
import { useEndpointForm } from './use-endpoint-form.ts';
import { useFirstError } from '../../ui/first-error.ts';
import styles from './endpoint-view.module.css';

interface NewEndpointProps {
  readonly eventTypes: readonly string[];
  /** Called once the endpoint is created, with its secret if it has one. */
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
    onSaved: ({ secret, publicKey, warnings: _, ...endpoint }) => onMade(endpoint, secret === null ? null : { secret, publicKey }),
    said: ({ name }) => `Endpoint ${name} created`,
  });
  const element = useFirstError<HTMLFormElement>(form.failures);
  useKeys({ 'mod+enter': () => void form.save() });
  const fields = (
    <form
      ref={element}
      className={styles['view']}
      tabIndex={-1}
      data-focus-home=""
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void form.save();
      }}
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
      <div className={styles['unsaved']}>
        <span />
        <Button
          size="xs"
          variant="default"
          onClick={() => {
            form.discard();
            onClose();
          }}
        >
          Discard
        </Button>
        <Button size="xs" type="submit" loading={form.isBusy} rightSection={<KeyHint keys="mod+Enter" />}>
          Create endpoint
        </Button>
      </div>
    </form>
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
