import type { PastedRequest } from '#shared/import/pasted.ts';
import type { Client } from '../../base/client.ts';
import { toProblem } from '../../base/problem.ts';
import type { ComposeAccess, Resend } from './compose-state.ts';
import { emptyDraft, noTarget, oneOffKey, unknownKey, type Draft, type DraftShelf, type OneOffTarget } from './draft.ts';
import { readCaptured, readPasted } from './read-request.ts';
import { readSent } from './read-sent.ts';

/** What another area passes to Compose: the id of an endpoint, and the name of an event type. */
export interface ComposeOrigin {
  readonly endpoint?: string | undefined;
  readonly event?: string | undefined;
}

/** Something to be sent again, by its id. */
export interface ResendSource {
  readonly kind: Resend['kind'];
  readonly id: string;
  /** Where a capture is to go, as was chosen before: a URL, or the id of an endpoint. */
  readonly to?: string | undefined;
  /** Whether that endpoint signs it anew. */
  readonly isSigned?: boolean;
}

interface OpenerDeps {
  readonly client: Client;
  readonly shelf: DraftShelf;
  readonly access: ComposeAccess;
  readonly load: () => Promise<void>;
  readonly render: () => Promise<void>;
  readonly knowTarget: (id: string) => Promise<boolean>;
  readonly ownTarget: () => Promise<string>;
  readonly setTarget: (target: string) => Promise<void>;
  readonly setEventType: (name: string) => Promise<void>;
}

/** Where a draft begins: at what another area names, or at something that is to be sent again. */
export interface Opener {
  readonly openFrom: (origin: ComposeOrigin) => Promise<void>;
  readonly openResend: (source: ResendSource | null) => Promise<void>;
  readonly keepPasted: (request: PastedRequest) => string;
}

/** Something to be sent again, with where it goes at first. */
interface Opened {
  readonly resend: Resend;
  readonly target: string;
  /** Takes the place of what a draft has that was kept of it. */
  readonly chosen?: { readonly url: string } | { readonly isSigned: boolean };
}

const notRead = { preview: { request: null, problem: null }, saveProblem: null, profile: null, event: null, attached: null } as const;

export function createOpener({ client, shelf, access: { get, set }, ...deps }: OpenerDeps): Opener {
  const { load, render, knowTarget, ownTarget } = deps;
  // If several are opened quickly, the last one is shown.
  let opening = 0;
  let wanted: string | null = null;
  /** What was being written when something else was opened; the storage may have refused to keep it. */
  let own: { readonly target: string; readonly draft: Draft; readonly oneOff: OneOffTarget } | null = null;
  /** Pasted requests are nowhere else. */
  const pasted = new Map<string, Resend>();

  const leaveResend = async () => {
    if (get().resend === null) return;
    const kept = own !== null && (await knowTarget(own.target)) ? own : null;
    const target = kept?.target ?? (await ownTarget());
    const oneOff = own?.oneOff ?? shelf.readOneOff();
    own = null;
    set({ ...notRead, resend: null, target, oneOff, draft: kept?.draft ?? shelf.readDraft(target) });
    await render();
  };

  const openFrom = async ({ endpoint, event }: ComposeOrigin) => {
    const mine = (opening += 1);
    wanted = null;
    // Something created a moment ago, in another window or by a script, is not in a list that was read before.
    await load();
    if (mine !== opening || get().loadProblem !== null) return;
    try {
      await leaveResend();
      if (endpoint !== undefined) {
        if (!(await knowTarget(endpoint))) throw new Error(`The endpoint ${endpoint} no longer exists.`);
        if (mine === opening) await deps.setTarget(endpoint);
      }
      if (event !== undefined && mine === opening) await deps.setEventType(event);
    } catch (error) {
      set({ loadProblem: toProblem(error) });
    }
  };

  const openDelivery = async (id: string): Promise<Opened> => {
    const { endpointId, endpointName, type, dataText, isBatch, body, head } = await readSent(client, id);
    const isKnown = await knowTarget(endpointId);
    // Whether somebody knows the name of its event depends on the target that is chosen.
    const original = { ...emptyDraft, eventType: type, data: { [type]: dataText, [unknownKey]: dataText }, isBatch, body, head };
    return {
      resend: { kind: 'delivery', id, endpointName, isEndpointGone: !isKnown, original },
      target: isKnown ? endpointId : noTarget,
    };
  };

  const openGiven = async ({ kind, id, to, isSigned = false }: ResendSource): Promise<Opened> => {
    if (kind === 'capture') {
      const { draft, notes } = await readCaptured(client, id, shelf.readOneOff());
      const resend = { kind, id, original: draft, notes };
      if (to === undefined) return { resend, target: oneOffKey };
      if (/^https?:/i.test(to) || !(await knowTarget(to))) return { resend, target: oneOffKey, chosen: { url: to } };
      return { resend, target: to, chosen: { isSigned } };
    }
    const known = pasted.get(id);
    if (known !== undefined) return { resend: known, target: oneOffKey };
    const kept = shelf.readResend(id);
    if (kept === null) throw new Error('The pasted request is no longer kept. Paste it again.');
    return { resend: { kind: 'pasted', id, original: kept, notes: [] }, target: oneOffKey };
  };

  const show = async ({ resend, target, chosen }: Opened) => {
    const { resend: before, target: ownTargetId, draft, oneOff } = get();
    if (before === null) own = { target: ownTargetId, draft, oneOff };
    const shown = withChosen(shelf.readResend(resend.id) ?? resend.original, chosen);
    set({ ...notRead, resend: againWith(resend, chosen), target, draft: shown, oneOff: shown.oneOff ?? own?.oneOff ?? oneOff });
    await render();
  };

  const openResend = async (source: ResendSource | null) => {
    if ((source?.id ?? null) === wanted && source?.to === undefined) return;
    const mine = (opening += 1);
    wanted = source?.id ?? null;
    if (source === null) return leaveResend();
    await load();
    if (mine !== opening || get().loadProblem !== null) return;
    try {
      const opened = source.kind === 'delivery' ? await openDelivery(source.id) : await openGiven(source);
      if (mine === opening) await show(opened);
    } catch (error) {
      if (mine !== opening) return;
      wanted = null;
      set({ loadProblem: toProblem(error) });
    }
  };

  return {
    openFrom,
    openResend,
    keepPasted: (request) => {
      const id = `paste_${Date.now().toString(36)}`;
      const { draft, notes } = readPasted(request, shelf.readOneOff());
      pasted.set(id, { kind: 'pasted', id, original: draft, notes });
      // So that a reload still has it.
      shelf.writeResend(id, draft);
      return id;
    },
  };
}

/** What is sent again, with the target that was chosen for it as a part of how it came. */
function againWith(resend: Resend, chosen: Opened['chosen']): Resend {
  return { ...resend, original: withChosen(resend.original, chosen) };
}

/** A draft with the target that was chosen for it elsewhere. */
function withChosen(draft: Draft, chosen: Opened['chosen']): Draft {
  if (chosen === undefined) return draft;
  if ('url' in chosen) return draft.oneOff === null ? draft : { ...draft, oneOff: { ...draft.oneOff, url: chosen.url } };
  return draft.head === null ? draft : { ...draft, head: { ...draft.head, isSigned: chosen.isSigned } };
}
