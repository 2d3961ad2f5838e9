import { Checkbox, MultiSelect, PasswordInput, SegmentedControl } from '@mantine/core';
import type { Bin } from '#shared/contract/bins.ts';
import { handshakeAnswers, handshakesOfScheme } from '#shared/handshakes/answers.ts';
import { MarkedField } from '../../ui/field-marks.tsx';
import type { AnswersDraft } from './answers-draft.ts';
import styles from './answers.module.css';

interface ReceiverFieldsProps {
  readonly draft: Pick<AnswersDraft, 'refuse' | 'handshakes' | 'verifyToken'>;
  /** The scheme that is chosen in the form, or null. */
  readonly scheme: string | null;
  /** Null for a new bin. */
  readonly bin: Bin | null;
  readonly errors: Readonly<Record<string, string>>;
  readonly onChange: (change: Partial<Pick<AnswersDraft, 'refuse' | 'handshakes' | 'verifyToken'>>) => void;
}

type Mode = 'none' | 'scheme' | 'chosen';

/** What a bin does before its rules: handshakes that it answers, and requests that it refuses. */
export function ReceiverFields({ draft, scheme, bin, errors, onChange }: ReceiverFieldsProps) {
  const { refuse, handshakes } = draft;
  const mode: Mode = typeof handshakes === 'string' ? handshakes : 'chosen';
  const answered =
    mode === 'scheme' ? handshakesOfScheme(scheme) : handshakeAnswers.filter(({ id }) => handshakes !== 'none' && handshakes.includes(id));
  return (
    <>
      <MarkedField name="handshakes" className={styles['stack']}>
        <div className={styles['labelled']}>
          <span id="handshakes-label">Answer handshakes</span>
          <SegmentedControl<Mode>
            size="xs"
            aria-labelledby="handshakes-label"
            data={[
              { value: 'none', label: 'None' },
              { value: 'scheme', label: 'Those of the scheme' },
              { value: 'chosen', label: 'Chosen ones' },
            ]}
            value={mode}
            onChange={(next) => onChange({ handshakes: next === 'chosen' ? answered.map(({ id }) => id) : next })}
          />
        </div>
        {mode === 'chosen' && (
          <MultiSelect
            aria-label="Handshakes that are answered"
            placeholder="hub.challenge, validationToken"
            data={handshakeAnswers.map(({ id, title }) => ({ value: id, label: title }))}
            value={handshakes === 'none' || handshakes === 'scheme' ? [] : handshakes}
            error={errors['answers.handshakes']}
            searchable
            onChange={(ids) => onChange({ handshakes: ids })}
          />
        )}
        {mode === 'scheme' && answered.length === 0 && (
          <p className={styles['note']}>
            {scheme === null
              ? 'No scheme is chosen under Signature, so none is answered.'
              : 'This scheme has no handshake, so none is answered.'}
          </p>
        )}
        {answered.length > 0 && (
          <ul className={styles['handshakes']}>
            {answered.map(({ id, title, summary, givesAway }) => (
              <li key={id}>
                <b>{title}.</b> {summary} <span>Gives away: {givesAway}</span>
              </li>
            ))}
          </ul>
        )}
      </MarkedField>
      {answered.some(({ hasVerifyToken }) => hasVerifyToken === true) && (
        <MarkedField name="verifyToken">
          <PasswordInput
            label={bin?.answers.verifyTokenFingerprint == null ? 'Verify token' : 'New verify token'}
            description={
              bin?.answers.verifyTokenFingerprint == null
                ? 'What hub.verify_token has to be. Without one, any is accepted.'
                : `Leave it empty to keep the current one, with fingerprint ${bin.answers.verifyTokenFingerprint}.`
            }
            value={draft.verifyToken ?? ''}
            error={errors['answers.verifyToken']}
            onChange={(event) => onChange({ verifyToken: event.currentTarget.value.trim() })}
          />
        </MarkedField>
      )}
      <MarkedField name="refuse" className={styles['stack']}>
        <Checkbox
          label="Refuse what does not verify, with 401"
          description={scheme === null ? 'Needs a scheme under Signature.' : undefined}
          checked={refuse.unverified}
          error={errors['answers.refuse.unverified']}
          onChange={(event) => onChange({ refuse: { ...refuse, unverified: event.currentTarget.checked } })}
        />
        <Checkbox
          label="Refuse what was seen before, with 409"
          description="The same valid signature as a request that was answered with 2xx."
          checked={refuse.seenBefore}
          error={errors['answers.refuse.seenBefore']}
          onChange={(event) => onChange({ refuse: { ...refuse, seenBefore: event.currentTarget.checked } })}
        />
      </MarkedField>
    </>
  );
}
