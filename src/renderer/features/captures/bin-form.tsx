import { Button, Checkbox, PasswordInput, TextInput } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useState } from 'react';
import { bins, type Bin } from '#shared/contract/bins.ts';
import { slugOfName } from '#shared/names/slug.ts';
import type { Client } from '../../base/client.ts';
import type { FormWords } from '../../base/form-words.ts';
import { unreadableWith } from '../../base/input-issues.ts';
import type { Problem } from '../../base/problem.ts';
import { useClient, useSchemes } from '../../stores/session.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { useEdits } from '../../stores/use-edits.ts';
import { useSaving } from '../../ui/use-saving.ts';
import { EditForm } from '../../ui/edit-form.tsx';
import { MarkedField } from '../../ui/field-marks.tsx';
import { SigningFields } from '../../ui/signing-fields.tsx';
import { AnswerEditor, type EditedAnswer } from './answer-editor.tsx';
import { answerFields, readAnswers, readResponseDraft } from './answers-draft.ts';
import { answerText } from './bin-answer.ts';
import { binPatch, binWords, draftOfBin, newBinDraft, publicUrlOf, responseOf, type BinDraft } from './bin-draft.ts';
import { PlanFields } from './plan-fields.tsx';
import { ReceiverFields } from './receiver-fields.tsx';
import { ResponseFields } from './response-fields.tsx';
import { RuleList } from './rule-list.tsx';
import { useCounters } from './use-counters.ts';
import styles from './bin-form.module.css';

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

/** Where the editor of a body belongs to: the form key of a rule, or one of these. */
const ofBin = 'own';
const ofWholeWay = 'way';

/** Names of the draft's fields in the contract, where they differ. */
const contractNames: Readonly<Record<string, string>> = {
  status: 'response.status',
  headersText: 'response.headers',
  body: 'response.body',
  delay: 'response.delayMs',
  fault: 'response.fault',
  isTemplate: 'response',
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
    fields: [...fields, ...answerFields(draft)],
    submit: () => submit(client, bin, draft, edits.edited),
    onSaved: (result) => {
      edits.saved(draftOfBin(result));
      onSaved(result);
    },
    said: ({ name }) => (bin === null ? `Bin ${name} created` : `Bin ${name} saved`),
  });
  const { problem, rest, errors: byField } = saving;
  const set = (change: Partial<BinDraft>) => {
    saving.touch(Object.keys(change).flatMap((field) => touchedBy(field, draft)));
    edits.set(change);
  };
  const counters = useCounters(bin?.id ?? null);
  const [editedKey, setEditedKey] = useState<string | null>(null);
  const openEditor = bin === null ? null : setEditedKey;
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
        <ResponseFields
          value={draft}
          error={(field) => byField[`response.${field}`]}
          onChange={set}
          isMarked
          onOpenEditor={openEditor === null ? null : () => openEditor(ofBin)}
        />
        <p className={styles['says']} aria-live="polite">
          {whenGiven(draft)} <b>{answerText(responseOf(draft))}</b>.
        </p>
        <MarkedField name="plan">
          <PlanFields
            plan={draft.plan}
            error={(field) => byField[`answers.${field}`]}
            onChange={(change) => set({ plan: { ...draft.plan, ...change } })}
            counter={counters.of(null)}
            onReset={(value) => void counters.reset(null, value)}
          />
        </MarkedField>
        <div className={styles['formHead']}>
          <h2>Rules</h2>
          {openEditor !== null && (
            <Button size="compact-xs" variant="default" leftSection={<IconPlayerPlay size={13} />} onClick={() => openEditor(ofWholeWay)}>
              Try a request
            </Button>
          )}
        </div>
        <p className={styles['says']}>The first rule that matches answers, in place of the response above.</p>
        <MarkedField name="rules">
          <RuleList
            rules={draft.rules}
            errors={byField}
            counters={counters}
            onChange={(rules) => set({ rules })}
            onOpenEditor={openEditor}
          />
        </MarkedField>
        <h2>Before the rules</h2>
        <ReceiverFields draft={draft} scheme={draft.signing?.scheme ?? null} bin={bin} errors={byField} onChange={set} />
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
        {bin !== null && (
          <AnswerEditor
            bin={bin}
            edited={editedAnswer(draft, editedKey, set)}
            unsaved={{ response: responseOf(draft), answers: readAnswers(draft).answers }}
            onClose={() => setEditedKey(null)}
          />
        )}
      </div>
    </EditForm>
  );
}

/** Fields of the contract whose problems are no longer shown once a field of the form was changed. */
function touchedBy(field: string, draft: BinDraft): readonly string[] {
  const all = answerFields(draft);
  if (field === 'rules') return all.filter((name) => name.startsWith('answers.rules'));
  if (field === 'plan') return ['answers.key', 'answers.sequence', 'answers.failures'];
  if (field === 'signing') return ['signing', 'answers.refuse', 'answers.handshakes'];
  return [contractNames[field] ?? field, `answers.${field}`];
}

/** What the editor shows: the body of the bin's response or of a rule, or what the bin as a whole would answer; null while it is closed. */
function editedAnswer(draft: BinDraft, key: string | null, set: (change: Partial<BinDraft>) => void): EditedAnswer | null {
  if (key === null) return null;
  if (key === ofWholeWay) return { title: 'What the bin would answer', rule: undefined, body: '', onChange: () => undefined };
  if (key === ofBin) return { title: 'Body of the response', rule: null, body: draft.body, onChange: (body) => set({ body }) };
  const at = draft.rules.findIndex(({ formKey }) => formKey === key);
  const rule = draft.rules[at];
  if (rule === undefined) return null;
  return {
    title: `Body of rule ${at + 1}`,
    rule: at,
    body: rule.body,
    onChange: (body) => set({ rules: draft.rules.with(at, { ...rule, body }) }),
  };
}

/** The fields of a bin's form, with the schemes that the window knows. */
export function useBinWords(): FormWords {
  const schemes = useSchemes();
  return binWords((id) => schemes.find((scheme) => scheme.id === id)?.title ?? id);
}

function submit(client: Client, bin: Bin | null, draft: BinDraft, edited: readonly (keyof BinDraft)[]): Promise<Bin> | Problem {
  const { issues } = readResponseDraft(draft, 'response');
  const unread = [...issues, ...readAnswers(draft).issues];
  if (unread.length > 0)
    return unreadableWith(
      Object.fromEntries(unread.map(({ path, message }) => [path, message])),
      bins.create,
      bin === null ? newBinOf(draft) : { name: bin.name },
    );
  if (bin !== null) return client.bins.update({ id: bin.id, ...binPatch(draft, edited) });
  return client.bins.create(newBinOf(draft));
}

function newBinOf(draft: BinDraft) {
  const { name, slug, signing, secret } = draft;
  return {
    name,
    signing,
    response: responseOf(draft),
    answers: readAnswers(draft).answers,
    publicUrl: publicUrlOf(draft),
    trustsProxy: draft.trustsProxy,
    ...(slug === '' ? {} : { slug }),
    ...(secret === '' ? {} : { secrets: [secret] }),
  };
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
        placeholder={slugOfName(draft.name) || 'from the name'}
        leftSection="/"
        classNames={{ input: 'mono' }}
        value={draft.slug}
        error={error}
        onChange={(event) => onChange({ slug: event.currentTarget.value.trim() })}
      />
    </MarkedField>
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

/** Says before the response when that is given, by the form as it stands. */
function whenGiven({ rules, plan }: BinDraft): string {
  if (plan.steps.trim() !== '') return 'The step "answer" of the sequence gives';
  const who = rules.some(({ isActive }) => isActive) ? 'What no rule answers' : 'The next request';
  return ['', '0'].includes(plan.failPercent.trim()) ? `${who} will get` : `${who}, unless it fails at random, will get`;
}
