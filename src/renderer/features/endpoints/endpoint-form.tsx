import { Button, Select, Switch, TagsInput, Textarea, TextInput } from '@mantine/core';
import { IconCode } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { endpointInput, metaHeaders, methods } from '#shared/contract/endpoints.ts';
import { autoDisable, circuitBreaker, rateLimit } from '#shared/contract/health.ts';
import { paypalOptions, rfc9421Options } from '#shared/contract/proof-signing.ts';
import { customOptions } from '#shared/contract/signing.ts';
import { matchesEvent } from '#shared/event-pattern.ts';
import { CodeEditor } from '../../editor/code-editor.tsx';
import { useSchemes, useSession } from '../../stores/session.tsx';
import { countText } from '../../base/size-format.ts';
import { templateLanguage } from '../compose/editor-pane.tsx';
import { starterTemplate } from '../compose/sample-scope.ts';
import { DurationInput } from '../../ui/duration-input.tsx';
import { SigningFields } from '../../ui/signing-fields.tsx';
import { HeaderRows, SecretHeaderRows } from './header-rows.tsx';
import { withRetry, type EndpointDraft } from './endpoint-draft.ts';
import { LimitsFields } from './limits-fields.tsx';
import { MetaHeaderFields } from './meta-header-fields.tsx';
import { RetryFields } from './retry-fields.tsx';
import styles from './endpoint-form.module.css';

interface EndpointFormProps {
  readonly draft: EndpointDraft;
  readonly onChange: (draft: EndpointDraft) => void;
  /** What is wrong, by field of the contract; `signing.header` and the like for options. */
  readonly errors: Readonly<Record<string, string>>;
  readonly eventTypes: readonly string[];
  /** Null for a new endpoint. */
  readonly endpointId: string | null;
  /** Beside the signing fields: fingerprints and rotation. */
  readonly secretArea: ReactNode;
}

/** Fields of the contract that this form has. */
export const formFields: readonly string[] = [
  ...Object.keys(endpointInput.shape),
  ...[autoDisable, rateLimit, circuitBreaker].flatMap(({ shape }, index) =>
    Object.keys(shape).map((name) => `${['autoDisable', 'rateLimit', 'circuitBreaker'][index] ?? ''}.${name}`),
  ),
  ...Object.keys(metaHeaders.shape).map((name) => `metaHeaders.${name}`),
  ...[customOptions, paypalOptions, rfc9421Options].flatMap(({ shape }) => Object.keys(shape).map((name) => `signing.${name}`)),
];

/** The form of an endpoint in its sections. It changes the draft only; saving is done outside. */
export function EndpointForm(props: EndpointFormProps) {
  return (
    <>
      <DestinationSection {...props} />
      <EventsSection {...props} />
      <SigningSection {...props} />
      <HeadersSection {...props} />
      <BodySection {...props} />
      <RetrySection {...props} />
      <HealthSection {...props} />
    </>
  );
}

/** One section: a title, a sentence on what it decides, and its fields in two columns. */
export function FormSection({ title, note, children }: { readonly title: string; readonly note: string; readonly children: ReactNode }) {
  return (
    <section className={styles['section']} aria-label={title}>
      <header>
        <h3>{title}</h3>
        <p>{note}</p>
      </header>
      <div className={styles['fields']}>{children}</div>
    </section>
  );
}

const redirectChoices = [
  { value: 'refuse', label: 'Refuse' },
  ...Array.from({ length: 10 }, (_, index) => ({ value: String(index + 1), label: `Follow up to ${index + 1}` })),
];

function DestinationSection({ draft, onChange, errors, endpointId }: EndpointFormProps) {
  const isNew = endpointId === null;
  const set = (change: Partial<EndpointDraft>) => onChange({ ...draft, ...change });
  return (
    <FormSection title="Destination" note="Where requests go and how they are made.">
      <TextInput
        className={styles['wide'] ?? ''}
        label="Name"
        placeholder="Billing service"
        autoFocus={isNew}
        value={draft.name}
        error={errors['name']}
        onChange={(event) => set({ name: event.currentTarget.value })}
      />
      <TextInput
        className={styles['wide'] ?? ''}
        classNames={{ input: 'mono' }}
        label="URL"
        placeholder="http://127.0.0.1:3000/webhooks"
        spellCheck={false}
        value={draft.url}
        error={errors['url']}
        onChange={(event) => set({ url: event.currentTarget.value })}
      />
      <Select
        label="Method"
        data={[...methods]}
        value={draft.method}
        error={errors['method']}
        onChange={(text) => set({ method: methods.find((method) => method === text) ?? 'POST' })}
      />
      <TextInput
        label="Content type"
        classNames={{ input: 'mono' }}
        value={draft.contentType}
        error={errors['contentType']}
        onChange={(event) => set({ contentType: event.currentTarget.value })}
      />
      <Textarea
        className={styles['wide'] ?? ''}
        label="Description"
        autosize
        minRows={1}
        maxRows={5}
        placeholder="What receives these, and who looks after it"
        value={draft.description}
        error={errors['description']}
        onChange={(event) => set({ description: event.currentTarget.value })}
      />
      <Switch
        label="Check the TLS certificate"
        description={draft.verifyTls ? undefined : 'Unsafe: any certificate is accepted.'}
        checked={draft.verifyTls}
        onChange={(event) => set({ verifyTls: event.currentTarget.checked })}
      />
      <Switch
        label="HTTPS only"
        description="Refuses to send over plain HTTP."
        checked={draft.httpsOnly}
        error={errors['httpsOnly']}
        onChange={(event) => set({ httpsOnly: event.currentTarget.checked })}
      />
      <Select
        label="Redirects"
        description="Only redirects that keep method and body; what is signed or secret is followed within the same origin only."
        data={redirectChoices}
        value={draft.redirects === 'refuse' ? 'refuse' : String(draft.redirects.follow)}
        error={errors['redirects']}
        allowDeselect={false}
        onChange={(text) => set({ redirects: text === null || text === 'refuse' ? 'refuse' : { follow: Number(text) } })}
      />
    </FormSection>
  );
}

function EventsSection({ draft, onChange, errors, eventTypes }: EndpointFormProps) {
  const matching = eventTypes.filter((name) => matchesEvent(draft.events, name));
  const prefixes = [...new Set(eventTypes.filter((name) => name.includes('.')).map((name) => `${name.slice(0, name.indexOf('.'))}.*`))];
  return (
    <FormSection title="Events" note="Names, patterns such as invoice.*, or * for all.">
      <TagsInput
        className={styles['wide'] ?? ''}
        label="Listens to"
        placeholder={draft.events.length === 0 ? 'invoice.paid, invoice.*, *' : undefined}
        data={['*', ...prefixes, ...eventTypes]}
        value={[...draft.events]}
        error={errors['events']}
        splitChars={[',', ' ']}
        acceptValueOnBlur
        onChange={(events) => onChange({ ...draft, events })}
        description={
          draft.events.length === 0
            ? null
            : matching.length === 0
              ? 'No event type in the catalogue matches this yet.'
              : `${countText(matching.length, 'event type', 'event types')} in the catalogue: ${matching.slice(0, 6).join(', ')}${matching.length > 6 ? ' ...' : ''}`
        }
        inputWrapperOrder={['label', 'input', 'error', 'description']}
      />
    </FormSection>
  );
}

function SigningSection({ draft, onChange, errors, endpointId, secretArea }: EndpointFormProps) {
  const secretHint = useSchemes().find(({ id }) => id === draft.signing?.scheme)?.secretHint;
  const optionErrors = Object.fromEntries(
    Object.entries(errors).flatMap(([field, message]) => (field.startsWith('signing.') ? [[field.slice('signing.'.length), message]] : [])),
  );
  return (
    <FormSection title="Signing" note="How a receiver can tell that a request is yours.">
      <div className={styles['signing']}>
        <SigningFields
          label="Scheme"
          nullLabel="Not signed"
          value={draft.signing}
          errors={optionErrors}
          onChange={(signing) => onChange({ ...draft, signing })}
        />
      </div>
      {endpointId === null && draft.signing !== null && (
        <TextInput
          className={styles['wide'] ?? ''}
          label="Secret"
          description={`${secretHint === undefined ? '' : `${secretHint}. `}Leave it empty and Hookyard creates one, which is shown once after saving.`}
          classNames={{ input: 'mono' }}
          autoComplete="off"
          placeholder={draft.signing.scheme === 'standard-webhooks' ? 'whsec_...' : ''}
          value={draft.secret}
          error={errors['secret']}
          onChange={(event) => onChange({ ...draft, secret: event.currentTarget.value })}
        />
      )}
      {secretArea !== null && <div className={styles['wide']}>{secretArea}</div>}
    </FormSection>
  );
}

function HeadersSection({ draft, onChange, errors }: EndpointFormProps) {
  return (
    <FormSection title="Headers" note="Sent with each request. Values of secret headers are encrypted and never shown again.">
      <div className={styles['wide']}>
        <HeaderRows rows={draft.headers} error={errors['headers']} onChange={(headers) => onChange({ ...draft, headers })} />
      </div>
      <div className={styles['wide']}>
        <SecretHeaderRows
          rows={draft.secretHeaders}
          error={errors['secretHeaders']}
          onChange={(secretHeaders) => onChange({ ...draft, secretHeaders })}
        />
      </div>
      <MetaHeaderFields names={draft.metaHeaders} errors={errors} onChange={(names) => onChange({ ...draft, metaHeaders: names })} />
    </FormSection>
  );
}

/** The initial template: the default envelope written out. */
function BodySection({ draft, onChange, errors, endpointId }: EndpointFormProps) {
  const { router } = useSession();
  const { template } = draft;
  return (
    <FormSection title="Body" note="What is sent: the default envelope, or a Liquid template of your own.">
      {template === null ? (
        <div className={`${styles['wide']} ${styles['envelope']}`}>
          <code>{'{ "type": ..., "timestamp": ..., "data": ... }'}</code>
          <Button size="xs" variant="default" onClick={() => onChange({ ...draft, template: starterTemplate })}>
            Write a template
          </Button>
        </div>
      ) : (
        <div className={styles['wide']}>
          <div className={styles['template']} data-invalid={errors['template'] !== undefined || undefined}>
            <CodeEditor
              label="Template"
              path={`endpoint/${endpointId ?? 'new'}/template`}
              language={templateLanguage(draft.contentType)}
              value={template}
              onChange={(text) => onChange({ ...draft, template: text })}
              isWrapped
            />
          </div>
          {errors['template'] !== undefined && (
            <p className={styles['problem']} role="alert">
              {errors['template']}
            </p>
          )}
        </div>
      )}
      <div className={`${styles['wide']} ${styles['buttons']}`}>
        {endpointId !== null && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconCode size={14} />}
            onClick={() => router.go({ area: 'compose', query: { endpoint: endpointId } })}
          >
            Edit with preview in Compose
          </Button>
        )}
        {template !== null && (
          <Button size="xs" variant="default" onClick={() => onChange({ ...draft, template: null })}>
            Use the default envelope
          </Button>
        )}
      </div>
    </FormSection>
  );
}

function RetrySection({ draft, onChange, errors }: EndpointFormProps) {
  const set = (change: Partial<EndpointDraft>) => onChange({ ...draft, ...change });
  return (
    <FormSection title="Retries and success" note="What counts as delivered, how long an attempt may take, and when the next one comes.">
      <TextInput
        label="Success rule"
        description="2xx, 200, or 200-204,302"
        classNames={{ input: 'mono' }}
        value={draft.successRule}
        error={errors['successRule']}
        onChange={(event) => set({ successRule: event.currentTarget.value })}
      />
      <DurationInput
        label="Timeout"
        description="To the last byte of the answer; never scaled"
        value={draft.timeout}
        error={errors['timeoutMs']}
        onChange={(timeout) => set({ timeout })}
      />
      <RetryFields draft={draft.retry} error={errors['retryPolicy']} onChange={(retry) => onChange(withRetry(draft, retry))} />
    </FormSection>
  );
}

function HealthSection({ draft, onChange, errors }: EndpointFormProps) {
  return (
    <FormSection
      title="Health and limits"
      note="When this endpoint is disabled automatically, and how much it gets at once. Empty means never, or no limit."
    >
      <LimitsFields draft={draft.limits} errors={errors} onChange={(limits) => onChange({ ...draft, limits })} />
    </FormSection>
  );
}
