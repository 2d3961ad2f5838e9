import { Button, FileButton, SegmentedControl, Select } from '@mantine/core';
import { IconFile } from '@tabler/icons-react';
import { useMemo } from 'react';
import { cutNotes } from '#shared/import/cut-body.ts';
import { useSession } from '../../stores/session.tsx';
import { bytesText } from '../../base/size-format.ts';
import type { BodyEncoding } from './body-bytes.ts';
import { countLineBreaks, type LineBreaks, type LineEnding } from './exact-text.ts';
import { ExactTextarea } from './exact-textarea.tsx';
import type { InputReading } from './verify-input.ts';
import type { VerifyState, VerifyStore } from './verify-state.ts';
import styles from './verify.module.css';

interface BodyFieldProps {
  readonly store: VerifyStore;
  readonly state: VerifyState;
  readonly reading: InputReading;
}

const encodings: readonly { readonly value: BodyEncoding; readonly label: string }[] = [
  { value: 'text', label: 'Text' },
  { value: 'base64', label: 'Base64' },
  { value: 'hex', label: 'Hex' },
];

/** Names of the kinds of line breaks in a pasted text. */
function describeBreaks({ lf, crlf, cr }: LineBreaks): string {
  const kinds = [lf > 0 ? `${lf} LF` : '', crlf > 0 ? `${crlf} CRLF` : '', cr > 0 ? `${cr} CR` : ''].filter((kind) => kind !== '');
  return `As pasted: ${kinds.join(', ')}`;
}

/** The body as text, base64, hex or a file; its bytes are what is verified, so its line breaks can be chosen. */
export function BodyField({ store, state, reading }: BodyFieldProps) {
  const { input } = state;
  const { announce } = useSession();
  if (input.file !== null)
    return (
      <div>
        <div className={styles['labelRow']}>
          <span className={styles['label']}>Body</span>
        </div>
        <p className={styles['file']}>
          <IconFile size={16} aria-hidden /> <span className="truncate">{input.file.name}</span>
          <span>{bytesText(input.file.bytes.length)}, read as bytes</span>
          <Button size="compact-xs" variant="subtle" onClick={() => store.change({ file: null })}>
            Type it instead
          </Button>
        </p>
      </div>
    );
  const breaks = countLineBreaks(input.body);
  const hasBreaks = breaks.lf + breaks.crlf + breaks.cr > 0;
  const endsInBreak = input.encoding === 'text' && /[\r\n]$/.test(input.body);
  return (
    <div>
      <div className={styles['labelRow']}>
        <label className={styles['label']} htmlFor="verify-body">
          Body
        </label>
        <SegmentedControl
          size="xs"
          aria-label="Body is given as"
          data={[...encodings]}
          value={input.encoding}
          onChange={(value) => store.change({ encoding: encodings.find((encoding) => encoding.value === value)?.value ?? 'text' })}
        />
        {input.encoding === 'text' && hasBreaks && (
          <Select
            className={styles['breaks'] ?? ''}
            size="xs"
            aria-label="Line endings"
            data={[
              { value: 'asPasted', label: describeBreaks(breaks) },
              { value: 'lf', label: 'All LF' },
              { value: 'crlf', label: 'All CRLF' },
            ]}
            value={input.lineEnding}
            onChange={(value) => store.change({ lineEnding: lineEndingOf(value) })}
          />
        )}
        <span className={styles['spacer']} />
        <FileButton onChange={(file) => void readFile(file, store, announce)}>
          {(props) => (
            <Button {...props} size="compact-xs" variant="subtle">
              From a file
            </Button>
          )}
        </FileButton>
      </div>
      <ExactTextarea
        id="verify-body"
        aria-label="Body"
        placeholder="Paste it, or drop a file to keep every byte"
        autosize
        minRows={4}
        maxRows={14}
        exact={input.body}
        error={reading.body.ok ? undefined : reading.body.message}
        onExact={(body) => store.change({ body })}
        onLargePaste={(text) => void store.takeBody(text).then((said) => said !== null && announce(said))}
      />
      {reading.body.ok && <BodyCuts body={reading.body.bytes} />}
      {endsInBreak && (
        <p className={styles['note']}>
          The body ends in a line break, which counts.{' '}
          <Button size="compact-xs" variant="subtle" onClick={() => store.change({ body: input.body.replace(/(\r\n|\r|\n)$/, '') })}>
            Remove it
          </Button>
        </p>
      )}
    </div>
  );
}

/** Why the body cannot be the signed one, if it was visibly cut. */
function BodyCuts({ body }: { readonly body: Uint8Array }) {
  const notes = useMemo(() => cutNotes(body), [body]);
  return notes.map((note) => (
    <p key={note} className={styles['note']} role="status">
      {note}
    </p>
  ));
}

function lineEndingOf(value: string | null): LineEnding {
  return value === 'lf' || value === 'crlf' ? value : 'asPasted';
}

async function readFile(file: File | null, store: VerifyStore, announce: (sentence: string) => void) {
  if (file === null) return;
  const bytes = await store.readFile(file);
  if (typeof bytes === 'string') announce(bytes);
  else store.change({ file: { name: file.name, bytes } });
}
