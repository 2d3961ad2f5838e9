import type { Reach } from './admission.ts';

/** Encrypts secrets at rest. Electron gives its OS key store, the headless host a key file, tests a plain one. */
export interface Vault {
  readonly encrypt: (plain: Uint8Array) => Uint8Array;
  /** Throws when the bytes were not made by this vault's key. */
  readonly decrypt: (sealed: Uint8Array) => Uint8Array;
}

/** What a host needs to know to open its vault. */
export interface VaultFacts {
  /** Whether the data file already has something sealed; then only the key that sealed it will do. */
  readonly hasSecrets: boolean;
}

/** Opens the vault once this process holds the lock on the data folder. */
export type OpenVault = (facts: VaultFacts) => Vault | Promise<Vault>;

/** Time as the engine sees it. Tests advance it by hand. */
export interface Clock {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Calls back once, at `atMs` or when as much time has passed as was left until then; the returned function cancels the timer. */
  readonly at: (atMs: number, callback: () => void) => () => void;
  /** Calls back when somebody set the clock, with the whole milliseconds of the change; negative is back. The returned function unsubscribes. */
  readonly followJumps?: (listener: (byMs: number) => void) => () => void;
  /** The sum of all changes to the clock since this object was made, in milliseconds. */
  readonly movedMs?: () => number;
  /** The time since the computer was started, which setting the clock does not change; null when unknown. */
  readonly boot?: () => Boot | null;
}

/** One boot of the computer. */
export interface Boot {
  /** Different for every boot. */
  readonly id: string;
  /** Milliseconds since it began, sleep included. */
  readonly uptimeMs: number;
}

/** Makes ids: the prefix, an underscore and 26 characters that sort by time of making. */
export interface Ids {
  readonly next: (prefix: IdPrefix) => string;
}
export type IdPrefix =
  | 'ep'
  | 'msg'
  | 'dlv'
  | 'att'
  | 'bin'
  | 'cap'
  | 'ref'
  | 'rpl'
  | 'chk'
  | 'rly'
  | 'pol'
  | 'prf'
  | 'aut'
  | 'env'
  | 'stk'
  | 'src'
  | 'tun'
  | 'rule'
  | 'agc';

/** Structured log; secrets and bodies are never passed to it. */
export interface Log {
  readonly info: (fields: LogFields, message: string) => void;
  readonly warn: (fields: LogFields, message: string) => void;
  readonly error: (fields: LogFields, message: string) => void;
}
export type LogFields = Readonly<Record<string, unknown>>;

/** What a host or a test supplies to the engine. */
export interface EnginePorts {
  /** Folder of the workspace; created when missing. */
  readonly dataDir: string;
  /** `electron`, `headless` or `cli`; shown by health. */
  readonly host: string;
  readonly vault: Vault | OpenVault;
  readonly log: Log;
  readonly clock?: Clock;
  readonly ids?: Ids;
  /** Uniform in [0, 1); for jitter. */
  readonly random?: () => number;
  /** Port of the capture listener on 127.0.0.1; 0 picks a free one, null takes the workspace's last one or a free one, false does not listen. */
  readonly capturePort?: number | null | false;
  /** Overrides the workspace's time scale while this engine runs. */
  readonly timeScale?: number;
  /** Unless false, the data file is cleaned up every hour. */
  readonly withCleanUps?: boolean;
  /** How far what agents send may go; to loopback addresses only by default. */
  readonly agentReach?: Reach;
  /** Adds the sample workspace to a new data file. */
  readonly withSample?: boolean;
}
