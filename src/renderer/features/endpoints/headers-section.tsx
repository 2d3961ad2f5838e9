import { MarkedField } from '../../ui/field-marks.tsx';
import { HeaderRows, SecretHeaderRows } from './header-rows.tsx';
import { FormSection, type EndpointFormProps } from './form-section.tsx';
import { MetaHeaderFields } from './meta-header-fields.tsx';
import styles from './endpoint-form.module.css';

/** Headers that are sent with each request. */
export function HeadersSection({ draft, onChange, errors }: EndpointFormProps) {
  return (
    <FormSection
      title="Headers"
      note="Sent with each request, those of retries with retries only. Values of secret headers are encrypted and never shown again."
    >
      <MarkedField name="headers" className={styles['wide']}>
        <HeaderRows rows={draft.headers} error={errors['headers']} onChange={(headers) => onChange({ ...draft, headers })} />
      </MarkedField>
      <MarkedField name="retryHeaders" className={styles['wide']}>
        <HeaderRows
          noun="Retry header"
          title="With retries only"
          placeholder={['X-Retry-Number', '{{ retry }}']}
          rows={draft.retryHeaders}
          error={errors['retryHeaders']}
          onChange={(retryHeaders) => onChange({ ...draft, retryHeaders })}
        />
      </MarkedField>
      <MarkedField name="secretHeaders" className={styles['wide']}>
        <SecretHeaderRows
          rows={draft.secretHeaders}
          error={errors['secretHeaders']}
          onChange={(secretHeaders) => onChange({ ...draft, secretHeaders })}
        />
      </MarkedField>
      <MetaHeaderFields names={draft.metaHeaders} errors={errors} onChange={(names) => onChange({ ...draft, metaHeaders: names })} />
    </FormSection>
  );
}
