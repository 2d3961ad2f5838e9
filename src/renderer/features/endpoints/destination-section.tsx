import { Select, Switch, Textarea, TextInput } from '@mantine/core';
import { methods } from '#shared/contract/endpoints.ts';
import { useCatalogue } from '../../stores/session.tsx';
import { NamedValuesInput } from '../../ui/named-values-input.tsx';
import { useUrlNames } from '../../ui/value-names.ts';
import { MarkedField } from '../../ui/field-marks.tsx';
import type { EndpointDraft } from './endpoint-draft.ts';
import { redirectsText } from './endpoint-words.ts';
import { ProfileField } from './profile-field.tsx';
import { FormSection, type EndpointFormProps } from './form-section.tsx';
import styles from './endpoint-form.module.css';

const redirectChoices = [
  { value: 'refuse', label: redirectsText('refuse') },
  ...Array.from({ length: 10 }, (_, index) => ({ value: String(index + 1), label: redirectsText({ follow: index + 1 }) })),
];

/** Where requests go and how they are made. */
export function DestinationSection({ draft, onChange, errors, endpointId }: EndpointFormProps) {
  const isNew = endpointId === null;
  const { environments } = useCatalogue();
  const urlNames = useUrlNames();
  const set = (change: Partial<EndpointDraft>) => onChange({ ...draft, ...change });
  return (
    <FormSection title="Destination" note="Where requests go and how they are made.">
      {isNew && (
        <MarkedField name="profile" className={styles['wide']}>
          <ProfileField draft={draft} onChange={onChange} error={errors['profile']} />
        </MarkedField>
      )}
      <MarkedField name="name" className={styles['wide']}>
        <TextInput
          label="Name"
          placeholder="Billing service"
          autoFocus={isNew}
          value={draft.name}
          error={errors['name']}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
      </MarkedField>
      <MarkedField name="url" className={styles['wide']}>
        <NamedValuesInput
          classNames={{ input: 'mono' }}
          label="URL"
          placeholder="http://127.0.0.1:3000/webhooks"
          description={environments.length > 0 && 'It may name variables, such as {{ vars.baseUrl }}/webhooks.'}
          inputWrapperOrder={['label', 'input', 'error', 'description']}
          names={urlNames}
          value={draft.url}
          error={errors['url']}
          onChange={(url) => set({ url })}
        />
      </MarkedField>
      <MarkedField name="method">
        <Select
          label="Method"
          data={[...methods]}
          value={draft.method}
          error={errors['method']}
          onChange={(text) => set({ method: methods.find((method) => method === text) ?? 'POST' })}
        />
      </MarkedField>
      <MarkedField name="contentType">
        <TextInput
          label="Content type"
          classNames={{ input: 'mono' }}
          value={draft.contentType}
          error={errors['contentType']}
          onChange={(event) => set({ contentType: event.currentTarget.value })}
        />
      </MarkedField>
      <MarkedField name="description" className={styles['wide']}>
        <Textarea
          label="Description"
          autosize
          minRows={1}
          maxRows={5}
          placeholder="What receives these, and who looks after it"
          value={draft.description}
          error={errors['description']}
          onChange={(event) => set({ description: event.currentTarget.value })}
        />
      </MarkedField>
      <MarkedField name="verifyTls">
        <Switch
          label="Check the TLS certificate"
          description={draft.verifyTls ? undefined : 'Unsafe: any certificate is accepted.'}
          checked={draft.verifyTls}
          onChange={(event) => set({ verifyTls: event.currentTarget.checked })}
        />
      </MarkedField>
      <MarkedField name="httpsOnly">
        <Switch
          label="HTTPS only"
          description="Refuses to send over plain HTTP."
          checked={draft.httpsOnly}
          error={errors['httpsOnly']}
          onChange={(event) => set({ httpsOnly: event.currentTarget.checked })}
        />
      </MarkedField>
      <MarkedField name="redirects">
        <Select
          label="Redirects"
          description="One that changes the method or body is never followed; nor, with a signature or secrets, one to another origin."
          data={redirectChoices}
          value={draft.redirects === 'refuse' ? 'refuse' : String(draft.redirects.follow)}
          error={errors['redirects']}
          allowDeselect={false}
          onChange={(text) => set({ redirects: text === null || text === 'refuse' ? 'refuse' : { follow: Number(text) } })}
        />
      </MarkedField>
    </FormSection>
  );
}
