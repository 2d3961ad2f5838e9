import { Select } from '@mantine/core';
import { formatRoute } from '../../base/router.ts';
import { useCatalogue } from '../../stores/session.tsx';
import type { KnownAuth } from '../../stores/catalogue-store.ts';
import { MarkedField } from '../../ui/field-marks.tsx';
import { partsText } from '../auths/auth-draft.ts';
import { FormSection, type EndpointFormProps } from './form-section.tsx';
import styles from './endpoint-form.module.css';

/** The authentication that an endpoint refers to; undefined when it refers to none, or to one that is not read yet. */
export function useAuthOf(authId: string | null): KnownAuth | undefined {
  const { auths } = useCatalogue();
  return authId === null ? undefined : auths.find(({ id }) => id === authId);
}

/** Chooses an authentication that many endpoints share. */
export function AuthSection({ draft, onChange, errors, endpointId }: EndpointFormProps) {
  const { auths } = useCatalogue();
  const chosen = useAuthOf(draft.authId);
  const isListed = draft.authId === null || chosen !== undefined;
  const choose = (authId: string | null) => {
    const auth = auths.find(({ id }) => id === authId);
    // Of a new endpoint the scheme was not chosen yet: it is what the form begins with.
    const signing = endpointId === null && auth?.signing != null ? null : draft.signing;
    onChange({ ...draft, authId: authId === 'none' ? null : authId, signing });
  };
  return (
    <FormSection
      title="Authentication"
      note="Tokens, keys, certificates and a signature that endpoints share. If it signs, it does so in place of Signing below."
    >
      <MarkedField name="authId" className={styles['wide']}>
        <Select
          label="Authentication"
          allowDeselect={false}
          searchable
          nothingFoundMessage="No authentication has this name."
          data={[
            { value: 'none', label: 'None' },
            ...(isListed ? [] : [{ value: draft.authId ?? '', label: draft.authId ?? '' }]),
            ...auths.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          value={draft.authId ?? 'none'}
          error={errors['authId']}
          onChange={choose}
        />
      </MarkedField>
      <p className={`${styles['note']} ${styles['wide']}`}>
        {chosen === undefined ? (
          <a href={formatRoute({ area: 'settings', id: 'auths', query: auths.length === 0 ? { auth: 'new' } : {} })}>
            {auths.length === 0 ? 'Create an authentication' : 'Manage authentications'}
          </a>
        ) : (
          <>
            {partsText(chosen.parts)}. What it writes replaces what this endpoint writes in the same place.{' '}
            <a href={formatRoute({ area: 'settings', id: 'auths', query: { auth: chosen.id } })}>Change {chosen.name}</a>
          </>
        )}
      </p>
    </FormSection>
  );
}
