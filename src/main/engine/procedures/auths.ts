import { authPartId, type Auth } from '#shared/contract/auths.ts';
import type { Warning } from '#shared/contract/common.ts';
import type { AuthBook } from '../auth/book.ts';
import { checkAuth } from '../auth/check.ts';
import { partOf, secretOf, type AuthConfig } from '../auth/config.ts';
import { mergedParts, rotatedPart, withNewSecret } from '../auth/parts.ts';
import { deleteAuth, insertAuth, listAuths, updateAuth } from '../auth/store.ts';
import type { Tokens } from '../auth/tokens.ts';
import { partWarnings } from '../auth/weak-secrets.ts';
import type { Background } from '../background/background.ts';
import type { Changes } from '../base/changes.ts';
import type { Clock, Ids, Vault } from '../base/ports.ts';
import type { Procedures } from '../base/procedures.ts';
import { nameTaken } from '../base/refusal.ts';
import { assertUnchanged, changedAtMs } from '../base/unchanged.ts';
import { usersOfAuth } from '../endpoints/store.ts';
import { publicKeyOf } from '../signing/registry.ts';
import type { Database } from '../store/database.ts';
import { createInTurn } from '../store/in-turn.ts';
import { seqPages } from '../store/page.ts';
import { toAuth } from './auth-view.ts';
import { inUse } from './in-use.ts';

const pages = seqPages('auths');

export interface AuthDeps {
  readonly database: Database;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly changes: Changes;
  readonly auths: AuthBook;
  readonly tokens: Tokens;
  readonly background: Pick<Background, 'run'>;
}

/** Authentications that endpoints refer to. */
export function createAuthHandlers(os: Procedures, { database, vault, clock, ids, changes, auths: book, tokens, background }: AuthDeps) {
  const inTurn = createInTurn();
  const view = (auth: AuthConfig): Auth => toAuth(auth, usersOfAuth(database, auth.id), clock.now());
  const changed = (auth: AuthConfig) => {
    book.put(auth);
    changes.publish('auths', [auth.id]);
  };
  const save = async (auth: AuthConfig) => {
    if (!(await database.write((writer) => updateAuth(database, writer, auth, vault)))) throw nameTaken('authentication', auth.name);
    changed(auth);
  };

  return {
    list: os.auths.list.handler(({ input }) => {
      const rows = listAuths(database, { beforeSeq: pages.before(input.cursor), limit: input.limit + 1, q: input.q });
      return pages.page(rows, input.limit, ({ id }) => view(book.get(id)));
    }),
    get: os.auths.get.handler(({ input }) => view(book.get(input.id))),
    create: os.auths.create.handler(async ({ input }) => {
      const nowMs = clock.now();
      const auth: AuthConfig = {
        ...input,
        id: ids.next('aut'),
        parts: await mergedParts(input.parts, [], { background, nowMs }),
        isDeleted: false,
        createdAtMs: nowMs,
        updatedAtMs: nowMs,
      };
      if (!(await database.write((writer) => insertAuth(database, writer, auth, vault)))) throw nameTaken('authentication', auth.name);
      changed(auth);
      return { ...view(auth), ...newSignature(auth, null), warnings: partWarnings(auth.parts, nowMs) };
    }),
    update: os.auths.update.handler(({ input: { id, ifUpdatedAtMs, ...patch } }) =>
      inTurn(id, async () => {
        const before = book.get(id);
        const { name, description } = patch;
        assertUnchanged(before.name, view(before), ifUpdatedAtMs, { name, description });
        const nowMs = clock.now();
        const auth: AuthConfig = {
          ...before,
          name: name ?? before.name,
          description: description ?? before.description,
          parts: patch.parts === undefined ? before.parts : await mergedParts(patch.parts, before.parts, { background, nowMs }),
          updatedAtMs: changedAtMs(before, nowMs),
        };
        await save(auth);
        return { ...view(auth), ...newSignature(auth, before), warnings: partWarnings(auth.parts, nowMs) };
      }),
    ),
    remove: os.auths.remove.handler(({ input: { id } }) =>
      inTurn(id, async () => {
        const auth = book.get(id);
        // Removed from the book first, so that no endpoint can start to use it after the check for users.
        book.remove(id);
        try {
          await database.write((writer) => {
            const users = usersOfAuth(database, id, writer);
            if (users.length > 0) throw inUse(auth.name, users, 'authentication');
            deleteAuth(database, writer, id, vault, clock.now());
          });
        } catch (error) {
          book.put(auth);
          throw error;
        }
        changes.publish('auths', [id]);
        return { id };
      }),
    ),
    rotateSecret: os.auths.rotateSecret.handler(({ input }) =>
      inTurn(input.id, async () => {
        const before = book.get(input.id);
        const nowMs = clock.now();
        const old = rotatedPart(before.parts, input.part);
        const { part, secret, previousExpiresAtMs } = withNewSecret(old, input.secret, {
          nowMs,
          overlapEndsAtMs: nowMs + input.overlapMs,
        });
        const parts = before.parts.map((each) => (each === old ? part : each));
        const auth: AuthConfig = { ...before, parts, updatedAtMs: changedAtMs(before, nowMs) };
        await save(auth);
        const publicKey = part.kind === 'signature' ? publicKeyOf(part.signing, secret) : null;
        const warnings = partWarnings(parts, nowMs).filter(({ path }) => path === `parts.${parts.indexOf(part)}`);
        return { ...view(auth), part: authPartId(part), secret, publicKey, previousExpiresAtMs, warnings: warnings.map(aboutSecret) };
      }),
    ),
    check: os.auths.check.handler(async ({ input }) => {
      const checkedAtMs = clock.now();
      const results = [...(await checkAuth(book.get(input.id), tokens, checkedAtMs))];
      return { isUsable: results.every(({ status }) => status !== 'failed'), checkedAtMs, results };
    }),
  };
}

/** The secret of a signature that was not there before, which is shown only now. */
function newSignature(auth: AuthConfig, before: AuthConfig | null): { readonly secret: string | null; readonly publicKey: string | null } {
  const part = partOf(auth, 'signature');
  const old = before === null ? undefined : partOf(before, 'signature');
  if (part === undefined || (old !== undefined && secretOf(old) === secretOf(part))) return { secret: null, publicKey: null };
  return { secret: secretOf(part), publicKey: publicKeyOf(part.signing, secretOf(part)) };
}

function aboutSecret(warning: Warning): Warning {
  return { ...warning, path: 'secret' };
}
