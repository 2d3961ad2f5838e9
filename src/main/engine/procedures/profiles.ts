import { setImmediate as nextTurn } from 'node:timers/promises';
import { profileInput, type Profile, type ProfileInput, type ProfileSummary } from '#shared/contract/profiles.ts';
import type { HeaderField } from '#shared/contract/common.ts';
import { builtInProfiles } from '#shared/profiles/index.ts';
import { isJsonLonger } from '#shared/json-length.ts';
import { contentOf, summaryOf } from '#shared/profiles/profile.ts';
import type { Changes } from '../base/changes.ts';
import type { Clock, Ids } from '../base/ports.ts';
import type { Procedures } from '../base/procedures.ts';
import { conflict, invalid, nameTaken, notFound } from '../base/refusal.ts';
import { assertUnchanged, changedAtMs } from '../base/unchanged.ts';
import { withoutUndefined } from '../base/without-undefined.ts';
import type { BinBook } from '../capture/bin-book.ts';
import { findCapture } from '../capture/list.ts';
import type { ProfileBook } from '../profiles/book.ts';
import { proposeProfile } from '../profiles/propose.ts';
import { deleteProfile, insertProfile, listProfiles, updateProfile, type OwnProfile } from '../profiles/store.ts';
import { assertHandshake } from '../handshakes/templates.ts';
import { assertHeaderTemplates } from '../templates/header-value.ts';
import type { Renderer } from '../templates/renderer.ts';
import { unreadTemplate } from '../templates/template.ts';
import type { Database } from '../store/database.ts';
import { createInTurn } from '../store/in-turn.ts';
import { seqPages } from '../store/page.ts';
import { usersOf } from '../endpoints/store.ts';
import { addVersion, deleteVersions, type NewVersion } from '../template-versions/store.ts';
import { planPolicy, type PlanDeps } from './plan-policy.ts';
import { answerVersions, wholeVersion, type Versioned } from './answer-versions.ts';

const pages = seqPages('profiles');

/** Room for the built-in profiles behind the saved ones, whose places in the list are counted on from it. */
const builtInPlaces = 1000;

export interface ProfileDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly changes: Changes;
  readonly profiles: ProfileBook;
  readonly bins: Pick<BinBook, 'find'>;
  readonly policies: PlanDeps['policies'];
  readonly renderer: Pick<Renderer, 'check'>;
}

/** Profiles: the built-in ones, and those that people save. */
export function createProfileHandlers(
  os: Procedures,
  { database, clock, ids, changes, profiles: book, policies, bins, renderer }: ProfileDeps,
) {
  const inTurn = createInTurn();
  const check = async ({ fields: { template, headers, retryHeaders = {} }, unsignedHeaders, handshakes }: ProfileInput) => {
    assertHeaderTemplates({ headers: { ...headers, ...unsignedHeaders }, retryHeaders });
    for (const [index, handshake] of handshakes.entries()) assertHandshake(handshake, `handshakes.${index}`);
    if (template !== undefined && template !== null) await renderer.check(unreadTemplate(template));
  };
  const add = async (content: ProfileInput, actor: string) => {
    await assertSize(content);
    await check(content);
    const nowMs = clock.now();
    const profile: OwnProfile = { ...content, id: ids.next('prf'), isBuiltIn: false, createdAtMs: nowMs, updatedAtMs: nowMs };
    const isAdded = await database.write((writer) => {
      if (!insertProfile(database, writer, profile)) return false;
      addVersion(writer, profile.id, { source: templateOf(profile), cause: 'created', madeBy: actor, madeAtMs: nowMs }, null);
      return true;
    });
    if (!isAdded) throw nameTaken('profile', profile.name);
    book.put(profile);
    changes.publish('profiles', [profile.id]);
    return { ...profile, warnings: [] };
  };
  /** Changes a profile of somebody's own; only one change of a profile may be made at a time. Rejects with a Refusal. */
  const update = async (
    id: string,
    { ifUpdatedAtMs, ...patch }: Partial<ProfileInput> & { readonly ifUpdatedAtMs?: number | undefined },
    made: Pick<NewVersion, 'cause' | 'madeBy' | 'restoredFrom'>,
  ) => {
    const before = ownProfile(book, id);
    assertUnchanged(before.name, before, ifUpdatedAtMs, patch);
    const content = profileInput.parse({ ...contentOf(before), ...patch });
    await assertSize(content);
    await check(content);
    const profile: OwnProfile = { ...before, ...content, updatedAtMs: changedAtMs(before, clock.now()) };
    const isSaved = await database.write((writer) => {
      if (!updateProfile(database, writer, profile)) return false;
      if (templateOf(profile) !== templateOf(before))
        addVersion(writer, id, { ...made, source: templateOf(profile), madeAtMs: profile.updatedAtMs }, keptOf(before));
      return true;
    });
    if (!isSaved) throw nameTaken('profile', profile.name);
    book.put(profile);
    changes.publish('profiles', [id]);
    return { ...profile, warnings: [] };
  };
  const versioned = (id: string): Versioned => {
    const profile = ownProfile(book, id);
    return { id, template: templateOf(profile), updatedAtMs: profile.updatedAtMs };
  };

  return {
    list: os.profiles.list.handler(({ input: { cursor, limit, q } }) => {
      const before = pages.before(cursor);
      const own = listProfiles(database, { beforeSeq: before - builtInPlaces, limit: limit + 1, q });
      const rows = [
        ...own.map(({ seq, profile }) => ({ seq: seq + builtInPlaces, profile })),
        ...builtInProfiles()
          .map((profile, index) => ({ seq: builtInPlaces - 1 - index, profile: summaryOf(profile) }))
          .filter(({ seq, profile }) => seq < before && isAbout(profile, q)),
      ];
      return pages.page(rows.slice(0, limit + 1), limit, ({ profile }) => profile);
    }),
    get: os.profiles.get.handler(({ input }) => book.get(input.id)),
    create: os.profiles.create.handler(({ input: { copyOf, ...given }, context: { actor } }) => {
      const copied = copyOf === undefined ? undefined : contentOf(book.get(copyOf));
      const name = copied === undefined ? undefined : `Copy of ${copied.name}`;
      return add(profileInput.parse({ ...copied, name, ...given }), actor);
    }),
    update: os.profiles.update.handler(({ input: { id, ...patch }, context: { actor } }) =>
      inTurn(id, () => update(id, withoutUndefined(patch), { cause: 'edited', madeBy: actor })),
    ),
    templateVersions: os.profiles.templateVersions.handler(({ input: { id } }) => ({
      items: book.get(id).isBuiltIn ? [] : answerVersions(database, versioned(id)),
    })),
    templateVersion: os.profiles.templateVersion.handler(({ input: { id, number } }) => wholeVersion(database, versioned(id), number)),
    restoreTemplate: os.profiles.restoreTemplate.handler(({ input: { id, number, ifUpdatedAtMs }, context: { actor } }) =>
      inTurn(id, () => {
        const { template } = wholeVersion(database, versioned(id), number);
        const fields = { ...ownProfile(book, id).fields, template };
        return update(id, { fields, ifUpdatedAtMs }, { cause: 'restored', restoredFrom: number, madeBy: actor });
      }),
    ),
    remove: os.profiles.remove.handler(({ input: { id } }) =>
      inTurn(id, async () => {
        ownProfile(book, id);
        await database.write((writer) => {
          deleteProfile(database, writer, id);
          deleteVersions(writer, id);
        });
        book.remove(id);
        changes.publish('profiles', [id]);
        return { id };
      }),
    ),
    ensurePlan: os.profiles.ensurePlan.handler(async ({ input: { id, plan } }) => {
      const { isDeleted: _, ...policy } = await planPolicy({ database, clock, ids, changes, policies }, book.get(id), plan);
      return { ...policy, usedBy: usersOf(database, policy.id).map((user) => ({ ...user })) };
    }),
    export: os.profiles.export.handler(({ input }) => ({ hookyardProfile: 1 as const, profile: contentOf(book.get(input.id)) })),
    propose: os.profiles.propose.handler(({ input: { captureId, name } }) => {
      const capture = findCapture(database, captureId);
      if (capture === undefined) throw notFound('capture', captureId);
      const { method, bytes: body, received_at_ms: receivedAtMs } = capture;
      const headers = JSON.parse(capture.headers_json) as HeaderField[];
      const from = { method, headers, body, receivedAtMs, signing: bins.find(capture.bin_id)?.signing ?? null };
      const { profile, notes } = proposeProfile(from, name ?? `From ${method} ${capture.target}`.slice(0, 200));
      return { profile, notes: [...notes] };
    }),
    import: os.profiles.import.handler(({ input, context: { actor } }) => add(input.profile, actor)),
  };
}

/** Characters of a profile as JSON. It is read, checked and written whole, which takes some 20 ms for the longest. */
const profileCharacters = 2_000_000;

/** Rejects with a Refusal. Other calls get their turn first: reading the call took one of its own. */
async function assertSize(content: ProfileInput): Promise<void> {
  await nextTurn();
  if (!isJsonLonger(content, profileCharacters)) return;
  const limit = profileCharacters / 1_000_000;
  throw invalid(
    'eventTypes',
    `The profile is over the limit of ${limit} million characters: leave out samples or event types, or import them into the catalogue.`,
  );
}

function isAbout({ id, name, summary }: ProfileSummary, q: string | undefined): boolean {
  return q === undefined || [id, name, summary].some((text) => text.toLowerCase().includes(q.toLowerCase()));
}

/** A profile that may be changed. Throws a Refusal for a built-in one and for one that is not there. */
function ownProfile(book: ProfileBook, id: string): OwnProfile {
  const profile = book.get(id);
  if (isOwn(profile)) return profile;
  const message = `${profile.name} is built in and stays as it is. Make a copy of it with POST /api/profiles {"copyOf": "${id}"}, and change that.`;
  throw conflict('id', message);
}

/** The template of a profile; null for the default envelope, and where the profile says nothing of it. */
function templateOf({ fields }: Pick<Profile, 'fields'>): string | null {
  return fields.template ?? null;
}

function keptOf(profile: OwnProfile): NewVersion {
  return { source: templateOf(profile), cause: 'kept', madeBy: null, madeAtMs: profile.updatedAtMs };
}

function isOwn(profile: Profile): profile is OwnProfile {
  return !profile.isBuiltIn;
}
