import {
  ActionIcon,
  Autocomplete,
  Button,
  PasswordInput,
  Select,
  Tooltip,
  type ComboboxItem,
  type ComboboxParsedItem,
  type OptionsFilter,
} from '@mantine/core';
import { IconArrowRight, IconClipboardText, IconSelector, IconSend } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { givenMethods } from '#shared/contract/given-head.ts';
import type { Signing } from '#shared/contract/signing.ts';
import { modKeyLabel } from '../../base/keys.ts';
import type { Issue } from '../../base/problem.ts';
import { useSchemes } from '../../stores/session.tsx';
import { useProfiles } from '../../stores/use-profile.ts';
import { AreaBar } from '../../ui/area-bar.tsx';
import { NamedValuesInput } from '../../ui/named-values-input.tsx';
import { SchemeSelect } from '../../ui/scheme-select.tsx';
import { useUrlNames } from '../../ui/value-names.ts';
import { TlsMark, TlsMarkOf } from '../../ui/tls-mark.tsx';
import { SchemeOptionsFields } from '../../ui/signing-fields.tsx';
import type { OptionErrors } from '../../ui/option-errors.ts';
import { chosenEndpoint, chosenEventType, knownGroups, targetsOf, type ComposeState } from './compose-state.ts';
import type { ComposeStore } from './compose-store.types.ts';
import styles from './compose.module.css';
import { noTarget, oneOffKey, oneOffSigning, type OneOffTarget } from './draft.ts';
import { catalogueOwner, type EventGroup } from './event-samples.ts';

interface TargetBarProps {
  readonly store: ComposeStore;
  readonly state: ComposeState;
  readonly onSend: () => void;
  readonly onPaste: () => void;
}

/** What is sent and where to, with the one button that sends it. */
export function TargetBar({ store, state, onSend, onPaste }: TargetBarProps) {
  const options = [
    ...state.endpoints.map((endpoint) => ({
      value: endpoint.id,
      label: endpoint.isActive ? endpoint.name : `${endpoint.name} (disabled)`,
    })),
    ...state.unlisted.map((endpoint) => ({ value: endpoint.id, label: `Once, to ${endpoint.url}` })),
    { value: oneOffKey, label: 'Any URL, without an endpoint' },
  ];
  const urlOf = (id: string) => targetsOf(state).find((endpoint) => endpoint.id === id)?.url ?? 'An endpoint that is not registered';
  const endpoint = chosenEndpoint(state);
  const groups = knownGroups(state);
  const eventField = useRef<HTMLInputElement>(null);
  // Whoever was in the field before its first value came types over it, as in one that is entered later.
  useEffect(() => {
    if (state.isLoaded && document.activeElement === eventField.current) eventField.current?.select();
  }, [state.isLoaded]);
  return (
    <>
      <AreaBar
        title="Compose"
        action={
          <Tooltip label={`${modKeyLabel} + Enter`}>
            <Button
              leftSection={<IconSend size={15} />}
              onClick={onSend}
              disabled={!state.isLoaded}
              loading={state.sending.kind === 'sending'}
            >
              Send event
            </Button>
          </Tooltip>
        }
      >
        <Autocomplete
          className={styles['event'] ?? ''}
          size="sm"
          ref={eventField}
          aria-label="Event type"
          readOnly={!state.isLoaded}
          placeholder="Event type"
          data={eventOptions(groups)}
          value={chosenEventType(state)}
          onChange={(name) => void store.setEventType(name)}
          rightSection={<IconSelector size={15} color="var(--hy-faint)" aria-hidden />}
          rightSectionPointerEvents="none"
          maxDropdownHeight={320}
          comboboxProps={{ width: 360, position: 'bottom-start' }}
          filter={filterEvents(groups)}
        />
        <IconArrowRight size={16} className={styles['arrow'] ?? ''} aria-label="to" />
        <Select
          className={styles['target'] ?? ''}
          size="sm"
          aria-label="Endpoint"
          readOnly={!state.isLoaded}
          searchable
          data={options}
          value={state.isLoaded && state.target !== noTarget ? state.target : null}
          placeholder="Choose an endpoint"
          onChange={(value) => value !== null && void store.setTarget(value)}
          comboboxProps={{ width: 360, position: 'bottom-start' }}
          renderOption={({ option }) => (
            <span className={styles['option']}>
              <span className="truncate">
                {option.label}
                <TlsMarkOf endpointId={option.value} />
              </span>
              <span className={`truncate mono ${styles['optionUrl'] ?? ''}`}>{urlOf(option.value)}</span>
            </span>
          )}
        />
        <Tooltip label="Paste a request: curl, HAR, fetch, raw">
          <ActionIcon size={32} variant="default" aria-label="Paste a request" onClick={onPaste} disabled={!state.isLoaded}>
            <IconClipboardText size={16} />
          </ActionIcon>
        </Tooltip>
        {endpoint !== null && <TlsMark verifyTls={endpoint.verifyTls} />}
        {endpoint !== null && (
          <span className={`truncate mono ${styles['url'] ?? ''}`} title={endpoint.url}>
            {endpoint.url}
          </span>
        )}
      </AreaBar>
      {state.target === oneOffKey && state.isLoaded && <OneOffRow store={store} state={state} />}
    </>
  );
}

/** By who has them, where that is not the catalogue alone. */
function eventOptions(groups: readonly EventGroup[]) {
  const [only] = groups;
  if (groups.length === 1 && only?.owner === catalogueOwner) return [...only.names];
  return groups.map(({ owner, names }) => ({ group: owner, items: [...names] }));
}

/** Keeps what contains the typed text. The name that is chosen is not a search: the list then offers all. */
function filterEvents(groups: readonly EventGroup[]): OptionsFilter {
  const known = new Set(groups.flatMap(({ names }) => names));
  return ({ options, search }) => {
    if (known.has(search)) return options;
    const text = search.trim().toLowerCase();
    const isMatch = ({ label }: ComboboxItem) => label.toLowerCase().includes(text);
    return options.flatMap((option): readonly ComboboxParsedItem[] => {
      if (!('group' in option)) return isMatch(option) ? [option] : [];
      const items = option.items.filter(isMatch);
      return items.length === 0 ? [] : [{ ...option, items }];
    });
  };
}

const methods: readonly OneOffTarget['method'][] = ['POST', 'PUT', 'PATCH', 'DELETE', 'GET'];

/** Fields of a target that is not registered, and below them the options of its scheme. */
function OneOffRow({ store, state }: Pick<TargetBarProps, 'store' | 'state'>) {
  const { oneOff, preview } = state;
  const { head } = state.draft;
  const setMethod = (value: string) =>
    head === null
      ? store.setOneOff({ method: methods.find((method) => method === value) ?? 'POST' })
      : store.setHead({ method: givenMethods.find((method) => method === value) ?? 'POST' });
  const { signing } = oneOff;
  const [isOpen, setOpen] = useState(true);
  const schemes = useSchemes();
  const profiles = useProfiles();
  const urlNames = useUrlNames();
  const secretHint = schemes.find(({ id }) => id === signing?.scheme)?.secretHint;
  const issues = preview.problem?.where === 'request' ? preview.problem.issues : [];
  const issueAt = (field: string) => issues.find((issue) => new RegExp(`(^|\\.)${field}$`).test(issue.path))?.message;
  const urlIssue = oneOff.url === '' ? undefined : issueAt('url');
  const errors = signingErrors(issues);
  const hasOptions = signing !== null && isSenderOption(signing);
  return (
    <section className={styles['oneOff']} aria-label="Target">
      <div className={styles['oneOffRow']}>
        <Select
          className={styles['method'] ?? ''}
          size="sm"
          aria-label="Method"
          data={head === null ? [...methods] : [...givenMethods]}
          value={head?.method ?? oneOff.method}
          onChange={(value) => setMethod(value ?? 'POST')}
        />
        <NamedValuesInput
          className={styles['grow'] ?? ''}
          size="sm"
          aria-label="URL"
          placeholder="http://127.0.0.1:3000/webhooks"
          classNames={{ input: 'mono' }}
          names={urlNames}
          value={oneOff.url}
          error={urlIssue}
          onChange={(url) => store.setOneOff({ url: url.trim() })}
        />
        {head === null && (
          <Select
            className={styles['profile'] ?? ''}
            size="sm"
            aria-label="Behaves like"
            placeholder="Behaves like"
            title="Headers, body and signature as another system sends them"
            data={profiles.map(({ id, name }) => ({ value: id, label: name }))}
            value={oneOff.profile}
            searchable
            clearable
            nothingFoundMessage="No profile has this name."
            comboboxProps={{ width: 280, position: 'bottom-start' }}
            onChange={(id) => void store.setOneOffProfile(id)}
          />
        )}
        <SchemeSelect
          className={styles['scheme'] ?? ''}
          size="sm"
          aria-label="Signing"
          listWidth={340}
          schemes={schemes}
          first={{ value: 'none', label: head === null ? 'Not signed' : 'Signature as it came' }}
          value={signing?.scheme ?? 'none'}
          onChange={(value) => {
            setOpen(true);
            store.setOneOff({ signing: oneOffSigning(value) });
          }}
        />
        {signing !== null && (
          <PasswordInput
            className={styles['secret'] ?? ''}
            size="sm"
            aria-label="Secret"
            title={`${secretHint === undefined ? '' : `${secretHint}. `}Kept in this window only, never on disk`}
            placeholder="Secret; leave empty for a new one"
            value={state.oneOffSecret}
            error={issueAt('secret')}
            onChange={(event) => store.setOneOffSecret(event.currentTarget.value.trim())}
          />
        )}
        {hasOptions && (
          <Button size="sm" variant="default" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {isOpen ? 'Hide options' : optionsLabel(Object.keys(errors).length)}
          </Button>
        )}
      </div>
      {hasOptions && isOpen && (
        <div className={styles['oneOffOptions']}>
          <SchemeOptionsFields value={signing} errors={errors} onChange={(changed) => store.setOneOff({ signing: changed })} />
        </div>
      )}
    </section>
  );
}

function optionsLabel(wrong: number): string {
  return wrong === 0 ? 'Options' : `Options: ${wrong} to correct`;
}

/** Whether a scheme has options that change what is sent; how far a time may lie from the clock matters to receivers only. */
function isSenderOption({ scheme }: Signing): boolean {
  return scheme === 'custom' || scheme === 'paypal' || scheme === 'rfc9421';
}

/** What is wrong with the options of the scheme, by the name of the option. */
function signingErrors(issues: readonly Issue[]): OptionErrors {
  const named = issues.flatMap(({ path, message }) => {
    const option = /(?:^|\.)(?:signing|options)\.(\w+)/.exec(path)?.[1];
    return option === undefined ? [] : [[option, message] as const];
  });
  return Object.fromEntries(named);
}
