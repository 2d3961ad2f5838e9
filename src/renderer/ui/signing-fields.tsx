import { Select, TextInput } from '@mantine/core';
import { entrySeparators, signing, type CustomOptions, type Signing } from '#shared/contract/signing.ts';
import { timedSchemeIds, type TimedSchemeId } from '#shared/contract/scheme-facts.ts';
import { formatDurationMs } from '#shared/duration-text.ts';
import { useSchemes } from '../stores/session.tsx';
import type { OptionErrors } from './option-errors.ts';
import { SecondsInput } from './duration-input.tsx';
import { PaypalFields, Rfc9421Fields } from './proof-options-fields.tsx';
import { SchemeSelect } from './scheme-select.tsx';
import styles from './signing-fields.module.css';

interface SigningFieldsProps {
  readonly value: Signing | null;
  readonly onChange: (signing: Signing | null) => void;
  /** Label of the choice, such as `Signing` or `Verify with`. */
  readonly label: string;
  /** Label of null: `Not signed`; null where there has to be a scheme. */
  readonly nullLabel: string | null;
  readonly errors?: OptionErrors;
}

/** Chooses a scheme, or none, and shows the options of `custom`. */
export function SigningFields({ value, onChange, label, nullLabel, errors = {} }: SigningFieldsProps) {
  const schemes = useSchemes();
  const choose = (scheme: string) => {
    const parsed = signing.safeParse({ scheme });
    onChange(parsed.success ? parsed.data : null);
  };
  return (
    <>
      <SchemeSelect
        label={label}
        schemes={schemes}
        first={nullLabel === null ? null : { value: 'none', label: nullLabel }}
        value={value?.scheme ?? 'none'}
        error={errors['scheme']}
        onChange={choose}
      />
      {value !== null && <SchemeOptionsFields value={value} onChange={onChange} errors={errors} />}
    </>
  );
}

interface SchemeOptionsFieldsProps {
  readonly value: Signing;
  readonly onChange: (signing: Signing) => void;
  readonly errors: OptionErrors;
}

/** The options of a scheme beside its id; nothing where it has none. */
export function SchemeOptionsFields({ value, onChange, errors }: SchemeOptionsFieldsProps) {
  const schemes = useSchemes();
  switch (value.scheme) {
    case 'custom':
      return <CustomOptionsFields value={value} onChange={onChange} errors={errors} />;
    case 'paypal':
      return <PaypalFields value={value} onChange={onChange} errors={errors} />;
    case 'rfc9421':
      return <Rfc9421Fields value={value} onChange={onChange} errors={errors} />;
    default:
      return isTimed(value) ? (
        <ToleranceField
          value={value}
          ownSeconds={schemes.find(({ id }) => id === value.scheme)?.toleranceSeconds ?? null}
          error={errors['toleranceSeconds']}
          onChange={onChange}
        />
      ) : null;
  }
}

type TimedSigning = Extract<Signing, { scheme: TimedSchemeId }>;

function isTimed(value: Signing): value is TimedSigning {
  return timedSchemeIds.some((id) => id === value.scheme);
}

const dayS = 86_400;

interface ToleranceFieldProps {
  readonly value: TimedSigning;
  /** What the provider allows, or null where it sets no limit. */
  readonly ownSeconds: number | null;
  readonly error: string | undefined;
  readonly onChange: (signing: Signing) => void;
}

/** How far a timestamp may lie from the clock; empty means as far as the provider allows. */
function ToleranceField({ value, ownSeconds, error, onChange }: ToleranceFieldProps) {
  return (
    <SecondsInput
      label="Tolerance"
      placeholder={ownSeconds === null ? 'no limit' : formatDurationMs(ownSeconds * 1000)}
      max={dayS}
      value={value.toleranceSeconds ?? null}
      error={error}
      onChange={(seconds) => onChange({ scheme: value.scheme, ...(seconds === null ? {} : { toleranceSeconds: seconds }) })}
    />
  );
}

interface CustomOptionsFieldsProps {
  readonly value: CustomOptions;
  readonly onChange: (options: CustomOptions) => void;
  readonly errors?: OptionErrors;
}

const algorithms = ['sha1', 'sha256', 'sha384', 'sha512'] as const;
const encodings = ['hex', 'base64', 'base64url', 'jwt'] as const;
const separatorNames: Readonly<Record<(typeof entrySeparators)[number], string>> = {
  ',': 'separated by ,',
  ', ': 'separated by , and a space',
  ';': 'separated by ;',
  ' ': 'separated by a space',
  '.': 'separated by .',
};
const secretEncodings = ['utf8', 'base64', 'hex'] as const;

/** The options of an HMAC scheme described by its parts. An empty header name means that there is no such header. */
export function CustomOptionsFields({ value, onChange, errors = {} }: CustomOptionsFieldsProps) {
  const set = (change: Partial<CustomOptions>) => onChange({ ...value, ...change });
  const pick = <Choice extends string>(choices: readonly Choice[], text: string | null, fallback: Choice) =>
    choices.find((choice) => choice === text) ?? fallback;
  return (
    <div className={styles['grid']}>
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
      <Select
        label="Hash"
        data={[...algorithms]}
        value={value.algorithm}
        onChange={(text) => set({ algorithm: pick(algorithms, text, 'sha256') })}
      />
      <Select
        label="Written as"
        data={[...encodings]}
        value={value.encoding}
        onChange={(text) => {
          const encoding = pick(encodings, text, 'hex');
          // Only a token has claims.
          set({ encoding, ...(encoding === 'jwt' ? {} : { digestClaim: null }) });
        }}
      />
      {value.encoding === 'jwt' && (
        <TextInput
          className={styles['wide'] ?? ''}
          label="Claim with the SHA-256 of the body"
          placeholder="none"
          value={value.digestClaim ?? ''}
          error={errors['digestClaim']}
          onChange={(event) => set({ digestClaim: event.currentTarget.value.trim() || null })}
        />
      )}
      <TextInput
        className={styles['wide'] ?? ''}
        classNames={{ input: 'mono' }}
        label="Signed content"
        description="{body}, {bodySha256}, {timestamp}, {id}, {method} and {url} stand for parts of the request."
        value={value.signedContent}
        disabled={value.encoding === 'jwt'}
        error={errors['signedContent']}
        onChange={(event) => set({ signedContent: event.currentTarget.value })}
      />
      <TextInput
        label="Timestamp header"
        placeholder="none"
        value={value.timestampHeader ?? ''}
        error={errors['timestampHeader']}
        onChange={(event) => set({ timestampHeader: event.currentTarget.value.trim() || null })}
      />
      <Select
        label="Timestamp in"
        data={[
          { value: 's', label: 'seconds' },
          { value: 'ms', label: 'milliseconds' },
          { value: 'rfc3339', label: 'date and time (RFC 3339)' },
        ]}
        value={value.timestampUnit}
        disabled={value.timestampHeader === null}
        onChange={(text) => set({ timestampUnit: pick(['s', 'ms', 'rfc3339'], text, 's') })}
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
      <Select
        label="Secret is"
        data={[...secretEncodings]}
        value={value.secretEncoding}
        onChange={(text) => set({ secretEncoding: pick(secretEncodings, text, 'utf8') })}
      />
      <SecondsInput
        label="Tolerance"
        max={dayS}
        disabled={value.timestampHeader === null}
        value={value.toleranceSeconds}
        error={errors['toleranceSeconds']}
        onChange={(seconds) => set({ toleranceSeconds: seconds ?? Number.NaN })}
      />
    </div>
  );
}
