import { Button } from '@mantine/core';
import { IconHeartHandshake, IconPencil, IconRepeat, IconTrash } from '@tabler/icons-react';
import { useMemo, useRef, useState } from 'react';
import type { Endpoint, EndpointPatch } from '#shared/contract/endpoints.ts';
import { listText } from '../../base/form-words.ts';
import { toProblem, type Problem } from '../../base/problem.ts';
import { formatRoute } from '../../base/router.ts';
import { useClient, useSession } from '../../stores/session.tsx';
import { countText } from '../../base/size-format.ts';
import { CloseDetail } from '../../ui/close-detail.tsx';
import { ActionSwitch } from '../../ui/action-switch.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Explained } from '../../ui/explained.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { IdText } from '../../ui/id-text.tsx';
import { healthState } from '../../ui/meaning.ts';
import { TlsMark } from '../../ui/tls-mark.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { useAuthOf } from './auth-section.tsx';
import { draftOf, patchOf } from './endpoint-draft.ts';
import type { Read } from './read-draft.ts';
import { EndpointForm } from './endpoint-form.tsx';
import { contractLabel, useEndpointWords } from './endpoint-words.ts';
import { FormSection } from './form-section.tsx';
import { HandshakeSection } from './handshake-section.tsx';
import { HealthPanel } from './health-panel.tsx';
import { NewerProfile } from './newer-profile.tsx';
import type { EndpointStores } from './endpoints-store.ts';
import { ReceiverCheckButton } from './receiver-check.tsx';
import { ReceiverTestButton } from './receiver-test.tsx';
import { SecretArea } from './rotate-secret.tsx';
import type { ShownSecret } from './shown-once.tsx';
import { TestButton, TestResult, useTestSend } from './test-send.tsx';
import { SnippetButton } from '../snippets-panel/snippet-panel.tsx';
import { EditForm } from '../../ui/edit-form.tsx';
import { BackToProfile } from './back-to-profile.tsx';
import { useEndpointForm, type EndpointFormState } from './use-endpoint-form.ts';
import { useProfile } from '../../stores/use-profile.ts';
import styles from './endpoint-view.module.css';

interface EndpointViewProps {
  readonly endpoint: Endpoint;
  readonly stores: EndpointStores;
  readonly eventTypes: readonly string[];
  readonly onSecret: (shown: ShownSecret) => void;
  readonly onClose: () => void;
  readonly onDeleted: () => void;
}

/** One endpoint: its health, a test, its form, and deleting it. */
export function EndpointView({ endpoint, stores, eventTypes, onSecret, onClose, onDeleted }: EndpointViewProps) {
  const client = useClient();
  const base = useMemo(() => draftOf(endpoint), [endpoint]);
  const form = useEndpointForm(endpoint.id, base, {
    read: (draft) => patchOf(draft, base),
    send: (patch) => client.endpoints.update({ id: endpoint.id, ...patch }),
    onSaved: ({ warnings: _, ...saved }) => stores.detail.accept(saved),
  });
  const signing = useAuthOf(endpoint.authId)?.signing ?? endpoint.signing;
  const handshakes = useRef<HTMLDivElement>(null);
  const isHandshakeWanted = useRef(false);
  const showHandshakes = () => {
    const button = handshakes.current?.querySelector('button') ?? null;
    // While what the system asks is being read there is no button yet.
    isHandshakeWanted.current = button === null;
    handshakes.current?.scrollIntoView();
    button?.focus({ preventScroll: true });
  };
  const showWantedHandshakes = () => {
    if (isHandshakeWanted.current) showHandshakes();
  };
  return (
    <EditForm className={styles['view']} edits={form.edits} words={useEndpointWords()} saving={form}>
      <Head
        endpoint={endpoint}
        stores={stores}
        form={form}
        patch={patchOf(form.draft, base)}
        onHandshake={showHandshakes}
        onClose={onClose}
      />
      <div className={styles['scroll']}>
        {form.problem !== null && (
          <div className={styles['notice']}>
            <ErrorNotice problem={form.problem} rest={form.rest} />
          </div>
        )}
        {form.warnings.map(({ code, message }) => (
          <output key={code + message} className={styles['warning']}>
            {message}
          </output>
        ))}
        <EndpointForm
          draft={form.draft}
          onChange={form.change}
          errors={form.errors}
          eventTypes={eventTypes}
          endpointId={endpoint.id}
          secretArea={<SecretArea endpoint={endpoint} onRotated={onSecret} />}
        />
        {signing !== null && (
          <FormSection title="Receiver" note="Code that verifies what this endpoint signs, as it was last saved.">
            <div>
              <SnippetButton signing={signing} />
            </div>
          </FormSection>
        )}
        {/* Its profile decides which handshakes there are. */}
        <div ref={handshakes}>
          <HandshakeSection key={endpoint.profile} endpoint={endpoint} onShown={showWantedHandshakes} />
        </div>
        <DangerSection endpoint={endpoint} onDeleted={onDeleted} />
      </div>
    </EditForm>
  );
}

interface HeadProps extends Pick<EndpointViewProps, 'endpoint' | 'stores' | 'onClose'> {
  readonly form: Pick<EndpointFormState, 'draft' | 'change'>;
  /** Unsaved changes, which a test is sent with. */
  readonly patch: Read<EndpointPatch>;
  /** Goes to the handshakes, which stand below the form. */
  readonly onHandshake: () => void;
}

function Head({ endpoint, stores, form, patch, onHandshake, onClose }: HeadProps) {
  const client = useClient();
  const { announce, router } = useSession();
  const test = useTestSend(patch, (draft) =>
    client.endpoints.test({ id: endpoint.id, ...(Object.keys(draft).length === 0 ? {} : { draft }) }),
  );
  const [problem, setProblem] = useState<Problem | null>(null);
  const setActive = async (isActive: boolean) => {
    try {
      const { warnings: _, ...saved } = await client.endpoints.update({ id: endpoint.id, isActive });
      stores.detail.accept(saved);
      setProblem(null);
      announce(isActive ? 'Endpoint enabled' : 'Endpoint disabled');
    } catch (error) {
      setProblem(toProblem(error));
    }
  };
  const { lastDelivery } = endpoint;
  return (
    <header className={styles['head']}>
      <div className={styles['title']}>
        <StatusBadge state={healthState(endpoint)} />
        <h2 className="truncate" title={endpoint.name}>
          {endpoint.name}
        </h2>
        <IdText id={endpoint.id} label="endpoint id" />
        <CloseDetail onClose={onClose} />
      </div>
      <div className={styles['target']}>
        <code className="truncate" title={endpoint.url}>
          <b>{endpoint.method}</b> {endpoint.url}
        </code>
        <CopyButton label="Copy URL" text={endpoint.url} />
        <TlsMark verifyTls={endpoint.verifyTls} hasWord />
      </div>
      <p className={styles['lead']}>
        {lastDelivery !== null && (
          <>
            <a href={formatRoute({ area: 'deliveries', id: lastDelivery.id })}>Last delivery</a> <TimeText atMs={lastDelivery.atMs} />
            {lastDelivery.outcomeCode === 'ok' ? ' was accepted' : ' failed'} ({lastDelivery.status ?? lastDelivery.outcomeCode}).{' '}
          </>
        )}
        {endpoint.pendingDeliveries > 0 && (
          <>
            <a href={formatRoute({ area: 'deliveries', query: { f: `endpoint:${endpoint.id}` } })}>
              {countText(endpoint.pendingDeliveries, 'delivery', 'deliveries')}
            </a>
            {endpoint.pendingDeliveries === 1 ? ' waits. ' : ' wait. '}
          </>
        )}
        Made by {endpoint.creator} <TimeText atMs={endpoint.createdAtMs} />.
        <ProfileText endpoint={endpoint} form={form} stores={stores} />
      </p>
      <HealthPanel endpoint={endpoint} />
      <div className={styles['actions']}>
        <Explained words="Sends one sample event, signed as here, and shows the answer.">
          <TestButton test={test} />
        </Explained>
        <Explained words="Sends genuine events twice, out of order, late or many at once, and shows how each was answered.">
          <ReceiverTestButton endpoint={endpoint} />
        </Explained>
        <Explained words="Sends genuine, forged and unusual requests, and says for each whether the answer was right.">
          <ReceiverCheckButton endpoint={endpoint} />
        </Explained>
        <Button size="xs" variant="default" leftSection={<IconHeartHandshake size={14} />} onClick={onHandshake}>
          Handshake
        </Button>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPencil size={14} />}
          onClick={() => router.go({ area: 'compose', query: { endpoint: endpoint.id } })}
        >
          Compose
        </Button>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconRepeat size={14} />}
          disabled={!endpoint.isActive}
          onClick={() => router.go({ area: 'deliveries', query: { replay: 'recover', endpoint: endpoint.id } })}
        >
          Recover failed…
        </Button>
        <ActionSwitch label={endpoint.isActive ? 'Active' : 'Disabled'} checked={endpoint.isActive} onChange={setActive} />
      </div>
      <TestResult test={test} />
      <ErrorNotice problem={problem} />
    </header>
  );
}

/** Which system an endpoint was made like, and what was changed since. */
function ProfileText({ endpoint, form, stores }: Pick<HeadProps, 'endpoint' | 'form' | 'stores'>) {
  const { profile: id, changedFromProfile } = endpoint;
  const profile = useProfile(id);
  const words = useEndpointWords();
  if (id === null) return null;
  const labels = changedFromProfile.map((field) => contractLabel(words, field));
  const changed = labels.length === 0 ? '' : `, except for ${listText(labels)}`;
  return (
    <>
      {` Behaves like ${profile?.name ?? id}${changed}. `}
      {profile !== null && <BackToProfile profile={profile} draft={form.draft} changed={changedFromProfile} onChange={form.change} />}
      <NewerProfile endpoint={endpoint} onSettled={stores.detail.accept} />
    </>
  );
}

function DangerSection({ endpoint, onDeleted }: { readonly endpoint: Endpoint; readonly onDeleted: () => void }) {
  const client = useClient();
  const { announce, drafts } = useSession();
  const [isAsking, setAsking] = useState(false);
  const consequence = deleteConsequence(endpoint.pendingDeliveries);
  return (
    <FormSection title="Danger" note={`Deleting this endpoint cannot be undone. ${consequence}`}>
      <div>
        <Button size="xs" variant="default" c="var(--hy-bad-text)" leftSection={<IconTrash size={14} />} onClick={() => setAsking(true)}>
          Delete endpoint
        </Button>
      </div>
      <ConfirmDialog
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title={`Delete ${endpoint.name}?`}
        consequence={`${consequence} Its past deliveries stay in the log.`}
        actionLabel="Delete endpoint"
        onConfirm={async () => {
          const { cancelledDeliveries } = await client.endpoints.remove({ id: endpoint.id });
          announce(`${endpoint.name} deleted; ${countText(cancelledDeliveries, 'delivery', 'deliveries')} cancelled`);
          drafts.drop(`endpoint:${endpoint.id}`);
          onDeleted();
        }}
      />
    </FormSection>
  );
}

/** What deleting does to pending deliveries. */
function deleteConsequence(pendingDeliveries: number): string {
  if (pendingDeliveries === 0) return 'No delivery is waiting, so none will be cancelled.';
  return `${countText(pendingDeliveries, 'pending delivery', 'pending deliveries')} will be cancelled.`;
}
