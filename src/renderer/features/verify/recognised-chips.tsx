import { Select, Tooltip } from '@mantine/core';
import { useNow } from '../../session.tsx';
import { bytesText, countText, shortId } from '../../size-format.ts';
import { inPickerOrder } from '../../stores/scheme-store.ts';
import { exactText, relativeText } from '../../time-format.ts';
import { findHeader } from './recognise.ts';
import { chipHeaders, timestampMs, type InputReading } from './verify-input.ts';
import type { VerifyState, VerifyStore } from './verify-store.ts';
import styles from './verify.module.css';

interface RecognisedChipsProps {
  readonly store: VerifyStore;
  readonly state: VerifyState;
  readonly reading: InputReading;
  /** Selects the value of a header in the text, to be corrected there. */
  readonly onSelectValue: (name: string) => void;
}

/** What was recognised in the request, to be seen at a glance and corrected. */
export function RecognisedChips({ store, state, reading, onSelectValue }: RecognisedChipsProps) {
  const nowMs = useNow();
  const { headers } = reading.header;
  const names = chipHeaders(reading, state.schemes);
  const id = names.id === null ? null : findHeader(headers, names.id);
  const timestamp = names.timestamp === null ? null : findHeader(headers, names.timestamp);
  const atMs = timestamp === null ? null : timestampMs(timestamp.value.trim());
  const clockMs = reading.clock.ok ? (reading.clock.nowMs ?? nowMs) : nowMs;
  const received = state.verification?.receivedSignatures.length ?? 0;
  return (
    <div className={styles['chips']} aria-label="Recognised in the request">
      <SchemeChoice store={store} state={state} reading={reading} />
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
      {headers.length > 0 && reading.recognised.scheme === null && state.input.scheme === null && (
        <span className={styles['note']}>{reading.recognised.because}</span>
      )}
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

/** The scheme as a choice; without one it follows what is recognised. */
function SchemeChoice({ store, state, reading }: Omit<RecognisedChipsProps, 'onSelectValue'>) {
  const { schemes, input } = state;
  const title = (id: string) => schemes.find((scheme) => scheme.id === id)?.title ?? id;
  const recognised = reading.recognised.scheme === null ? 'Nothing recognised' : `Recognised: ${title(reading.recognised.scheme)}`;
  return (
    <Select
      className={styles['scheme'] ?? ''}
      size="xs"
      aria-label="Scheme"
      searchable
      data={[{ value: '', label: recognised }, ...inPickerOrder(schemes).map((scheme) => ({ value: scheme.id, label: scheme.title }))]}
      value={input.scheme ?? ''}
      onChange={(value) => store.change({ scheme: value === '' ? null : value })}
    />
  );
}
