import { Button, FileButton, PasswordInput, SegmentedControl, Select, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { AuthPart } from '#shared/contract/auths.ts';
import { base64Text } from '#shared/text/declared-body.ts';
import { useSchemes } from '../../stores/session.tsx';
import { SigningFields } from '../../ui/signing-fields.tsx';
import { CertificateFacts } from './certificate-facts.tsx';
import type { PartDraft, SecretDraft } from './auth-draft.ts';
import styles from './auths.module.css';

export interface PartFieldsProps {
  readonly part: PartDraft;
  /** As it is saved; null for a new one. */
  readonly saved: AuthPart | null;
  readonly secret: SecretDraft;
  /** What is wrong, by the field of the part. */
  readonly errors: Readonly<Record<string, string>>;
  readonly onChange: (change: Partial<PartDraft>) => void;
  readonly onSecret: (change: SecretDraft) => void;
}

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

function ClientCertificateFields(props: PartFieldsProps) {
  const { part, saved, secret, errors, onChange, onSecret } = props;
  const isKept = part.isStored && secret.certificate === undefined && secret.privateKey === undefined && secret.pkcs12Base64 === undefined;
  return (
    <>
      {saved?.kind === 'mutual-tls' && (
        <div className={styles['wide']}>
          <CertificateFacts certificates={[saved.certificate]} />
          {isKept && <p className={styles['note']}>It stays until you give another certificate with its key.</p>}
        </div>
      )}
      <SegmentedControl
        className={styles['wide'] ?? ''}
        size="xs"
        aria-label="Form of the certificate"
        data={[
          { value: 'pem', label: 'PEM' },
          { value: 'pkcs12', label: 'PKCS#12 file' },
        ]}
        value={part.form}
        onChange={(form) => onChange({ form: form === 'pkcs12' ? 'pkcs12' : 'pem' })}
      />
      {part.form === 'pem' ? (
        <>
          <PemInput
            label="Certificate"
            value={secret.certificate ?? ''}
            error={errors['certificate']}
            onChange={(certificate) => onSecret({ certificate })}
          />
          <PemInput
            label="Private key"
            value={secret.privateKey ?? ''}
            error={errors['privateKey']}
            onChange={(privateKey) => onSecret({ privateKey })}
          />
        </>
      ) : (
        <Pkcs12Input
          isChosen={secret.pkcs12Base64 !== undefined}
          error={errors['pkcs12Base64'] ?? errors['certificate']}
          onChange={(pkcs12Base64) => onSecret({ pkcs12Base64 })}
        />
      )}
      <PasswordInput
        className={styles['wide'] ?? ''}
        label="Passphrase"
        description={part.form === 'pem' ? 'Of the private key, where it is encrypted.' : 'Of the file.'}
        visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the passphrase' }}
        autoComplete="off"
        value={secret.passphrase ?? ''}
        error={errors['passphrase']}
        onChange={(event) => onSecret({ passphrase: event.currentTarget.value })}
      />
    </>
  );
}

function AuthorityFields({ part, saved, errors, onChange }: PartFieldsProps) {
  return (
    <>
      {saved?.kind === 'ca' && saved.certificates === part.certificates && (
        <div className={styles['wide']}>
          <CertificateFacts certificates={saved.authorities} />
        </div>
      )}
      <PemInput
        label="Certificates of the authorities"
        description="Trusted beside those of this machine, for endpoints with this authentication."
        value={part.certificates}
        error={errors['certificates']}
        onChange={(certificates) => onChange({ certificates })}
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

interface PemInputProps {
  readonly label: string;
  readonly description?: string;
  readonly value: string;
  readonly error: string | undefined;
  readonly onChange: (text: string) => void;
}

function PemInput({ label, description, value, error, onChange }: PemInputProps) {
  return (
    <Textarea
      className={styles['wide'] ?? ''}
      classNames={{ input: 'mono' }}
      label={label}
      description={description}
      placeholder="-----BEGIN ..."
      autosize
      minRows={3}
      maxRows={8}
      spellCheck={false}
      value={value}
      error={error}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

interface Pkcs12InputProps {
  readonly isChosen: boolean;
  readonly error: string | undefined;
  readonly onChange: (base64: string) => void;
}

function Pkcs12Input({ isChosen, error, onChange }: Pkcs12InputProps) {
  const [name, setName] = useState<string | null>(null);
  const take = async (file: File | null) => {
    if (file === null) return;
    setName(file.name);
    onChange(base64Text(new Uint8Array(await file.arrayBuffer())));
  };
  return (
    <div className={styles['wide']} {...(error === undefined ? {} : { 'data-field-error': '' })}>
      <FileButton accept=".p12,.pfx,application/x-pkcs12" onChange={(file) => void take(file)}>
        {(props) => (
          <Button {...props} size="xs" variant="default">
            Choose a .p12 or .pfx file
          </Button>
        )}
      </FileButton>
      {isChosen && name !== null && <p className={styles['note']}>{name}</p>}
      {error !== undefined && (
        <p className={styles['problem']} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}
