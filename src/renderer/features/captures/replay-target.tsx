import { SegmentedControl, Select, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Bin } from '#shared/contract/bins.ts';
import { useCatalogue, useSchemes } from '../../stores/session.tsx';
import styles from './replay.module.css';

const anyUrl = 'url';
const urlKey = 'hookyard.captures.replayUrl';

/** Where captured requests are sent on to and with which signature, while that is chosen. */
export type ReplayTarget = ReturnType<typeof useReplayTarget>;

/** The choice of a target for captures of a bin; the URL is the one that was used last. */
export function useReplayTarget(bin: Bin) {
  const { endpoints, auths } = useCatalogue();
  const [target, setTarget] = useState(anyUrl);
  const [url, setUrl] = useState(() => localStorage.getItem(urlKey) ?? '');
  const [as, setAs] = useState<'received' | 'resigned'>('received');
  const [withAuth, setWithAuth] = useState(false);
  const endpoint = endpoints.find(({ id }) => id === target);
  const auth = auths.find(({ id }) => id === endpoint?.authId);
  const signing = endpoint === undefined ? bin.signing : endpoint.signing;
  const canSign = signing !== null && (endpoint !== undefined || bin.secretFingerprints.length > 0);
  return {
    target,
    setTarget,
    url,
    setUrl,
    setAs,
    endpoint,
    /** Its authentication; undefined where it has none, or for a URL. */
    auth,
    withAuth: withAuth && auth !== undefined,
    setWithAuth,
    scheme: signing?.scheme ?? null,
    canSign,
    /** As received where nothing can be signed, whatever was chosen before. */
    as: canSign ? as : 'received',
    /** Null while the URL is empty. */
    to: endpoint === undefined ? (url === '' ? null : { url }) : { endpointId: endpoint.id },
    /** Keeps the URL for the next time. */
    keepUrl: () => {
      if (endpoint === undefined) localStorage.setItem(urlKey, url);
    },
  } as const;
}

interface TargetFieldsProps {
  readonly choice: ReplayTarget;
  readonly urlIssue: string | undefined;
}

/** An endpoint or a URL. */
export function TargetFields({ choice: { target, setTarget, endpoint, url, setUrl }, urlIssue }: TargetFieldsProps) {
  const { endpoints } = useCatalogue();
  return (
    <>
      <Select
        label="To"
        data={[
          { value: anyUrl, label: 'A URL' },
          ...endpoints.map(({ id, name, isActive }) => ({ value: id, label: isActive ? name : `${name} (disabled)`, disabled: !isActive })),
        ]}
        value={target}
        onChange={(value) => setTarget(value ?? anyUrl)}
        allowDeselect={false}
        searchable
      />
      {endpoint === undefined && (
        <TextInput
          label="URL"
          placeholder="http://127.0.0.1:3000/webhooks"
          classNames={{ input: 'mono' }}
          data-autofocus
          value={url}
          error={urlIssue}
          onChange={(event) => setUrl(event.currentTarget.value.trim())}
        />
      )}
    </>
  );
}

/** With the old signature, or with a new one where there is something to sign with; says what that means. */
export function SignatureChoice({ choice }: Pick<TargetFieldsProps, 'choice'>) {
  return (
    <div>
      <SegmentedControl
        aria-label="Signature"
        fullWidth
        data={[
          { value: 'received', label: 'As received' },
          { value: 'resigned', label: 'With a new signature', disabled: !choice.canSign },
        ]}
        value={choice.as}
        onChange={(value) => choice.setAs(value as typeof choice.as)}
      />
      <SignatureNote {...choice} isOfEndpoint={choice.endpoint !== undefined} />
      {choice.auth !== undefined && (
        <Switch
          label={`With the headers of ${choice.auth.name}`}
          description="In place of captured ones of the same names."
          checked={choice.withAuth}
          onChange={(event) => choice.setWithAuth(event.currentTarget.checked)}
        />
      )}
    </div>
  );
}

interface SignatureNoteProps extends Pick<ReplayTarget, 'as' | 'scheme' | 'canSign'> {
  readonly isOfEndpoint: boolean;
}

function SignatureNote({ as, scheme, canSign, isOfEndpoint }: SignatureNoteProps) {
  const schemes = useSchemes();
  const title = schemes.find(({ id }) => id === scheme)?.title ?? scheme;
  const owner = isOfEndpoint ? 'the endpoint' : 'this bin';
  const why =
    scheme === null
      ? `${isOfEndpoint ? 'The endpoint' : 'This bin'} has no scheme to sign with.`
      : `This bin has no secret for ${title ?? ''}.`;
  return (
    <p className={styles['note']}>
      {as === 'resigned'
        ? `Signed by ${title ?? ''} with the secret of ${owner} and a new timestamp. All other headers and the body stay.`
        : `Every header, the old signature and every byte of the body are sent as they came.${canSign ? '' : ` ${why}`}`}
    </p>
  );
}
