import { ActionIcon, Button, PasswordInput, Select, Textarea } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import type { VerifyState, VerifyStore } from './verify-state.ts';
import styles from './verify.module.css';

interface SecretFieldsProps {
  readonly store: VerifyStore;
  readonly state: VerifyState;
  /** The scheme that was chosen or recognised; null for neither. */
  readonly scheme: string | null;
}

/** The secrets to try: typed ones, and those of an endpoint or bin without seeing them. */
export function SecretFields({ store, state, scheme }: SecretFieldsProps) {
  const { input, owners, schemes, problem, verification } = state;
  const info = schemes.find(({ id }) => id === scheme);
  const hint = info?.secretHint;
  const errorAt = (index: number) => problem?.issues.find((issue) => issue.path === `secrets.${index}`)?.message;
  const replace = (index: number, secret: string) =>
    store.change({ secrets: input.secrets.map((old, at) => (at === index ? secret : old)) });
  const matched = verification?.matchedSecret ?? null;
  const typed = input.secrets.filter((secret) => secret !== '');
  return (
    <div className={styles['secrets']}>
      <div className={styles['labelRow']}>
        <span className={styles['label']}>{input.secrets.length === 1 ? 'Secret' : 'Secrets'}</span>
        <span className={styles['spacer']} />
        <Button
          size="compact-xs"
          variant="subtle"
          leftSection={<IconPlus size={13} />}
          onClick={() => store.change({ secrets: [...input.secrets, ''] })}
        >
          Another
        </Button>
      </div>
      {input.secrets.map((secret, index) => (
        <div key={index} className={styles['secret']}>
          <SecretField
            label={input.secrets.length === 1 ? 'Secret' : `Secret ${index + 1}`}
            placeholder={hint ?? 'The secret that the sender signs with'}
            isPublic={info?.keyKind === 'pair'}
            value={secret}
            error={errorAt(index)}
            onChange={(text) => replace(index, text)}
          />
          {matched !== null && secret !== '' && typed.indexOf(secret) === matched && <span className={styles['matched']}>matches</span>}
          {input.secrets.length > 1 && (
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Remove secret ${index + 1}`}
              onClick={() => store.change({ secrets: input.secrets.filter((_, at) => at !== index) })}
            >
              <IconX size={15} />
            </ActionIcon>
          )}
        </div>
      ))}
      {owners.length > 0 && (
        <Select
          aria-label="Also try the secrets of"
          placeholder="Also try the secrets of an endpoint or bin"
          clearable
          searchable
          data={owners.map((owner) => ({ value: owner.id, label: owner.label }))}
          value={input.secretsOf}
          onChange={(secretsOf) => store.change({ secretsOf })}
        />
      )}
    </div>
  );
}

interface SecretFieldProps {
  readonly label: string;
  readonly placeholder: string;
  /** Whether it takes a public key or certificate, which may have many lines and is no secret. */
  readonly isPublic: boolean;
  readonly value: string;
  readonly error: string | undefined;
  readonly onChange: (text: string) => void;
}

function SecretField({ label, isPublic, value, onChange, ...rest }: SecretFieldProps) {
  if (isPublic && !value.includes('PRIVATE KEY'))
    return (
      <Textarea
        {...rest}
        aria-label={label}
        classNames={{ input: 'mono' }}
        autosize
        minRows={1}
        maxRows={6}
        spellCheck={false}
        autoComplete="off"
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    );
  return (
    <PasswordInput
      {...rest}
      aria-label={label}
      classNames={{ innerInput: 'mono' }}
      autoComplete="off"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value.trim())}
    />
  );
}
