import { IconShieldLock } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import type { Auth } from '#shared/contract/auths.ts';
import { useClient, useSession } from '../../stores/session.tsx';
import { SharedThings, usersText, type SharedKind } from '../../ui/shared-things.tsx';
import { authWords, newAuth, partsText, type AuthDraft } from './auth-draft.ts';
import { authSecret, AuthView } from './auth-view.tsx';
import { createAuthList } from './auths-store.ts';
import type { RotatedSecret } from './rotate-part.tsx';

/** The authentications, as a section of the settings; `sections` switches to the others. */
export function AuthsView({ sections }: { readonly sections: ReactNode }) {
  const client = useClient();
  const [list] = useState(() => createAuthList(client));
  const { secrets } = useSession();
  const showSecret = (shown: RotatedSecret) => secrets.show(authSecret(shown));
  const kind: SharedKind<Auth, AuthDraft> = {
    topic: 'auths',
    key: 'auth',
    noun: 'authentication',
    label: 'Authentications',
    newLabel: 'New authentication',
    icon: IconShieldLock,
    empty: {
      sentence:
        'An authentication tells receivers that a request is genuine: a signature, a token, a key or a certificate, for as many endpoints as you like.',
      example: 'Partner API   Signature, OAuth 2\nBank          Mutual TLS',
    },
    blank: newAuth,
    words: authWords,
    list,
    fetchItem: (id, signal) => client.auths.get({ id }, { signal }),
    asideOf: usersText,
    noteOf: ({ parts }) => partsText(parts),
  };
  return (
    <SharedThings
      kind={kind}
      sections={sections}
      renderDetail={({ item, ...ways }) => <AuthView key={item?.id ?? 'new'} auth={item} onSecret={showSecret} {...ways} />}
    />
  );
}
