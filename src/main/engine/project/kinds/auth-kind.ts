import { allPages } from '#shared/all-pages.ts';
import { authInput, type AuthPart } from '#shared/contract/auths.ts';
import type { AuthBook } from '../../auth/book.ts';
import { secretOf, type ClientIdentity, type StoredPart } from '../../auth/config.ts';
import { partId } from '../auth-part-id.ts';
import type { Fields } from '../read-project.ts';
import { kept, type Secret } from '../secrets.ts';
import { itemsOf, omit, pick, withSecretsAside, type Kind } from './kind.ts';

const authEntry = authInput.omit({ name: true });

/** What the view of a part has beside the fields that a call gives. */
const onlyShown = ['id', 'secrets', 'form', 'certificate', 'authorities'];

/** The field in which a call gives the secret of a part. */
const secretFields: Readonly<Partial<Record<AuthPart['kind'], string>>> = {
  signature: 'secret',
  basic: 'password',
  bearer: 'token',
  header: 'value',
  query: 'value',
  oauth2: 'clientSecret',
};

/** Authentications. */
export function authKind(book: Pick<AuthBook, 'get'>): Kind {
  return {
    kind: 'auths',
    noun: 'authentication',
    required: ['parts'],
    deciding: [],
    content: [],
    list: async ({ auths }) =>
      (await allPages((from) => auths.list({ limit: 200, ...from }))).map(({ id, name, description, parts }) => {
        const stored = book.get(id).parts;
        return {
          id,
          name,
          fields: { description, parts: parts.map((part, index) => ({ ...omit(part, onlyShown), ...secretsOf(stored[index]) })) },
        };
      }),
    complete: (_name, fields, _world, current) => {
      const whole = withSecretsAside(fields, (plain) => authEntry.parse(plain));
      const before = new Map(itemsOf(current?.['parts']).map((part) => [partId(part), part]));
      return { ...whole, parts: itemsOf(whole['parts']).map((part) => withKept(part, before.get(partId(part)))) };
    },
    create: async ({ auths }, name, fields) => (await auths.create({ name, ...authEntry.parse(fields) })).id,
    update: async ({ auths }, { id }, changed, fields) =>
      void (await auths.update({ id, ...pick(authEntry.parse(fields), Object.keys(changed)) })),
    remove: async ({ auths }, id) => void (await auths.remove({ id })),
  };
}

function secretsOf(part: StoredPart | undefined): Readonly<Record<string, Secret>> {
  if (part === undefined || part.secrets.length === 0) return {};
  const field = secretFields[part.kind];
  if (field !== undefined) return { [field]: kept(secretOf(part)) };
  const identity = JSON.parse(secretOf(part)) as ClientIdentity;
  return Object.fromEntries(Object.entries(identity).flatMap(([name, text]) => (typeof text === 'string' ? [[name, kept(text)]] : [])));
}

/** A part with the secrets that it leaves out, as it has them. */
function withKept(part: Fields, before: Fields | undefined): Fields {
  if (before === undefined) return part;
  const secrets = Object.values(secretFields);
  if (part['kind'] !== 'mutual-tls') return { ...pick(before, secrets), ...part };
  const isSame = (field: string) => part[field] === undefined || JSON.stringify(part[field]) === JSON.stringify(before[field]);
  // The private key is kept as it was opened, and its passphrase not at all, so the certificate tells whether they are others.
  return isSame('certificate') && isSame('pkcs12Base64') ? before : part;
}
