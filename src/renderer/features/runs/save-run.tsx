import { Autocomplete, Button, Checkbox, Modal, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconDownload } from '@tabler/icons-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { WrittenRun } from '#shared/contract/runs.ts';
import { spanText } from '#shared/duration-text.ts';
import { fieldErrors, isAbort, toProblem, type Problem } from '../../base/problem.ts';
import { countText } from '../../base/size-format.ts';
import { useCatalogue, useClient, useSession } from '../../stores/session.tsx';
import { bytesOfBase64 } from '../../ui/body-format.ts';
import { CodeFile } from '../../ui/code-file.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { download } from '../../ui/download.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { RunTimeline } from './run-timeline.tsx';
import { isOfCaptures, runFileText, runCommand, sameSource, saveCommand, type Expected, type RunSource } from './run-source.ts';
import { TryRun } from './try-run.tsx';
import styles from './runs.module.css';

interface SaveRunProps {
  /** What becomes the steps; null while the dialog is closed. */
  readonly source: RunSource | null;
  /** A name to begin with. */
  readonly name: string;
  readonly onClose: () => void;
}

/** Deliveries or captures as a test: a run for the project file, to be looked at, copied or downloaded. */
export function SaveRun({ source, ...rest }: SaveRunProps) {
  const [stop, setStop] = useState<{ readonly now: () => void } | null>(null);
  const onRunning = useCallback((now: (() => void) | null) => setStop(now === null ? null : { now }), []);
  return (
    <Modal
      opened={source !== null}
      // Escape and a click outside stop a test that runs before they close anything.
      onClose={stop === null ? rest.onClose : stop.now}
      title="Save as test"
      size={900}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {source !== null && <RunPanel source={source} onRunning={onRunning} {...rest} />}
    </Modal>
  );
}

/** Typing pauses for so long before it counts. */
const typingPauseMs = 200;

const fields = ['name', 'to'] as const;

interface RunPanelProps extends SaveRunProps {
  readonly source: RunSource;
  /** Told how to stop the test while it runs, and null once it does not. */
  readonly onRunning: (stop: (() => void) | null) => void;
}

function RunPanel({ source, name: firstName, onRunning }: RunPanelProps) {
  const { endpoints } = useCatalogue();
  const areCaptures = isOfCaptures(source);
  const [name, setName] = useState(firstName);
  const [to, setTo] = useState('');
  const [expect, setExpect] = useState<Expected>({ status: true, answer: false, time: false, fixed: true });
  const [asked] = useDebouncedValue(
    useMemo(() => ({ name: name.trim(), to: to.trim(), expect }), [name, to, expect]),
    typingPauseMs,
  );
  const { written, problem, isBusy, retry } = useWrittenRun(source, asked);
  const { byField, rest } = fieldErrors(problem, fields);
  const tick = (kind: keyof Expected, label: string) => (
    <Checkbox
      size="xs"
      label={label}
      checked={expect[kind]}
      onChange={(event) => setExpect({ ...expect, [kind]: event.currentTarget.checked })}
    />
  );
  return (
    <>
      <p className={styles['lead']}>
        A run of the project: <code>hookyard run</code> sends these requests again, signed anew, in this order, and checks what comes back.
      </p>
      <div className={styles['fields']}>
        <TextInput
          label="Name"
          data-autofocus
          value={name}
          error={byField['name']}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Autocomplete
          label="Send to"
          placeholder={areCaptures ? 'http://127.0.0.1:3000/webhooks' : 'Where they went'}
          description="An endpoint or a URL"
          inputWrapperOrder={['label', 'input', 'error', 'description']}
          data={[...new Set(endpoints.map((endpoint) => endpoint.name))]}
          value={to}
          error={byField['to']}
          onChange={setTo}
        />
        <fieldset className={styles['expect']}>
          <legend>Expect</legend>
          {tick('status', areCaptures ? 'An answer of 2xx' : 'The status that was answered')}
          {!areCaptures && tick('answer', 'The values of a JSON answer')}
          {!areCaptures && tick('time', 'The time that it took')}
          {written !== null && written.failed > 0 && tick('fixed', 'Delivered, where it failed')}
        </fieldset>
      </div>
      <ProgressBar isActive={isBusy} />
      <ErrorNotice problem={problem} onRetry={retry} rest={rest} />
      {written !== null && <WrittenView written={written} asked={asked} onRunning={onRunning} />}
    </>
  );
}

type Asked = { readonly name: string; readonly to: string; readonly expect: Expected };

function WrittenView({
  written,
  asked,
  onRunning,
}: { readonly written: WrittenRun; readonly asked: Asked } & Pick<RunPanelProps, 'onRunning'>) {
  const { announce } = useSession();
  const { steps, gapsMs, speed, text, bodies, notes, secrets } = written;
  const fileName = `${written.name.replaceAll(' ', '-')}.yaml`;
  const command = saveCommand(
    steps.map(({ sourceId }) => sourceId),
    { ...asked, hasFailed: written.failed > 0 },
  );
  const save = (file: string, type: string, content: Parameters<typeof download>[2]) => {
    download(file, type, content);
    announce(`Saved as ${file}`);
  };
  return (
    <>
      <RunTimeline steps={steps} />
      <p className={styles['lead']} role="status">
        {countText(steps.length, 'step', 'steps')} to <code>{written.to}</code>
        {gapsMs > 0 && gapsText(gapsMs, speed)}.
      </p>
      <TryRun written={written} onRunning={onRunning} />
      <CodeFile title={<code>{fileName}</code>} label={`Text of ${fileName}`} text={text} maxHeight={32}>
        <CopyButton label="Copy" text={text} withLabel />
      </CodeFile>
      {bodies.map(({ path, bytes, contentBase64 }) => (
        <div key={path} className={styles['body']}>
          <span>
            Put this body at <code>{path}</code> beside the project ({bytes.toLocaleString('en')} bytes)
          </span>
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => save(path.split('/').at(-1) ?? path, 'application/octet-stream', bytesOfBase64(contentBase64))}
          >
            Download body
          </Button>
        </div>
      ))}
      <ul className={styles['notes']} aria-label="What to know about this test">
        {secrets.map((reference) => (
          <li key={reference}>
            Running it takes the secret of <code>{reference}</code>; it is not in the text.
          </li>
        ))}
        {notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
      <section className={styles['keep']} aria-label="Keep this test">
        {command === null ? (
          <p>Copy the text into hookyard.yaml beside the code; a project in a folder .hookyard takes it as a file of its own.</p>
        ) : (
          <CommandRow lead="Put it into the project:" command={command} copy="Copy the command" />
        )}
        <CommandRow lead="Then run it:" command={runCommand(written.name)} copy="Copy the command that runs it" />
        <div className={styles['download']}>
          <span>
            Or as a file of its own: <code>{fileName}</code>. In Tests, choose it or the folder that it is in.
          </span>
          <Button size="xs" leftSection={<IconDownload size={14} />} onClick={() => save(fileName, 'text/yaml', runFileText(text))}>
            Download
          </Button>
        </div>
      </section>
    </>
  );
}

function CommandRow({ lead, command, copy }: { readonly lead: string; readonly command: string; readonly copy: string }) {
  return (
    <div className={styles['command']}>
      <span>{lead}</span>
      <code className="truncate">{command}</code>
      <CopyButton label={copy} text={command} />
    </div>
  );
}

function gapsText(gapsMs: number, speed: number): string {
  if (speed === 1) return `, over ${spanText(gapsMs)}`;
  return `. The gaps of ${spanText(gapsMs)} take ${spanText(gapsMs / speed)}, since it runs ${speed} times as fast`;
}

/** The run as it is asked for; the one before stays until it is there. */
function useWrittenRun(source: RunSource, { name, to, expect }: Asked) {
  const client = useClient();
  const [written, setWritten] = useState<WrittenRun | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [tries, setTries] = useState(0);
  const latest = useRef(source);
  useEffect(() => {
    const writing = new AbortController();
    const load = async () => {
      setBusy(true);
      try {
        const made = await client.runs.write({ ...latest.current, name, expect, ...(to === '' ? {} : { to }) }, { signal: writing.signal });
        if (writing.signal.aborted) return;
        latest.current = sameSource(made.steps);
        setWritten(made);
        setProblem(null);
      } catch (error) {
        if (writing.signal.aborted || isAbort(error)) return;
        setWritten(null);
        setProblem(toProblem(error));
      }
      setBusy(false);
    };
    void load();
    return () => writing.abort();
  }, [client, name, to, expect, tries]);
  return { written, problem, isBusy, retry: () => setTries(tries + 1) };
}
