/** Encrypts secrets at rest. Electron gives its OS key store, the headless host a key file, tests a plain one. */
export interface Vault {
  readonly encrypt: (plain: Uint8Array) => Uint8Array;
  /** Throws when the bytes were not made by this vault's key. */
  readonly decrypt: (sealed: Uint8Array) => Uint8Array;
}

/** What a host is told when its vault is asked for. */
export interface VaultFacts {
  /** Whether something in the data file was sealed already, so that only the key which did it will do. */
  readonly hasSecrets: boolean;
}

/** Opens the vault once the data folder is this process's own. */
export type OpenVault = (facts: VaultFacts) => Vault | Promise<Vault>;

/** Time as the engine sees it. Tests advance it by hand. */
export interface Clock {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Calls back once, when it is `atMs` or as much time went by as was left until then; the answer takes the timer back. */
  readonly at: (atMs: number, callback: () => void) => () => void;
  /** Calls back when somebody set the clock, with by how many whole milliseconds; less than 0 is back. The answer ends it. */
  readonly followJumps?: (listener: (byMs: number) => void) => () => void;
  /** By how many milliseconds in all the clock has been set since it was made. */
  readonly movedMs?: () => number;
  /** The time since the computer was started, which no setting of the clock changes; null where it cannot be told. */
  readonly boot?: () => Boot | null;
}

/** One running of the computer, from its start to its end. */
export interface Boot {
  /** Tells it apart from every other. */
  readonly id: string;
  /** Milliseconds since it began, sleep included. */
  readonly uptimeMs: number;
}

/** Makes ids: the prefix, an underscore and 26 characters that sort by time of making. */
export interface Ids {
  readonly next: (prefix: IdPrefix) => string;
}
export type IdPrefix = 'ep' | 'msg' | 'dlv' | 'att' | 'bin' | 'cap' | 'ref' | 'rpl' | 'pol' | 'prf';

/** Structured log; secrets and bodies are never handed to it. */
export interface Log {
  readonly info: (fields: LogFields, message: string) => void;
  readonly warn: (fields: LogFields, message: string) => void;
  readonly error: (fields: LogFields, message: string) => void;
}
export type LogFields = Readonly<Record<string, unknown>>;

/** What a host or a test supplies to the engine. */
export interface EnginePorts {
  /** Folder of the workspace; made when it is missing. */
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
  /** Cleans up the data file by itself every hour, unless false. */
  readonly withCleanUps?: boolean;
  /** Puts the sample workspace into a data file that was just made. */
  readonly withSample?: boolean;
}
