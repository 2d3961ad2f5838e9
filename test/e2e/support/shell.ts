import type { Page } from '@playwright/test';
import type { ContractRouterClient } from '@orpc/contract';
import type { Contract } from '#shared/contract/index.ts';

/** The contract as functions, for preparing and checking what a spec does in the window. */
export type Api = ContractRouterClient<Contract>;

/** One running Hookyard with a data folder of its own and its window open. */
export interface Hookyard {
  /** The window, already showing its first area. */
  readonly page: Page;
  readonly api: Api;
  /** Base URL of the capture listener, without a slash at the end. */
  readonly captureUrl: string;
  readonly dataDir: string;
  /** Address and token of the REST door; the desktop host has none. */
  readonly rest: { readonly url: string; readonly token: string } | null;
  /** Puts a text on the clipboard as another program would, every line break as it is. */
  readonly writeClipboard: (text: string) => Promise<void>;
  /** The process behind the window; null where it is the window's own. */
  readonly host: HostProcess | null;
}

/** A host that can be ended and started under an open window. */
export interface HostProcess {
  /** Ends it at once, as a power cut would. */
  readonly kill: () => Promise<void>;
  /** Starts it again on the same ports, data folder and token. */
  readonly start: () => Promise<void>;
}

/** How a shell starts a host; `arguments` are those of `serve`. */
export interface LaunchSettings {
  readonly dataDir: string;
  /** Address of the area that the window opens with, such as `#/verify`. */
  readonly startAt: string;
  readonly arguments: readonly string[];
}

/** A Hookyard and how to end it. */
export interface Launched {
  readonly hookyard: Hookyard;
  readonly close: () => Promise<void>;
}

/** What opens Hookyard for a project; one for each worker. */
export interface Shell {
  /** Why this machine cannot run the project's specs, or null. */
  readonly missing: string | null;
  readonly launch: (settings: LaunchSettings) => Promise<Launched>;
  readonly close: () => Promise<void>;
}
