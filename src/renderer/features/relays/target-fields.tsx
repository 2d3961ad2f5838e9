import { ActionIcon, Checkbox, PasswordInput, Select, Textarea, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import type { RetryPresetName } from '#shared/contract/retry-choice.ts';
import { hasOutputs } from '#shared/contract/template-outputs.ts';
import { DurationInput } from '../../ui/duration-input.tsx';
import { SigningFields } from '../../ui/signing-fields.tsx';
import { useCatalogue } from '../../stores/session.tsx';
import { ownRetry, retryChoices, toUrl, type TargetDraft } from './relay-draft.ts';
import styles from './relays.module.css';

interface TargetFieldsProps {
  readonly target: TargetDraft;
  /** Its place in the list, from 0. */
  readonly index: number;
  /** By the field of the contract. */
  readonly errors: Readonly<Record<string, string>>;
  /** Null for the only one. */
  readonly onRemove: (() => void) | null;
  readonly onChange: (change: Partial<TargetDraft>) => void;
}

const paths = [
  { value: 'append', label: 'appended to that of the target' },
  { value: 'drop', label: 'left out' },
  { value: 'replace', label: 'with another beginning' },
];

/** One target of a relay: where it is, what goes there, and what is changed on the way. */
export function TargetFields({ target, index, errors, onRemove, onChange }: TargetFieldsProps) {
  const { endpoints, auths } = useCatalogue();
  const auth = auths.find(({ id }) => id === endpoints.find((endpoint) => endpoint.id === target.to)?.authId);
  const isUrl = target.to === toUrl;
  const error = (field: string) => errors[`targets.${index}${field === '' ? '' : `.${field}`}`];
  return (
    <fieldset className={styles['target']}>
      <legend>Target {index + 1}</legend>
      {onRemove !== null && (
        <ActionIcon
          className={styles['removeTarget'] ?? ''}
          variant="subtle"
          size={24}
          aria-label={`Remove target ${index + 1}`}
          onClick={onRemove}
        >
          <IconTrash size={14} />
        </ActionIcon>
      )}
      <Select
        label="To"
        data={[{ value: toUrl, label: 'A URL' }, ...endpoints.map(({ id, name }) => ({ value: id, label: name }))]}
        value={target.to}
        error={error('endpointId') ?? error('')}
        allowDeselect={false}
        searchable
        onChange={(to) => onChange(to === null ? {} : { to, path: to === toUrl ? 'append' : 'drop' })}
      />
      {isUrl && (
        <TextInput
          label="URL"
          placeholder="http://127.0.0.1:3000/webhooks"
          classNames={{ input: 'mono' }}
          value={target.url}
          error={error('url')}
          onChange={(event) => onChange({ url: event.currentTarget.value })}
        />
      )}
      <Textarea
        label="Only if"
        description="One condition a line; without any, all that the relay forwards."
        placeholder="json.$.data.status=paid"
        classNames={{ input: 'mono' }}
        autosize
        minRows={1}
        value={target.match}
        error={error('match')}
        onChange={(event) => onChange({ match: event.currentTarget.value })}
      />
      <Select
        label="The path and query behind the bin's own are"
        data={paths}
        value={target.path}
        error={error('path')}
        allowDeselect={false}
        onChange={(path) => onChange({ path: (path ?? 'append') as TargetDraft['path'] })}
      />
      {target.path === 'replace' && (
        <div className={styles['pair']}>
          <TextInput
            label="In place of"
            placeholder="/v1"
            classNames={{ input: 'mono' }}
            value={target.replace}
            error={error('path.replace')}
            onChange={(event) => onChange({ replace: event.currentTarget.value })}
          />
          <TextInput
            label="Comes"
            placeholder="/v2"
            classNames={{ input: 'mono' }}
            value={target.by}
            error={error('path.by')}
            onChange={(event) => onChange({ by: event.currentTarget.value })}
          />
        </div>
      )}
      <SetAndRemove
        what="query fields"
        examples={['env=test', 'debug, trace']}
        set={target.setQuery}
        remove={target.removeQuery}
        error={error('query')}
        onSet={(setQuery) => onChange({ setQuery })}
        onRemove={(removeQuery) => onChange({ removeQuery })}
      />
      <SetAndRemove
        what="headers"
        examples={['X-Env: test', 'X-Internal, X-Trace']}
        set={target.setHeaders}
        remove={target.removeHeaders}
        error={error('headers')}
        onSet={(setHeaders) => onChange({ setHeaders })}
        onRemove={(removeHeaders) => onChange({ removeHeaders })}
      />
      <Select
        label="Signature"
        data={[
          { value: 'received', label: 'as received' },
          {
            value: 'resigned',
            label: isUrl ? 'made anew' : "made anew, by the endpoint's scheme and secret",
          },
        ]}
        value={target.as}
        error={error('as')}
        allowDeselect={false}
        onChange={(as) => onChange({ as: (as ?? 'received') as TargetDraft['as'] })}
      />
      {isUrl && target.as === 'resigned' && <NewSignature target={target} error={error} onChange={onChange} />}
      {auth !== undefined && (
        <Checkbox
          label={`With the headers of ${auth.name}`}
          description="In place of captured ones of the same names."
          checked={target.withAuth}
          error={error('withAuth')}
          onChange={(event) => onChange({ withAuth: event.currentTarget.checked })}
        />
      )}
      {isUrl && (
        <div className={styles['pair']}>
          <Select
            label="Retry policy"
            data={[...retryChoices(target.retry)]}
            value={typeof target.retry === 'string' ? target.retry : ownRetry}
            error={error('retryPolicy')}
            allowDeselect={false}
            searchable
            onChange={(retry) => onChange(retry === null || retry === ownRetry ? {} : { retry: retry as RetryPresetName })}
          />
          <Checkbox
            className={styles['check'] ?? ''}
            label="One at a time, in order"
            checked={target.isOrdered}
            onChange={(event) => onChange({ isOrdered: event.currentTarget.checked })}
          />
        </div>
      )}
      {isUrl && <UrlFields target={target} error={error} onChange={onChange} />}
    </fieldset>
  );
}

interface SetAndRemoveProps {
  readonly what: 'query fields' | 'headers';
  /** Of what is set, and of what is removed. */
  readonly examples: readonly [set: string, remove: string];
  readonly set: string;
  readonly remove: string;
  readonly error: string | undefined;
  readonly onSet: (text: string) => void;
  readonly onRemove: (text: string) => void;
}

/** Fields that are set, one a line, and names of those that are removed. */
function SetAndRemove({ what, examples, set, remove, error, onSet, onRemove }: SetAndRemoveProps) {
  return (
    <div className={styles['pair']}>
      <Textarea
        label={`Set ${what}`}
        description={hasOutputs(set) ? 'Sent as they stand: a relay fills in no {{ ... }}.' : undefined}
        placeholder={examples[0]}
        classNames={{ input: 'mono' }}
        autosize
        minRows={1}
        value={set}
        error={error}
        onChange={(event) => onSet(event.currentTarget.value)}
      />
      <TextInput
        label={`Remove ${what}`}
        placeholder={examples[1]}
        classNames={{ input: 'mono' }}
        value={remove}
        onChange={(event) => onRemove(event.currentTarget.value)}
      />
    </div>
  );
}

interface UrlFieldsProps extends Pick<TargetFieldsProps, 'target' | 'onChange'> {
  readonly error: (field: string) => string | undefined;
}

/** What the new signature of a URL is made with. */
function NewSignature({ target, error, onChange }: UrlFieldsProps) {
  const signingError = error('signing');
  return (
    <>
      <SigningFields
        label="Sign with"
        nullLabel="The scheme that the bin checks by"
        value={target.signing}
        errors={signingError === undefined ? {} : { scheme: signingError }}
        onChange={(signing) => onChange({ signing })}
      />
      <PasswordInput
        label="Secret"
        description={
          target.fingerprint === null
            ? 'Empty for that of the bin, where it checks by the same scheme.'
            : `Leave it empty to keep the current one, with fingerprint ${target.fingerprint}.`
        }
        value={target.secret}
        error={error('secret')}
        onChange={(event) => onChange({ secret: event.currentTarget.value.trim() })}
      />
    </>
  );
}

/** How a URL is sent to; an endpoint has settings of its own. */
function UrlFields({ target, error, onChange }: UrlFieldsProps) {
  return (
    <>
      <div className={styles['pair']}>
        <TextInput
          label="Called"
          placeholder="by its URL"
          value={target.name}
          error={error('name')}
          onChange={(event) => onChange({ name: event.currentTarget.value })}
        />
        <TextInput
          label="Delivered by"
          placeholder="2xx"
          classNames={{ input: 'mono' }}
          value={target.successRule}
          error={error('successRule')}
          onChange={(event) => onChange({ successRule: event.currentTarget.value })}
        />
        <DurationInput label="Timeout" value={target.timeout} error={error('timeoutMs')} onChange={(timeout) => onChange({ timeout })} />
        <TextInput
          label="Attempts at once"
          placeholder="as in Settings"
          inputMode="numeric"
          value={target.maxConcurrency}
          error={error('maxConcurrency')}
          onChange={(event) => onChange({ maxConcurrency: event.currentTarget.value })}
        />
        <TextInput
          label="Rate limit"
          placeholder="none"
          inputMode="numeric"
          value={target.rateCount}
          error={error('rateLimit')}
          onChange={(event) => onChange({ rateCount: event.currentTarget.value })}
        />
        <DurationInput
          label="per"
          disabled={target.rateCount.trim() === ''}
          value={target.ratePer}
          onChange={(ratePer) => onChange({ ratePer })}
        />
      </div>
      <Checkbox
        label="Check the certificate of the receiver"
        checked={target.verifyTls}
        onChange={(event) => onChange({ verifyTls: event.currentTarget.checked })}
      />
    </>
  );
}
