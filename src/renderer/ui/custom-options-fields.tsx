import { SegmentedControl, Select, Textarea, TextInput } from '@mantine/core';
import { claimPlaceholders, signedPlaceholders } from '#shared/contract/custom-placeholders.ts';
import { entrySeparators, type CustomOptions } from '#shared/contract/signing.ts';
import { CustomFieldRows } from './custom-field-rows.tsx';
import { withFields, withHeaders } from './custom-options.ts';
import { SecondsInput } from './duration-input.tsx';
import type { OptionErrors } from './option-errors.ts';
import styles from './signing-fields.module.css';

interface CustomOptionsFieldsProps {
  readonly value: CustomOptions;
  readonly onChange: (options: CustomOptions) => void;
  readonly errors?: OptionErrors;
}

interface PartProps extends Required<Omit<CustomOptionsFieldsProps, 'onChange'>> {
  readonly set: (change: Partial<CustomOptions>) => void;
}

const dayS = 86_400;
const hashes = ['sha1', 'sha256', 'sha384', 'sha512'] as const;
const tokenAlgorithms = [
  { value: 'sha256', label: 'HS256' },
  { value: 'sha384', label: 'HS384' },
  { value: 'sha512', label: 'HS512' },
  { value: 'es256', label: 'ES256 (private key)' },
  { value: 'rs256', label: 'RS256 (private key)' },
] as const;
const encodings = ['hex', 'base64', 'base64url', 'jwt'] as const;
const separatorNames: Readonly<Record<(typeof entrySeparators)[number], string>> = {
  ',': 'separated by ,',
  ', ': 'separated by , and a space',
  ';': 'separated by ;',
  ' ': 'separated by a space',
  '.': 'separated by .',
};
const secretEncodings = ['utf8', 'base64', 'hex'] as const;

/** A list of placeholders as a field's description names them. */
const braced = (names: readonly string[]) => names.map((name) => `{${name}}`).join(', ');
const signedNames = signedPlaceholders.filter((name) => name !== 'bodySha256');

function pick<Choice extends string>(choices: readonly Choice[], text: string | null, fallback: Choice): Choice {
  return choices.find((choice) => choice === text) ?? fallback;
}

/** The options of a scheme described by its parts. An empty header name means that there is no such header. */
export function CustomOptionsFields({ value, onChange, errors = {} }: CustomOptionsFieldsProps) {
  const set = (change: Partial<CustomOptions>) => onChange({ ...value, ...change });
  const isByFields = value.fields.length > 0;
  return (
    <div className={styles['grid']}>
      <SegmentedControl
        className={styles['choice'] ?? ''}
        aria-label="How the request carries the signature"
        data={[
          { value: 'headers', label: 'One header for each part' },
          { value: 'fields', label: 'Text with placeholders' },
        ]}
        value={isByFields ? 'fields' : 'headers'}
        onChange={(way) => onChange(way === 'fields' ? withFields(value) : withHeaders(value))}
      />
      {isByFields ? (
        <CustomFieldRows fields={value.fields} error={errors['fields']} onChange={(fields) => set({ fields: [...fields] })} />
      ) : (
        <HeaderFields value={value} errors={errors} set={set} />
      )}
      <AlgorithmFields value={value} errors={errors} set={set} />
      {value.encoding === 'jwt' ? (
        <TokenFields value={value} errors={errors} set={set} />
      ) : (
        <SignedContentField value={value} errors={errors} set={set} />
      )}
      {!isByFields && <TimestampFields value={value} errors={errors} set={set} />}
      <SharedFields value={value} errors={errors} set={set} />
    </div>
  );
}

function HeaderFields({ value, errors, set }: PartProps) {
  return (
    <>
      <TextInput
        label="Signature header"
        value={value.header}
        error={errors['header']}
        onChange={(event) => set({ header: event.currentTarget.value.trim() })}
      />
      <TextInput
        label="Prefix of the value"
        placeholder="sha256="
        value={value.prefix}
        error={errors['prefix']}
        onChange={(event) => set({ prefix: event.currentTarget.value })}
      />
    </>
  );
}

function AlgorithmFields({ value, errors, set }: PartProps) {
  const isToken = value.encoding === 'jwt';
  return (
    <>
      <Select
        label={isToken ? 'Algorithm' : 'Hash'}
        data={isToken ? [...tokenAlgorithms] : [...hashes]}
        allowDeselect={false}
        value={value.algorithm}
        error={errors['algorithm']}
        onChange={(text) => set({ algorithm: pick([...hashes, 'es256', 'rs256'], text, 'sha256') })}
      />
      <Select
        label="Written as"
        data={[...encodings]}
        allowDeselect={false}
        value={value.encoding}
        onChange={(text) => {
          const encoding = pick(encodings, text, 'hex');
          // Only a token has claims, is signed with a private key, and says with which one.
          const algorithm = pick(encoding === 'jwt' ? tokenAlgorithms.map((one) => one.value) : hashes, value.algorithm, 'sha256');
          set({ encoding, algorithm, ...(encoding === 'jwt' ? {} : { digestClaim: null, claims: null }) });
        }}
      />
    </>
  );
}

function TokenFields({ value, errors, set }: PartProps) {
  return (
    <>
      <TextInput
        label="Claim with the SHA-256 of the body"
        placeholder="none"
        value={value.digestClaim ?? ''}
        disabled={value.claims !== null}
        error={errors['digestClaim']}
        onChange={(event) => set({ digestClaim: event.currentTarget.value.trim() || null })}
      />
      <Textarea
        className={styles['wide'] ?? ''}
        classNames={{ input: 'mono' }}
        label="Claims"
        description={`JSON; empty for iat and the claim above. ${braced(claimPlaceholders)} stand for parts of the request.`}
        placeholder={'{"iss": "acme", "iat": {timestamp}, "hash": "{body_sha256}"}'}
        autosize
        minRows={2}
        maxRows={10}
        spellCheck={false}
        value={value.claims ?? ''}
        error={errors['claims']}
        onChange={(event) => {
          const claims = event.currentTarget.value === '' ? null : event.currentTarget.value;
          set({ claims, ...(claims === null ? {} : { digestClaim: null }) });
        }}
      />
    </>
  );
}

function SignedContentField({ value, errors, set }: PartProps) {
  return (
    <TextInput
      className={styles['wide'] ?? ''}
      classNames={{ input: 'mono' }}
      label="Signed content"
      description={`${braced(signedNames)} stand for parts of the request.`}
      value={value.signedContent}
      error={errors['signedContent']}
      onChange={(event) => set({ signedContent: event.currentTarget.value })}
    />
  );
}

/** The headers beside that of the signature. */
function TimestampFields({ value, errors, set }: PartProps) {
  return (
    <>
      <TextInput
        label="Timestamp header"
        placeholder="none"
        value={value.timestampHeader ?? ''}
        error={errors['timestampHeader']}
        onChange={(event) => set({ timestampHeader: event.currentTarget.value.trim() || null })}
      />
      <TextInput
        label="Before the timestamp"
        placeholder="t="
        value={value.timestampPrefix}
        disabled={value.timestampHeader === null}
        error={errors['timestampPrefix']}
        onChange={(event) => set({ timestampPrefix: event.currentTarget.value })}
      />
      <Select
        label="Entries of the header"
        data={[
          { value: 'one', label: 'one signature' },
          ...entrySeparators.map((separator) => ({ value: separator, label: separatorNames[separator] })),
        ]}
        value={value.separator ?? 'one'}
        onChange={(text) => set({ separator: entrySeparators.find((separator) => separator === text) ?? null })}
      />
      <TextInput
        label="Id header"
        placeholder="none"
        value={value.idHeader ?? ''}
        error={errors['idHeader']}
        onChange={(event) => set({ idHeader: event.currentTarget.value.trim() || null })}
      />
    </>
  );
}

function SharedFields({ value, errors, set }: PartProps) {
  const hasTimestamp = value.fields.length > 0 || value.timestampHeader !== null || value.encoding === 'jwt';
  return (
    <>
      {(value.fields.length > 0 || value.encoding === 'jwt') && (
        <TextInput
          label="Id of the key"
          placeholder="none"
          classNames={{ input: 'mono' }}
          value={value.keyId ?? ''}
          error={errors['keyId']}
          onChange={(event) => set({ keyId: event.currentTarget.value.trim() || null })}
        />
      )}
      <Select
        label="Timestamp in"
        data={[
          { value: 's', label: 'seconds' },
          { value: 'ms', label: 'milliseconds' },
          { value: 'rfc3339', label: 'date and time (RFC 3339)' },
        ]}
        value={value.timestampUnit}
        disabled={!hasTimestamp}
        onChange={(text) => set({ timestampUnit: pick(['s', 'ms', 'rfc3339'], text, 's') })}
      />
      <Select
        label="Secret is"
        data={[...secretEncodings]}
        value={value.secretEncoding}
        disabled={value.algorithm === 'es256' || value.algorithm === 'rs256'}
        onChange={(text) => set({ secretEncoding: pick(secretEncodings, text, 'utf8') })}
      />
      <SecondsInput
        label="Tolerance"
        max={dayS}
        disabled={!hasTimestamp}
        value={value.toleranceSeconds}
        error={errors['toleranceSeconds']}
        onChange={(seconds) => set({ toleranceSeconds: seconds ?? Number.NaN })}
      />
    </>
  );
}
