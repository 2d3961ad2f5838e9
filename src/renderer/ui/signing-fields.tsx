import { signing, type Signing } from '#shared/contract/signing.ts';
import { timedSchemeIds, type TimedSchemeId } from '#shared/contract/scheme-facts.ts';
import { formatDurationMs } from '#shared/duration-text.ts';
import { useSchemes } from '../stores/session.tsx';
import { CustomOptionsFields } from './custom-options-fields.tsx';
import type { OptionErrors } from './option-errors.ts';
import { SecondsInput } from './duration-input.tsx';
import { PaypalFields, Rfc9421Fields } from './proof-options-fields.tsx';
import { SchemeSelect } from './scheme-select.tsx';

interface SigningFieldsProps {
  readonly value: Signing | null;
  readonly onChange: (signing: Signing | null) => void;
  /** Label of the choice, such as `Signing` or `Verify with`. */
  readonly label: string;
  /** Label of null: `Not signed`; null where there has to be a scheme. */
  readonly nullLabel: string | null;
  readonly errors?: OptionErrors;
}

/** Chooses a scheme, or none, and shows its options. */
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
