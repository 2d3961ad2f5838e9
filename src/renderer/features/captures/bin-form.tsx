import { Checkbox, NumberInput, PasswordInput, Textarea, TextInput } from '@mantine/core';
import { bins, type Bin } from '#shared/contract/captures.ts';
import { parseDurationMs } from '#shared/duration-text.ts';
import type { Client } from '../../base/client.ts';
import type { FormWords } from '../../base/form-words.ts';
import { unreadableWith } from '../../base/input-issues.ts';
import type { Problem } from '../../base/problem.ts';
import { useClient, useSchemes } from '../../stores/session.tsx';
import { DurationInput } from '../../ui/duration-input.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { useEdits } from '../../stores/use-edits.ts';
import { useSaving } from '../../ui/use-saving.ts';
import { EditForm } from '../../ui/edit-form.tsx';
import { MarkedField } from '../../ui/field-marks.tsx';
import { SigningFields } from '../../ui/signing-fields.tsx';
import { answerText } from './bin-answer.ts';
import { binPatch, binWords, draftOfBin, newBinDraft, publicUrlOf, readHeaders, responseOf, slugOf, type BinDraft } from './bin-draft.ts';
import styles from './captures.module.css';
import { readFault } from './fault-draft.ts';
import { FaultFields } from './fault-fields.tsx';

interface BinFormProps {
  /** Null for a new bin. */
  readonly bin: Bin | null;
  readonly onSaved: (bin: Bin) => void;
  /** Closes the form; null if it cannot be closed. */
  readonly onClose: (() => void) | null;
}

const fields = [
  'name',
  'slug',
  'response.status',
  'response.headers',
  'response.body',
  'response.delayMs',
  'response.fault',
  'signing',
  'secrets',
  'publicUrl',
  'trustsProxy',
] as const;

/** Names of the draft's fields in the contract, where they differ. */
const contractNames: Readonly<Record<string, string>> = {
  status: 'response.status',
  headersText: 'response.headers',
  body: 'response.body',
  delay: 'response.delayMs',
  fault: 'response.fault',
  secret: 'secrets',
};

/** How a bin answers and how it verifies; saved explicitly, and what was typed survives any failure. */
export function BinForm({ bin, onSaved, onClose }: BinFormProps) {
  const client = useClient();
  const saved = bin === null ? newBinDraft : draftOfBin(bin);
  const edits = useEdits(bin === null ? 'new:bin' : `bin:${bin.id}`, saved);
  const { draft } = edits;
  const words = useBinWords();
  const secretHint = useSchemes().find(({ id }) => id === draft.signing?.scheme)?.secretHint;
  const saving = useSaving({
    fields,
    submit: () => submit(client, bin, draft, edits.edited),
    onSaved: (result) => {
      edits.saved(draftOfBin(result));
      onSaved(result);
    },
    said: ({ name }) => (bin === null ? `Bin ${name} created` : `Bin ${name} saved`),
  });
  const { problem, rest, errors: byField } = saving;
  const set = (change: Partial<BinDraft>) => {
    saving.touch(Object.keys(change).map((field) => contractNames[field] ?? field));
    edits.set(change);
  };
  const headers = readHeaders(draft.headersText);
  return (
    <EditForm
      className={styles['form']}
      edits={edits}
      words={words}
      saving={saving}
      making={bin === null ? { name: draft.name.trim() || 'new bin', label: 'Create bin', onLeave: () => onClose?.() } : undefined}
    >
      <div className={styles['formBody']}>
        <h2>{bin === null ? 'New bin' : 'How this bin answers'}</h2>
        <ErrorNotice problem={problem} rest={rest} />
        {bin === null && (
          <div className={styles['pair']}>
            <TextInput
              label="Name"
              placeholder="Payments callback"
              data-autofocus
              autoFocus
              value={draft.name}
              error={byField['name']}
              onChange={(event) => set({ name: event.currentTarget.value })}
            />
            <SlugField draft={draft} error={byField['slug']} onChange={set} />
          </div>
        )}
        <AnswerFields
          draft={draft}
          byField={byField}
          headersError={headers.ok ? undefined : headers.message}
          delayError={delayProblem(draft) ?? undefined}
          onChange={set}
        />
        <MarkedField name="fault">
          <FaultFields value={draft.fault} error={faultError(problem, byField)} onChange={(fault) => set({ fault })} />
        </MarkedField>
        <p className={styles['says']} aria-live="polite">
          The next request will get <b>{answerText(responseOf(draft))}</b>.
        </p>
        <h2>Signature</h2>
        <MarkedField name="signing" className={styles['signing']}>
          <SigningFields
            label="Check captures by"
            nullLabel="Not checked"
            value={draft.signing}
            errors={errorsBelow(problem, 'signing')}
            onChange={(signing) => set({ signing })}
          />
        </MarkedField>
        {draft.signing !== null && (
          <PasswordInput
            label={bin === null || bin.secretFingerprints.length === 0 ? 'Secret' : 'New secret'}
            description={
              bin === null || bin.secretFingerprints.length === 0
                ? `The secret that the sender signs with${secretHint === undefined ? '' : `: ${secretHint}`}.`
                : `Leave it empty to keep the current one, with fingerprint ${bin.secretFingerprints.join(', ')}.`
            }
            value={draft.secret}
            error={byField['secrets']}
            onChange={(event) => set({ secret: event.currentTarget.value.trim() })}
          />
        )}
        {bin !== null && (
          <>
            <h2>Name and address</h2>
            <div className={styles['pair']}>
              <MarkedField name="name">
                <TextInput
                  label="Name"
                  value={draft.name}
                  error={byField['name']}
                  onChange={(event) => set({ name: event.currentTarget.value })}
                />
              </MarkedField>
              <SlugField draft={draft} error={byField['slug']} onChange={set} />
            </div>
            <MarkedField name="publicUrl">
              <TextInput
                label="Public URL"
                description="Where senders call this bin when that is not its own URL, such as through a tunnel. Signatures over the URL are checked with it."
                placeholder="https://example.trycloudflare.com/orders"
                classNames={{ input: 'mono' }}
                value={draft.publicUrl}
                error={byField['publicUrl']}
                onChange={(event) => set({ publicUrl: event.currentTarget.value })}
              />
            </MarkedField>
            <MarkedField name="trustsProxy">
              <Checkbox
                label="Believe the proxy on the URL that was called"
                description="Forwarded, or X-Forwarded-Proto and X-Forwarded-Host, then say it. Any sender can write these headers, so tick this only behind a proxy that replaces them."
                checked={draft.trustsProxy}
                onChange={(event) => set({ trustsProxy: event.currentTarget.checked })}
              />
            </MarkedField>
          </>
        )}
      </div>
    </EditForm>
  );
}

/** The fields of a bin's form, with the schemes that the window knows. */
export function useBinWords(): FormWords {
  const schemes = useSchemes();
  return binWords((id) => schemes.find((scheme) => scheme.id === id)?.title ?? id);
}

function submit(client: Client, bin: Bin | null, draft: BinDraft, edited: readonly (keyof BinDraft)[]): Promise<Bin> | Problem {
  const headers = readHeaders(draft.headersText);
  const delay = delayProblem(draft);
  const fault = readFault(draft.fault);
  if (!headers.ok || delay !== null || !fault.ok) {
    const unread = {
      ...(headers.ok ? {} : { 'response.headers': headers.message }),
      ...(delay === null ? {} : { 'response.delayMs': delay }),
      ...(fault.ok ? {} : { 'response.fault': fault.message }),
    };
    return unreadableWith(unread, bins.create, bin === null ? newBinOf(draft) : { name: bin.name });
  }
  if (bin !== null) return client.bins.update({ id: bin.id, ...binPatch(draft, edited) });
  return client.bins.create(newBinOf(draft));
}

function newBinOf(draft: BinDraft) {
  const { name, slug, signing, secret } = draft;
  return {
    name,
    signing,
    response: responseOf(draft),
    publicUrl: publicUrlOf(draft),
    trustsProxy: draft.trustsProxy,
    ...(slug === '' ? {} : { slug }),
    ...(secret === '' ? {} : { secrets: [secret] }),
  };
}

/** What the engine says of the fault, or of a figure of it. */
function faultError(problem: Problem | null, byField: Readonly<Record<string, string>>): string | undefined {
  return byField['response.fault'] ?? Object.values(errorsBelow(problem, 'response.fault'))[0];
}

function delayProblem({ delay }: BinDraft): string | null {
  return parseDurationMs(delay) === null ? 'Write a length of time, such as 500 ms or 5 s.' : null;
}

function SlugField({
  draft,
  error,
  onChange,
}: {
  readonly draft: BinDraft;
  readonly error: string | undefined;
  readonly onChange: (change: Partial<BinDraft>) => void;
}) {
  return (
    <MarkedField name="slug">
      <TextInput
        label="Path"
        placeholder={slugOf(draft.name) || 'from the name'}
        leftSection="/"
        classNames={{ input: 'mono' }}
        value={draft.slug}
        error={error}
        onChange={(event) => onChange({ slug: event.currentTarget.value.trim() })}
      />
    </MarkedField>
  );
}

interface AnswerFieldsProps {
  readonly draft: BinDraft;
  readonly byField: Readonly<Record<string, string>>;
  readonly headersError: string | undefined;
  readonly delayError: string | undefined;
  readonly onChange: (change: Partial<BinDraft>) => void;
}

function AnswerFields({ draft, byField, headersError, delayError, onChange }: AnswerFieldsProps) {
  return (
    <>
      <div className={styles['pair']}>
        <MarkedField name="status">
          <NumberInput
            label="Status"
            min={200}
            max={599}
            allowDecimal={false}
            value={draft.status}
            error={byField['response.status']}
            onChange={(value) => onChange({ status: typeof value === 'number' ? value : draft.status })}
          />
        </MarkedField>
        <MarkedField name="delay">
          <DurationInput
            label="Delay"
            placeholder="500 ms"
            value={draft.delay}
            error={delayError ?? byField['response.delayMs']}
            onChange={(delay) => onChange({ delay })}
          />
        </MarkedField>
      </div>
      <MarkedField name="headersText">
        <Textarea
          label="Headers"
          placeholder="Content-Type: application/json"
          classNames={{ input: 'mono' }}
          autosize
          minRows={2}
          maxRows={6}
          value={draft.headersText}
          error={headersError ?? byField['response.headers']}
          onChange={(event) => onChange({ headersText: event.currentTarget.value })}
        />
      </MarkedField>
      <MarkedField name="body">
        <Textarea
          label="Body"
          placeholder='{"received": true}'
          classNames={{ input: 'mono' }}
          autosize
          minRows={3}
          maxRows={12}
          value={draft.body}
          error={byField['response.body']}
          onChange={(event) => onChange({ body: event.currentTarget.value })}
        />
      </MarkedField>
    </>
  );
}

/** Messages about the fields below one path, by the rest of it. */
function errorsBelow(problem: Problem | null, path: string): Readonly<Record<string, string>> {
  const below = (problem?.issues ?? []).filter((issue) => issue.path.startsWith(`${path}.`));
  return Object.fromEntries(
    below.map((issue) => [
      issue.path
        .slice(path.length + 1)
        .split('.')
        .at(-1) ?? '',
      issue.message,
    ]),
  );
}
