import { PasswordInput, Select, TextInput } from '@mantine/core';
import { useSchemes } from '../../stores/session.tsx';
import { SigningFields } from '../../ui/signing-fields.tsx';
import { AuthorityFields, ClientCertificateFields } from './certificate-fields.tsx';
import type { PartFieldsProps } from './part-field-props.ts';
import styles from './auths.module.css';

/** The fields of one part, by its kind. */
export function PartFields(props: PartFieldsProps) {
  const { part, errors, onChange } = props;
  switch (part.kind) {
    case 'signature':
      return <SignatureFields {...props} />;
    case 'basic':
      return (
        <>
          <TextInput
            label="User name"
            autoComplete="off"
            value={part.username}
            error={errors['username']}
            onChange={(event) => onChange({ username: event.currentTarget.value })}
          />
          <SecretInput {...props} label="Password" field="password" />
        </>
      );
    case 'bearer':
      return <SecretInput {...props} label="Token" field="token" isWide />;
    case 'header':
      return (
        <>
          <NameInput {...props} label="Header" placeholder="X-Api-Key" />
          <SecretInput {...props} label="Value" field="value" />
        </>
      );
    case 'query':
      return (
        <>
          <NameInput {...props} label="Parameter" placeholder="api_key" />
          <SecretInput {...props} label="Value" field="value" />
        </>
      );
    case 'oauth2':
      return <OAuthFields {...props} />;
    case 'mutual-tls':
      return <ClientCertificateFields {...props} />;
    case 'ca':
      return <AuthorityFields {...props} />;
  }
}

function SignatureFields(props: PartFieldsProps) {
  const { part, errors, onChange } = props;
  const hint = useSchemes().find(({ id }) => id === part.signing.scheme)?.secretHint;
  const optionErrors = Object.fromEntries(
    Object.entries(errors).flatMap(([field, message]) => (field.startsWith('signing.') ? [[field.slice('signing.'.length), message]] : [])),
  );
  return (
    <>
      <div className={`${styles['wide']} ${styles['signing']}`}>
        <SigningFields
          label="Scheme"
          nullLabel={null}
          value={part.signing}
          errors={optionErrors}
          onChange={(signing) => signing !== null && onChange({ signing })}
        />
      </div>
      <SecretInput
        {...props}
        label="Secret"
        field="secret"
        isWide
        hint={
          part.isStored
            ? 'Rotate it to change it without a gap; a secret typed here replaces the current one at once.'
            : `${hint === undefined ? '' : `${hint}. `}Leave it empty and Hookyard creates one, which is shown once after saving.`
        }
      />
    </>
  );
}

function OAuthFields(props: PartFieldsProps) {
  const { part, errors, onChange } = props;
  return (
    <>
      <TextInput
        className={styles['wide'] ?? ''}
        classNames={{ input: 'mono' }}
        label="Token URL"
        placeholder="https://login.example.com/oauth2/token"
        spellCheck={false}
        value={part.tokenUrl}
        error={errors['tokenUrl']}
        onChange={(event) => onChange({ tokenUrl: event.currentTarget.value })}
      />
      <TextInput
        label="Client id"
        autoComplete="off"
        value={part.clientId}
        error={errors['clientId']}
        onChange={(event) => onChange({ clientId: event.currentTarget.value })}
      />
      <SecretInput {...props} label="Client secret" field="clientSecret" />
      <Select
        label="Client id and secret are sent"
        allowDeselect={false}
        data={[
          { value: 'header', label: 'in the Authorization header' },
          { value: 'body', label: 'in the body' },
        ]}
        value={part.sendAs}
        onChange={(sendAs) => onChange({ sendAs: sendAs === 'body' ? 'body' : 'header' })}
      />
      <TextInput
        label="Scope"
        placeholder="none"
        value={part.scope}
        error={errors['scope']}
        onChange={(event) => onChange({ scope: event.currentTarget.value })}
      />
      <TextInput
        className={styles['wide'] ?? ''}
        label="Audience"
        placeholder="none"
        value={part.audience}
        error={errors['audience']}
        onChange={(event) => onChange({ audience: event.currentTarget.value })}
      />
    </>
  );
}

interface SecretInputProps extends PartFieldsProps {
  readonly label: string;
  /** What the contract calls it. */
  readonly field: string;
  readonly isWide?: boolean;
  readonly hint?: string;
}

function SecretInput({ label, field, isWide = false, hint, part, secret, errors, onSecret }: SecretInputProps) {
  return (
    <PasswordInput
      className={(isWide ? styles['wide'] : undefined) ?? ''}
      classNames={{ innerInput: 'mono' }}
      label={label}
      description={hint}
      placeholder={part.isStored ? 'encrypted; type to replace' : ''}
      visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the secret' }}
      autoComplete="off"
      value={secret.value ?? ''}
      error={errors[field]}
      onChange={(event) => onSecret({ value: event.currentTarget.value })}
    />
  );
}

function NameInput({
  label,
  placeholder,
  part,
  errors,
  onChange,
}: PartFieldsProps & { readonly label: string; readonly placeholder: string }) {
  return (
    <TextInput
      label={label}
      classNames={{ input: 'mono' }}
      placeholder={placeholder}
      spellCheck={false}
      value={part.name}
      error={errors['name']}
      onChange={(event) => onChange({ name: event.currentTarget.value })}
    />
  );
}
