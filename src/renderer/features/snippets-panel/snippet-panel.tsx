import { Button, Modal } from '@mantine/core';
import { IconCode } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { Json } from '#shared/contract/json.ts';
import type { Signing } from '#shared/contract/signing.ts';
import type { Snippet, SnippetLanguage } from '#shared/contract/snippets.ts';
import { toProblem, type Problem } from '../../base/problem.ts';
import { useClient } from '../../stores/session.tsx';
import { CodeFile } from '../../ui/code-file.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { filesOf, languageNames } from './snippet-choice.ts';
import styles from './snippet-panel.module.css';

interface SnippetPanelProps {
  readonly signing: Signing;
}

/** Opens the receiver code of a scheme. */
export function SnippetButton({ signing }: SnippetPanelProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button size="xs" variant="default" leftSection={<IconCode size={14} />} onClick={() => setOpen(true)}>
        Receiver code
      </Button>
      <Modal
        opened={isOpen}
        onClose={() => setOpen(false)}
        title={`Receiver code for ${signing.scheme}`}
        size={900}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <SnippetPanel signing={signing} />
      </Modal>
    </>
  );
}

type Language = keyof typeof languageNames;

const tabs = (Object.keys(languageNames) as readonly Language[]).map((name) => ({ name, label: languageNames[name] }));

/** Receiver code that verifies a scheme with these options, a tab for each language. */
function SnippetPanel({ signing }: SnippetPanelProps) {
  const { written, problem, retry } = useSnippets(signing);
  const [language, setLanguage] = useState<SnippetLanguage>('node');
  const [chosen, setChosen] = useState(0);
  const files = filesOf(written?.items ?? [], language);
  const file = files[chosen] ?? files[0];
  const reason = written?.unavailable.find((one) => one.language === language)?.reason;
  return (
    <>
      <ErrorNotice problem={problem} onRetry={retry} />
      <Tabs
        label="Language"
        tabs={tabs}
        value={language}
        onChange={(name) => {
          setLanguage(name);
          setChosen(0);
        }}
      >
        {reason !== undefined && <p className={styles['note']}>{reason}</p>}
        {file !== undefined && (
          <>
            <fieldset className={styles['files']}>
              <legend className="visually-hidden">Variant</legend>
              {files.map(({ name }, index) => (
                <Button
                  key={name}
                  size="compact-xs"
                  variant={files[index] === file ? 'light' : 'subtle'}
                  aria-pressed={files[index] === file}
                  onClick={() => setChosen(index)}
                >
                  {name}
                </Button>
              ))}
            </fieldset>
            <CodeFile
              title={
                <>
                  <code>{file.filename}</code>
                  {file.dependencies.length > 0 && ` needs ${file.dependencies.join(' and ')}`}
                </>
              }
              label={`Code of ${file.filename}`}
              text={file.code}
              maxHeight={52}
            >
              <CopyButton label="Copy code" text={file.code} withLabel />
            </CodeFile>
            <p className={styles['note']}>It reads its secrets from the environment; none is in the code.</p>
          </>
        )}
      </Tabs>
    </>
  );
}

interface Written {
  readonly items: readonly Snippet[];
  readonly unavailable: readonly { readonly language: SnippetLanguage; readonly reason: string }[];
}

/** A scheme and its options as they go over the wire, without what is undefined. */
type AskedSigning = { readonly scheme: string } & Readonly<Record<string, Json>>;

/** The code of a scheme in every language; null until it was written. */
function useSnippets(signing: Signing) {
  const client = useClient();
  const [written, setWritten] = useState<Written | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [tries, setTries] = useState(0);
  // Options are compared by what they say: a form makes a new object at every key.
  const asked = JSON.stringify(signing);
  useEffect(() => {
    let isCurrent = true;
    const { scheme, ...options } = JSON.parse(asked) as AskedSigning;
    const load = async () => {
      try {
        const answer = await client.snippets.write({ scheme, options });
        if (isCurrent) setWritten(answer);
        if (isCurrent) setProblem(null);
      } catch (error) {
        if (isCurrent) setProblem(toProblem(error));
      }
    };
    void load();
    return () => {
      isCurrent = false;
    };
  }, [client, asked, tries]);
  return { written, problem, retry: () => setTries(tries + 1) };
}
