import { Modal, Select, Textarea, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Bin } from '#shared/contract/bins.ts';
import { durationText } from '#shared/duration-text.ts';
import { givenMethods } from '#shared/contract/given-head.ts';
import type { Client } from '../../base/client.ts';
import { toProblem, type Problem } from '../../base/problem.ts';
import { bytesText } from '../../base/size-format.ts';
import { CodeEditor } from '../../editor/code-editor.tsx';
import { useClient } from '../../stores/session.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { HeadersTable } from '../../ui/headers-table.tsx';
import type { ReadAnswers } from './answers-draft.ts';
import { readHeaders } from './header-lines.ts';
import styles from './answers.module.css';

type Preview = Awaited<ReturnType<Client['answers']['preview']>>;
type PreviewInput = Parameters<Client['answers']['preview']>[0];

/** What is edited and previewed: the body of one rule, of the bin's own response, or with undefined nothing but the whole way. */
export interface EditedAnswer {
  readonly title: string;
  /** The place of the rule from 0, null for the bin's own response, undefined for what the bin as a whole would answer. */
  readonly rule: number | null | undefined;
  readonly body: string;
  readonly onChange: (body: string) => void;
}

interface AnswerEditorProps {
  readonly bin: Bin;
  /** Null while it is closed. */
  readonly edited: EditedAnswer | null;
  /** The form as it stands. */
  readonly unsaved: Pick<PreviewInput, 'response'> & { readonly answers: ReadAnswers['answers'] };
  readonly onClose: () => void;
}

/** The body of an answer in the editor, beside what it makes of a capture or of a request that is typed. */
export function AnswerEditor({ bin, edited, unsaved, onClose }: AnswerEditorProps) {
  return (
    <Modal
      opened={edited !== null}
      onClose={onClose}
      title={edited?.title ?? ''}
      size="min(1200px, 94vw)"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {edited !== null && <Workbench bin={bin} edited={edited} unsaved={unsaved} />}
    </Modal>
  );
}

interface Typed {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headersText: string;
  readonly body: string;
}

const typedAtFirst: Typed = { method: 'POST', path: '/', query: '', headersText: 'Content-Type: application/json', body: '{"id": 1}' };
/** The value for a request that is typed, among ids of captures. */
const typedChoice = 'typed';

function Workbench({ bin, edited, unsaved }: Omit<AnswerEditorProps, 'edited' | 'onClose'> & { readonly edited: EditedAnswer }) {
  const captures = useRecentCaptures(bin.id);
  const [chosen, setChosen] = useState<string | null>(null);
  const [typed, setTyped] = useState(typedAtFirst);
  const choice = chosen ?? captures?.[0]?.value ?? typedChoice;
  const { preview, problem } = usePreview({
    id: bin.id,
    ...(choice === typedChoice ? { request: requestOf(typed) } : { captureId: choice }),
    ...(unsaved.response === undefined ? {} : { response: unsaved.response }),
    answers: unsaved.answers,
    ...(edited.rule === undefined ? {} : { rule: edited.rule }),
  });
  return (
    <div className={styles['workbench']} data-preview-only={edited.rule === undefined || undefined}>
      {edited.rule !== undefined && (
        <div className={styles['editor']}>
          <CodeEditor
            label="Body of the answer"
            path={`answers/${bin.id}/${edited.title}`}
            language={/^\s*[[{](?![{%])/.test(edited.body) ? 'liquid-json' : 'liquid'}
            value={edited.body}
            onChange={edited.onChange}
            scope={preview?.scope ?? {}}
            isWrapped
          />
        </div>
      )}
      <div className={styles['previewed']}>
        <Select
          label="For"
          data={[{ value: typedChoice, label: 'a request that I write' }, ...(captures ?? [])]}
          value={choice}
          allowDeselect={false}
          searchable
          onChange={setChosen}
        />
        {choice === typedChoice && <TypedFields typed={typed} onChange={(change) => setTyped({ ...typed, ...change })} />}
        {problem !== null && <ErrorNotice problem={problem} rest={problem.issues} />}
        {preview !== null && <PreviewView preview={preview} isWhole={edited.rule === undefined} />}
      </div>
    </div>
  );
}

function TypedFields({ typed, onChange }: { readonly typed: Typed; readonly onChange: (change: Partial<Typed>) => void }) {
  return (
    <div className={styles['typed']}>
      <div className={styles['typedLine']}>
        <Select
          label="Method"
          data={[...givenMethods]}
          value={typed.method}
          allowDeselect={false}
          onChange={(method) => onChange({ method: method ?? 'POST' })}
        />
        <TextInput
          label="Path"
          classNames={{ input: 'mono' }}
          value={typed.path}
          onChange={(event) => onChange({ path: event.currentTarget.value })}
        />
        <TextInput
          label="Query"
          placeholder="source=shop"
          classNames={{ input: 'mono' }}
          value={typed.query}
          onChange={(event) => onChange({ query: event.currentTarget.value })}
        />
      </div>
      <Textarea
        label="Its headers"
        classNames={{ input: 'mono' }}
        autosize
        minRows={1}
        maxRows={5}
        value={typed.headersText}
        onChange={(event) => onChange({ headersText: event.currentTarget.value })}
      />
      <Textarea
        label="Its body"
        classNames={{ input: 'mono' }}
        autosize
        minRows={2}
        maxRows={8}
        value={typed.body}
        onChange={(event) => onChange({ body: event.currentTarget.value })}
      />
    </div>
  );
}

function PreviewView({ preview, isWhole }: { readonly preview: Preview; readonly isWhole: boolean }) {
  const { status, headers, body, bodyBytes, delayMs, fault, answeredBy, checks } = preview;
  const isSaidBelow = isWhole && checks.some(({ isTaken, message }) => isTaken && message === answeredBy.why);
  return (
    <section aria-label="Answer" className={styles['answer']} aria-live="polite">
      <h3 data-bad={answeredBy.kind === 'problem' || undefined}>
        <span className="mono">{fault ?? status}</span>
        {delayMs > 0 && <span>after {durationText(delayMs)}</span>}
        <span>{bytesText(bodyBytes)}</span>
      </h3>
      {!isSaidBelow && (
        <p className={styles['why']} data-bad={answeredBy.kind === 'problem' || undefined}>
          {answeredBy.why}
        </p>
      )}
      {headers.length > 0 && <HeadersTable headers={headers} />}
      {body !== '' && <pre tabIndex={0}>{body}</pre>}
      {isWhole && checks.length > 0 && (
        <ol className={styles['checks']} aria-label="What was looked at">
          {checks.map(({ label, isTaken, message }, index) => (
            // What was looked at has no other identity than its place.
            <li key={`${index} ${label}`} data-taken={isTaken || undefined}>
              <b>{label}</b> {message}
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

function requestOf({ headersText, ...typed }: Typed): NonNullable<PreviewInput['request']> {
  const read = readHeaders(headersText);
  const headers = read.ok ? Object.entries(read.headers).map(([name, value]) => [name, [value].flat()[0] ?? '']) : [];
  return { ...typed, headers: Object.fromEntries(headers) as Record<string, string> } as NonNullable<PreviewInput['request']>;
}

const previewDelayMs = 250;

/** The answer to a request, asked for again a moment after each change. */
function usePreview(input: PreviewInput): { readonly preview: Preview | null; readonly problem: Problem | null } {
  const client = useClient();
  const [state, setState] = useState<{ readonly preview: Preview | null; readonly problem: Problem | null }>({
    preview: null,
    problem: null,
  });
  const asked = JSON.stringify(input);
  useEffect(() => {
    const stop = new AbortController();
    const ask = async () => {
      try {
        const preview = await client.answers.preview(JSON.parse(asked) as PreviewInput, { signal: stop.signal });
        setState({ preview, problem: null });
      } catch (error) {
        if (!stop.signal.aborted) setState((before) => ({ ...before, problem: toProblem(error) }));
      }
    };
    const timer = setTimeout(() => void ask(), previewDelayMs);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [client, asked]);
  return state;
}

const offeredCaptures = 20;

function useRecentCaptures(binId: string): readonly { readonly value: string; readonly label: string }[] | null {
  const client = useClient();
  const [captures, setCaptures] = useState<readonly { readonly value: string; readonly label: string }[] | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    const read = async () => {
      const page = await client.captures.list({ binId, limit: offeredCaptures }, { signal: stop.signal }).catch(() => null);
      if (stop.signal.aborted || page === null) return;
      setCaptures(
        page.items.map(({ id, method, target, receivedAtMs }) => ({
          value: id,
          label: `${method} ${target.length > 60 ? `${target.slice(0, 60)}…` : target}, ${new Date(receivedAtMs).toLocaleTimeString()}`,
        })),
      );
    };
    void read();
    return () => stop.abort();
  }, [client, binId]);
  return captures;
}
