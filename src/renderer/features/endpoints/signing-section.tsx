import { TextInput } from '@mantine/core';
import { useSchemes } from '../../stores/session.tsx';
import { MarkedField } from '../../ui/field-marks.tsx';
import { SigningFields } from '../../ui/signing-fields.tsx';
import { useAuthOf } from './auth-section.tsx';
import { FormSection, type EndpointFormProps } from './form-section.tsx';
import styles from './endpoint-form.module.css';

/** The scheme with its options, and the secret. */
export function SigningSection({ draft, onChange, errors, endpointId, secretArea }: EndpointFormProps) {
  const secretHint = useSchemes().find(({ id }) => id === draft.signing?.scheme)?.secretHint;
  const optionErrors = Object.fromEntries(
    Object.entries(errors).flatMap(([field, message]) => (field.startsWith('signing.') ? [[field.slice('signing.'.length), message]] : [])),
  );
  const auth = useAuthOf(draft.authId);
  const isSignedByAuth = auth?.signing != null;
  return (
    <FormSection
      title="Signing"
      note="How a receiver can tell that a request is yours: this endpoint's own scheme and secret, unless its authentication signs."
    >
      {isSignedByAuth && (
        <p className={`${styles['note']} ${styles['wide']}`}>
          {auth.name} signs the requests of this endpoint.
          {draft.signing !== null && ' The scheme and secret below are kept but not used.'}
        </p>
      )}
      <MarkedField name="signing" className={styles['wide']}>
        <div className={styles['signing']}>
          <SigningFields
            label="Scheme"
            nullLabel={isSignedByAuth ? 'None of its own' : 'Not signed'}
            value={draft.signing}
            errors={optionErrors}
            onChange={(signing) => onChange({ ...draft, signing })}
          />
        </div>
      </MarkedField>
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
