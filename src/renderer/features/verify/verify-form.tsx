import { Button, TextInput } from '@mantine/core';
import { useRef, useState, type DragEvent } from 'react';
import { describeCustom } from '#shared/recognise/describe-custom.ts';
import { useSession } from '../../stores/session.tsx';
import { bytesText } from '../../base/size-format.ts';
import { CustomOptionsFields } from '../../ui/custom-options-fields.tsx';
import { SchemeOptionsFields } from '../../ui/signing-fields.tsx';
import type { OptionErrors } from '../../ui/option-errors.ts';
import { BodyField } from './body-field.tsx';
import { ExactTextarea } from './exact-textarea.tsx';
import { shownText, splitRawRequest } from './exact-text.ts';
import { FromLogNote } from './from-log-note.tsx';
import { ImportNotes } from './import-notes.tsx';
import { findHeader, headerValueRange } from './recognise.ts';
import { RecognisedChips } from './recognised-chips.tsx';
import { ReplacedNote } from './replaced-note.tsx';
import { SecretFields } from './secret-fields.tsx';
import { chipHeaders, readInput, timestampMs, type InputReading } from './verify-input.ts';
import type { VerifyState, VerifyStore } from './verify-state.ts';
import styles from './verify.module.css';

interface VerifyFormProps {
  readonly store: VerifyStore;
  readonly state: VerifyState;
}

/** The input of a verdict, with what was recognised in it. */
export function VerifyForm({ store, state }: VerifyFormProps) {
  const { input, schemes } = state;
  const reading = readInput(input, schemes);
  const head = useRef<HTMLTextAreaElement>(null);
  const { announce } = useSession();
  const announceSome = (said: string | null) => said !== null && announce(said);
  const selectValue = (name: string) => {
    const area = head.current;
    const range = area === null ? null : headerValueRange(shownText(input.head), name);
    if (area === null || range === null) return;
    area.focus();
    area.setSelectionRange(range.start, range.end);
  };
  return (
    <div
      className={styles['form']}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => void dropFile(event, store, announce)}
    >
      <FromLogNote store={store} state={state} />
      <ExactTextarea
        inputRef={head}
        id="verify-head"
        label="Request: raw, curl, HAR or JSON, or its headers"
        placeholder={'POST /webhooks HTTP/1.1\nwebhook-id: msg_…\nwebhook-timestamp: 1614265330\nwebhook-signature: v1,…'}
        autosize
        minRows={6}
        maxRows={14}
        exact={input.head}
        onExact={(text, pasted) => {
          const said = store.setHead(text, pasted);
          if (said !== null) announce(said);
        }}
        onLargePaste={(text) => void store.takePaste(text).then(announceSome)}
        onBlur={() => {
          // The user may only look at another window for a moment.
          const said = document.hasFocus() ? store.leaveHead() : null;
          if (said !== null) announce(said);
        }}
      />
      <ReadingNote store={store} state={state} />
      <HeadProblems store={store} state={state} reading={reading} />
      <ReplacedNote store={store} state={state} />
      <ImportNotes state={state} />
      <RecognisedChips store={store} state={state} reading={reading} onSelectValue={selectValue} />
      {reading.scheme === 'custom' && <CustomScheme store={store} state={state} reading={reading} />}
      <BodyField store={store} state={state} reading={reading} />
      <SecretFields store={store} state={state} scheme={input.scheme ?? reading.recognised.scheme} />
      <div className={styles['pair']}>
        <ClockField store={store} state={state} reading={reading} />
        <TextInput
          label="URL as the sender used it"
          placeholder={reading.url ?? 'only if signed'}
          classNames={{ input: 'mono' }}
          value={input.url}
          onChange={(event) => store.change({ url: event.currentTarget.value })}
        />
      </div>
      {reading.signing !== null && reading.signing.scheme !== 'custom' && (
        <SchemeOptionsFields
          value={reading.signing}
          errors={optionErrors(state)}
          onChange={(options) => store.change({ options, scheme: options.scheme })}
        />
      )}
    </div>
  );
}

async function dropFile(event: DragEvent, store: VerifyStore, announce: (sentence: string) => void) {
  const file = event.dataTransfer.files[0];
  if (file === undefined) return;
  event.preventDefault();
  const bytes = await store.readFile(file);
  const said = typeof bytes === 'string' ? bytes : await store.takeFile(file.name, bytes);
  if (said !== null) announce(said);
}

/** A large paste or file that is being read, which typing or Cancel gives up. */
function ReadingNote({ store, state: { readingName } }: VerifyFormProps) {
  if (readingName === null) return null;
  return (
    <p className={styles['note']} role="status">
      Reading {readingName}…{' '}
      <Button size="compact-xs" variant="subtle" onClick={store.stopReading}>
        Cancel
      </Button>
    </p>
  );
}

interface ReadingProps extends VerifyFormProps {
  readonly reading: InputReading;
}

/** What is wrong with the options, by the name of the option. */
function optionErrors({ problem }: VerifyState): OptionErrors {
  const issues = (problem?.issues ?? []).filter((issue) => issue.path.startsWith('options.'));
  return Object.fromEntries(issues.map((issue) => [issue.path.split('.')[1] ?? '', issue.message]));
}

/** The custom scheme in one line, which opens into its options; open from the start where one of them is wrong. */
function CustomScheme({ store, state, reading }: ReadingProps) {
  const [isOpen, setOpen] = useState(false);
  const errors = optionErrors(state);
  const isShown = isOpen || Object.keys(errors).length > 0;
  return (
    <section className={styles['custom']} aria-label="Custom HMAC">
      <p>
        <code>{describeCustom(reading.custom)}</code>
        <Button size="compact-xs" variant="subtle" aria-expanded={isShown} onClick={() => setOpen(!isOpen)}>
          {isShown ? 'Close' : 'Change'}
        </Button>
      </p>
      {isShown && (
        <CustomOptionsFields value={reading.custom} errors={errors} onChange={(custom) => store.change({ custom, scheme: 'custom' })} />
      )}
    </section>
  );
}

/** Lines that could not be read, where they stand. */
function HeadProblems({ store, state, reading }: ReadingProps) {
  const rest = splitRawRequest(state.input.head);
  const problems = reading.header.problems.filter((problem) => rest === null || !problem.message.startsWith('Headers end'));
  if (problems.length === 0 && rest === null) return null;
  return (
    <div className={styles['problems']} role="status">
      {problems.map((problem) => (
        <p key={`${problem.line} ${problem.message}`}>
          {problem.line === null ? '' : `Line ${problem.line}: `}
          {problem.message}
        </p>
      ))}
      {rest !== null && (
        <p>
          {bytesText(new TextEncoder().encode(rest.body).length)} follow the empty line.{' '}
          <Button size="compact-xs" variant="default" onClick={store.moveRestToBody}>
            {state.input.body === '' && state.input.file === null ? 'Move them to the body' : 'Replace the body with them'}
          </Button>
        </p>
      )}
    </div>
  );
}

function ClockField({ store, state, reading }: ReadingProps) {
  const { input, schemes } = state;
  const name = chipHeaders(reading, schemes).timestamp;
  const signed = name === null ? null : timestampMs(findHeader(reading.header.headers, name)?.value.trim() ?? '');
  return (
    <div>
      <TextInput
        id="verify-clock"
        label="Receiver's clock"
        placeholder="now"
        classNames={{ input: 'mono' }}
        value={input.clock}
        error={reading.clock.ok ? undefined : reading.clock.message}
        onChange={(event) => store.change({ clock: event.currentTarget.value })}
        {...(input.clock === '' && signed !== null
          ? {
              rightSectionWidth: 92,
              rightSection: (
                <Button
                  size="compact-xs"
                  variant="subtle"
                  onClick={() => store.change({ clock: new Date(signed).toISOString().replace('.000', '') })}
                >
                  time signed
                </Button>
              ),
            }
          : {})}
      />
    </div>
  );
}
