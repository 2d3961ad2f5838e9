import { Button, Modal, NumberInput } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { Capture } from '#shared/contract/captures.ts';
import { testFramework, testFrameworkNames, type TestFile, type TestFramework } from '#shared/contract/test-files.ts';
import { isAbort, toProblem, type Problem } from '../../base/problem.ts';
import { useClient, useSession } from '../../stores/session.tsx';
import { CodeFile } from '../../ui/code-file.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { download } from '../../ui/download.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import styles from './save-test.module.css';

interface SaveTestProps {
  readonly capture: Capture;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** A test that sends a capture to a receiver of one's own: looked at, copied or downloaded. */
export function SaveTest({ capture, isOpen, onClose }: SaveTestProps) {
  return (
    <Modal opened={isOpen} onClose={onClose} title="Save as a test file" size={900} closeButtonProps={{ 'aria-label': 'Close' }}>
      <TestPanel capture={capture} />
    </Modal>
  );
}

const frameworkKey = 'hookyard.captures.testFramework';
const tabs = testFramework.options.map((name) => ({ name, label: testFrameworkNames[name] }));

function TestPanel({ capture }: Pick<SaveTestProps, 'capture'>) {
  const [framework, setFramework] = useState(() => testFramework.catch('vitest').parse(localStorage.getItem(frameworkKey)));
  const [status, setStatus] = useState(200);
  const { file, problem, retry } = useTestFile(capture.id, framework, status);
  return (
    <>
      <p className={styles['lead']}>
        It sends this request to your receiver, byte for byte, and expects the status <code>{status}</code>. The receiver is found by{' '}
        <code>WEBHOOK_URL</code>.
      </p>
      <Tabs<TestFramework>
        label="Framework"
        tabs={tabs}
        value={framework}
        onChange={(name) => {
          localStorage.setItem(frameworkKey, name);
          setFramework(name);
        }}
      >
        <ErrorNotice problem={problem} onRetry={retry} rest={problem?.issues ?? []} />
        {file !== null && <FileView file={file} status={status} onStatus={setStatus} />}
      </Tabs>
    </>
  );
}

interface FileViewProps {
  readonly file: TestFile;
  readonly status: number;
  readonly onStatus: (status: number) => void;
}

function FileView({ file, status, onStatus }: FileViewProps) {
  const { announce } = useSession();
  const [typed, setTyped] = useState<number | string>(status);
  const save = () => {
    download(file.filename, 'text/plain', file.code);
    announce(`Saved as ${file.filename}`);
  };
  return (
    <>
      <div className={styles['file']}>
        <CodeFile title={<code>{file.filename}</code>} label={`Code of ${file.filename}`} text={file.code} maxHeight={46}>
          <NumberInput
            size="xs"
            label="Status"
            classNames={{ root: styles['status'] ?? '', label: styles['statusLabel'] ?? '' }}
            min={100}
            max={599}
            allowDecimal={false}
            hideControls
            value={typed}
            onChange={(value) => {
              setTyped(value);
              if (typeof value === 'number' && value >= 100 && value <= 599) onStatus(value);
            }}
          />
          <CopyButton label="Copy code" text={file.code} withLabel />
          <Button size="xs" leftSection={<IconDownload size={14} />} onClick={save}>
            Download
          </Button>
        </CodeFile>
      </div>
      <ul className={styles['notes']} aria-label="What to know about this test">
        {file.notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </>
  );
}

/** The file as it is asked for; the one before stays until it is there. */
function useTestFile(id: string, framework: TestFramework, status: number) {
  const client = useClient();
  const [file, setFile] = useState<TestFile | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [tries, setTries] = useState(0);
  useEffect(() => {
    const writing = new AbortController();
    const load = async () => {
      try {
        const written = await client.captures.testFile({ id, framework, status }, { signal: writing.signal });
        if (writing.signal.aborted) return;
        setFile(written);
        setProblem(null);
      } catch (error) {
        if (writing.signal.aborted || isAbort(error)) return;
        setFile(null);
        setProblem(toProblem(error));
      }
    };
    void load();
    return () => writing.abort();
  }, [client, id, framework, status, tries]);
  return { file, problem, retry: () => setTries(tries + 1) };
}
