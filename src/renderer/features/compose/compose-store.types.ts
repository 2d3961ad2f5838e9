import type { StoreApi } from 'zustand/vanilla';
import type { PastedRequest } from '#shared/import/pasted.ts';
import type { Client } from '../../base/client.ts';
import type { AttachedChoice } from './attached-body.ts';
import type { ComposeState } from './compose-state.ts';
import type { DraftHead, DraftStorage, OneOffTarget } from './draft.ts';
import type { ExactBody } from './exact-body.ts';
import type { ComposeOrigin, ResendSource } from './opener.ts';
import type { PreviewView } from './preview-view.ts';

/** The state behind Compose, usable without a window. */
export interface ComposeStore extends StoreApi<ComposeState> {
  /** Reads endpoints, event types and bins; also after they changed. */
  readonly load: () => Promise<void>;
  /** The same after profiles changed. */
  readonly loadProfiles: () => Promise<void>;
  /** Starts from what another area names: an endpoint, an event type, or both. */
  readonly openFrom: (origin: ComposeOrigin) => Promise<void>;
  /**
   * Shows what is to be sent again, in a draft of its own beside the one that is being written: the event and exact body of a delivery,
   * a captured request, or one that was pasted. Null goes back to the draft that is being written.
   */
  readonly openResend: (source: ResendSource | null) => Promise<void>;
  /** Keeps a pasted request as such a draft, to be opened by the id that is returned. */
  readonly keepPasted: (request: PastedRequest) => string;
  /** Changes method, headers or signing of a captured or pasted request. */
  readonly setHead: (change: Partial<DraftHead>) => void;
  /** Discards the changes to what is to be sent again. */
  readonly resetResend: () => void;
  /** Sends this body as it is; null renders it from data and template. */
  readonly setBody: (body: ExactBody | null) => void;
  /** Resolves when the profile and the event of the target are read. So do those below that resolve. */
  readonly setTarget: (target: string) => Promise<void>;
  /** Makes a one-off target behave like a profile, whose scheme and event types it then begins with. */
  readonly setOneOffProfile: (id: string | null) => Promise<void>;
  readonly setOneOff: (change: Partial<OneOffTarget>) => void;
  readonly setOneOffSecret: (secret: string) => void;
  readonly setEventType: (name: string) => Promise<void>;
  /** Begins with another sample of the event type. What was typed over the one before stays with that one. */
  readonly setSample: (key: string) => void;
  readonly setData: (text: string) => void;
  /** Whether the data is a list of the data of several events. Where it becomes one, the data so far is its first item. */
  readonly setBatch: (isBatch: boolean) => void;
  /** Sends a body from files in place of what data and template make; null goes back to those. Resolves when the files are read. */
  readonly setAttached: (choice: AttachedChoice | null) => Promise<void>;
  /** Back to the sample. */
  readonly resetData: () => void;
  readonly setTemplate: (text: string | null) => void;
  readonly revertTemplate: () => void;
  readonly saveTemplate: () => Promise<void>;
  readonly send: () => Promise<void>;
  /** Looks again at what was sent, after deliveries or captures changed. */
  readonly follow: (ids: readonly string[] | null) => Promise<void>;
  /** Shows the request as another attempt, at another time, or in another language. */
  readonly setView: (view: PreviewView) => void;
  /** Marks a line of the template, from 1, and what it made of the body; null for none. */
  readonly markLine: (line: number | null) => void;
  readonly dismissResult: () => void;
  /** Renders the request now; changes do so by themselves after a short pause. */
  readonly render: () => Promise<void>;
}

/** What the store needs from outside. */
export interface ComposePorts {
  readonly client: Client;
  readonly storage: DraftStorage;
  /** Calls back after a pause; what it returns cancels it. */
  readonly later: (callback: () => void, delayMs: number) => () => void;
}
