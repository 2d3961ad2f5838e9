import { Select, Tooltip } from '@mantine/core';
import { pastedKindNames, pastedKinds } from '#shared/import/pasted.ts';
import { useNow } from '../../stores/session.tsx';
import { bytesText, countText, shortId } from '../../base/size-format.ts';
import { exactText, relativeText } from '../../base/time-format.ts';
import { SchemeSelect } from '../../ui/scheme-select.tsx';
import { judgedBy } from './judged-by.ts';
import { findHeader } from './recognise.ts';
import { chipHeaders, timestampMs, type InputReading } from './verify-input.ts';
import type { VerifyState, VerifyStore } from './verify-state.ts';
import styles from './verify.module.css';

interface RecognisedChipsProps {
  readonly store: VerifyStore;
  readonly state: VerifyState;
  readonly reading: InputReading;
  /** Selects the value of a header in the text, to be corrected there. */
  readonly onSelectValue: (name: string) => void;
}

/** What was recognised in the request, which can be corrected. */
export function RecognisedChips({ store, state, reading, onSelectValue }: RecognisedChipsProps) {
  const nowMs = useNow();
  const { headers } = reading.header;
  const names = chipHeaders(reading, state.schemes);
  const id = names.id === null ? null : findHeader(headers, names.id);
  const timestamp = names.timestamp === null ? null : findHeader(headers, names.timestamp);
  const atMs = timestamp === null ? null : timestampMs(timestamp.value.trim());
  const clockMs = reading.clock.ok ? (reading.clock.nowMs ?? nowMs) : nowMs;
  const received = state.receivedSignatures;
  return (
    <div className={styles['chips']} aria-label="Recognised in the request">
      <KindChoice store={store} state={state} />
      <SchemeChoice store={store} state={state} reading={reading} />
      {state.input.scheme === null && reading.recognised.confidence !== null && (
        <span className={styles['chip']}>
          <span>scheme</span> {reading.recognised.confidence}
        </span>
      )}
      {timestamp !== null && (
        <Chip
          label="timestamp"
          value={atMs === null ? timestamp.value : relativeText(atMs, clockMs)}
          hint={
            atMs === null ? 'Not a Unix time. Click to correct it.' : `${timestamp.value}, ${exactText(atMs, true)}. Click to correct it.`
          }
          onClick={() => onSelectValue(timestamp.name)}
        />
      )}
      {id !== null && (
        <Chip label="id" value={shortId(id.value)} hint={`${id.value}. Click to correct it.`} onClick={() => onSelectValue(id.name)} />
      )}
      {received > 0 && <span className={styles['chip']}>{countText(received, 'signature', 'signatures')}</span>}
      {reading.body.ok && headers.length > 0 && (
        <span className={styles['chip']}>
          <span>body</span> {bytesText(reading.body.bytes.length)}
        </span>
      )}
      {headers.length > 0 && state.input.scheme === null && <SchemeDoubt state={state} reading={reading} />}
    </div>
  );
}

function Chip({
  label,
  value,
  hint,
  onClick,
}: {
  readonly label: string;
  readonly value: string;
  readonly hint: string;
  readonly onClick: () => void;
}) {
  return (
    <Tooltip label={hint}>
      <button type="button" className={styles['chip']} onClick={onClick}>
        <span>{label}</span> {value}
      </button>
    </Tooltip>
  );
}

/** What the paste was read as, and which of its requests is shown; both can be corrected. */
function KindChoice({ store, state }: Pick<RecognisedChipsProps, 'store' | 'state'>) {
  const { imported } = state;
  if (imported === null) return null;
  const { kind, choices } = imported.reading;
  return (
    <>
      <Select
        className={styles['kind'] ?? ''}
        size="xs"
        aria-label="Read as"
        data={pastedKinds
          .filter((known) => (known !== 'nothing' && known !== 'unread') || kind === known)
          .map((known) => ({ value: known, label: pastedKindNames[known] }))}
        value={kind}
        onChange={(value) => {
          const chosen = pastedKinds.find((known) => known === value);
          if (chosen !== undefined) void store.readAs(chosen);
        }}
      />
      {choices !== undefined && (
        <Select
          className={styles['entry'] ?? ''}
          size="xs"
          aria-label="Request in the paste"
          searchable
          limit={100}
          data={choices.map(({ label }, index) => ({ value: String(index), label }))}
          value={String(imported.choice)}
          onChange={(value) => value !== null && void store.chooseEntry(Number(value))}
        />
      )}
    </>
  );
}

/** Why no scheme is certain, and which others may be meant. */
function SchemeDoubt({ state, reading }: Pick<RecognisedChipsProps, 'state' | 'reading'>) {
  const { scheme, confidence, because, all } = reading.recognised;
  if (confidence === 'certain') return null;
  const title = (id: string) => state.schemes.find((candidate) => candidate.id === id)?.title ?? id;
  const others = all.filter((other) => other.scheme !== scheme).map((other) => title(other.scheme));
  return (
    <span className={styles['note']}>
      {because}
      {scheme !== null && others.length > 0 && ` It may also be ${others.join(' or ')}.`}
    </span>
  );
}

/** The scheme as a choice; without one it follows what is recognised. */
function SchemeChoice({ store, state, reading }: Omit<RecognisedChipsProps, 'onSelectValue'>) {
  const { schemes, input } = state;
  const title = (id: string) => schemes.find((scheme) => scheme.id === id)?.title ?? id;
  // A verdict may have found another one to be right.
  const judged = input.scheme === null && state.verification !== null ? judgedBy(state.verification) : null;
  const scheme = judged?.scheme ?? reading.recognised.scheme;
  const recognised = scheme === null ? 'Nothing recognised' : `Recognised: ${title(scheme)}`;
  return (
    <SchemeSelect
      className={styles['scheme'] ?? ''}
      size="xs"
      aria-label="Scheme"
      listWidth={340}
      schemes={schemes}
      first={{ value: '', label: recognised }}
      value={input.scheme ?? ''}
      onChange={(value) => store.change({ scheme: value === '' ? null : value })}
    />
  );
}
