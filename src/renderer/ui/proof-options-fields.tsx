import { NumberInput, Select, TagsInput, TextInput } from '@mantine/core';
import { messageSignatureAlgorithms, type PaypalOptions, type Rfc9421Options } from '#shared/contract/proof-signing.ts';
import type { OptionErrors } from './option-errors.ts';
import styles from './signing-fields.module.css';

interface FieldsProps<Options> {
  readonly value: Options;
  readonly onChange: (options: Options) => void;
  readonly errors: OptionErrors;
}

/** What PayPal signs beside the request. */
export function PaypalFields({ value, onChange, errors }: FieldsProps<PaypalOptions>) {
  return (
    <div className={styles['grid']}>
      <TextInput
        label="Id of the webhook"
        description="PayPal signs it but does not send it; its dashboard shows it."
        classNames={{ input: 'mono' }}
        value={value.webhookId}
        error={errors['webhookId']}
        onChange={(event) => onChange({ ...value, webhookId: event.currentTarget.value.trim() })}
      />
      <TextInput
        label="Address of the certificate"
        description="Sent in PAYPAL-CERT-URL; it is never fetched."
        classNames={{ input: 'mono' }}
        value={value.certUrl}
        error={errors['certUrl']}
        onChange={(event) => onChange({ ...value, certUrl: event.currentTarget.value.trim() })}
      />
    </div>
  );
}

const statusRange = { min: 100, max: 599 } as const;

/** What HTTP Message Signatures made here cover, and what one must cover to be accepted. */
export function Rfc9421Fields({ value, onChange, errors }: FieldsProps<Rfc9421Options>) {
  const algorithm = (text: string | null) => messageSignatureAlgorithms.find((known) => known === text) ?? value.algorithm;
  return (
    <div className={styles['grid']}>
      <Select
        label="Algorithm to sign with"
        data={[...messageSignatureAlgorithms]}
        value={value.algorithm}
        allowDeselect={false}
        onChange={(text) => onChange({ ...value, algorithm: algorithm(text) })}
      />
      <TextInput
        label="Name of the key"
        placeholder="none"
        classNames={{ input: 'mono' }}
        value={value.keyId ?? ''}
        error={errors['keyId']}
        onChange={(event) => onChange({ ...value, keyId: event.currentTarget.value === '' ? null : event.currentTarget.value })}
      />
      <TagsInput
        className={styles['wide'] ?? ''}
        label="Components to sign"
        classNames={{ input: 'mono' }}
        value={[...value.components]}
        error={errors['components']}
        onChange={(components) => onChange({ ...value, components })}
      />
      <TagsInput
        className={styles['wide'] ?? ''}
        label="Components that must be signed"
        classNames={{ input: 'mono' }}
        value={[...value.requiredComponents]}
        error={errors['requiredComponents']}
        onChange={(requiredComponents) => onChange({ ...value, requiredComponents })}
      />
      <NumberInput
        label="Status, for a response"
        placeholder="a request"
        {...statusRange}
        allowDecimal={false}
        value={value.status ?? ''}
        error={errors['status']}
        onChange={(status) => onChange({ ...value, status: typeof status === 'number' ? status : null })}
      />
    </div>
  );
}
