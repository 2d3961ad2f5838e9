import { Button, FileButton, PasswordInput, SegmentedControl, Textarea } from '@mantine/core';
import { useState } from 'react';
import { base64Text } from '#shared/text/declared-body.ts';
import styles from './auths.module.css';
import { CertificateFacts } from './certificate-facts.tsx';
import type { PartFieldsProps } from './part-field-props.ts';

/** A client certificate with its key, in PEM or as a PKCS#12 file. */
export function ClientCertificateFields(props: PartFieldsProps) {
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

export function AuthorityFields({ part, saved, errors, onChange }: PartFieldsProps) {
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
