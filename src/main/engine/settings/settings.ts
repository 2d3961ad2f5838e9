import type { Settings } from '#shared/contract/system.ts';
import { readJson } from '../store/damage.ts';
import type { Database, Writer } from '../store/database.ts';

/** The settings as they are kept; a secret among them is kept sealed, apart from the others. */
export type StoredSettings = Omit<Settings, 'hasProxyPassword'>;

/** What a new workspace starts with. */
const defaultSettings: StoredSettings = {
  timeScale: 1,
  bodyLimitBytes: 16 * 1024 * 1024,
  responseBodyKeptBytes: 1024 * 1024,
  maxConcurrency: 512,
  maxConcurrencyPerEndpoint: 16,
  // As long as hosted services keep theirs; there is no limit on size by default.
  keepDays: 90,
  keepDeliveries: null,
  keepCaptures: null,
  // Anyone who can reach the capture port may send, including a page in the browser.
  keepCaptureBytes: 1024 ** 3,
  keepBytes: null,
  isHttpsOn: false,
  openAddress: null,
  allowedSenders: [],
  isUtc: false,
  proxy: 'none',
  proxyUrl: null,
  proxyUser: null,
  noProxy: [],
  bypassLoopback: true,
  theme: 'system',
  activeEnvironmentId: null,
};

/** A change of a secret that belongs to settings, made in one step with theirs. */
export interface SecretChange {
  readonly write: (writer: Writer) => void;
  /** Called when it is on disk, in the turn in which the settings become others. */
  readonly apply: () => void;
}

/** The workspace's settings, held in memory. */
export interface SettingsBook {
  /** The same object until one of them changes. */
  readonly get: () => StoredSettings;
  /** Changes the settings that are given and not undefined. */
  readonly update: (
    patch: { readonly [Key in keyof StoredSettings]?: StoredSettings[Key] | undefined },
    secret?: SecretChange | null,
  ) => Promise<StoredSettings>;
  /** Things the engine remembers for itself between runs, such as the last capture port. */
  readonly recall: <T>(key: InternalKey) => T | undefined;
  readonly remember: (writer: Writer, key: InternalKey, value: unknown) => void;
}
export type InternalKey =
  | 'internal.captureBase'
  | 'internal.httpsBase'
  | 'internal.localAuthority'
  | 'internal.timeScale'
  | 'internal.sweptAtMs'
  | 'internal.clock'
  | 'internal.rescale'
  | 'internal.probe'
  | 'internal.projectReferences'
  | 'internal.projectReads'
  | 'internal.proxyPassword'
  | 'internal.vaultCheck';

/** Replaces a value of the engine in the data file, if it is there; for the writer thread, which has no settings book. */
export function replaceRemembered(writer: Pick<Writer, 'runRaw'>, key: InternalKey, value: unknown): void {
  writer.runRaw('UPDATE settings SET value_json = ? WHERE key = ?', [JSON.stringify(value), key]);
}

/** Reads the settings; `override` replaces the stored time scale while this engine runs. */
export function createSettingsBook(database: Database, override: { readonly timeScale: number | undefined }): SettingsBook {
  const stored = new Map(
    database
      .all(database.sql.selectFrom('settings').selectAll())
      .map((row) => [row.key, readJson<unknown>(row.value_json, { table: 'settings', column: 'value_json', row: row.key })]),
  );
  let current: StoredSettings = { ...defaultSettings, ...Object.fromEntries([...stored].filter(([key]) => key in defaultSettings)) };
  if (override.timeScale !== undefined) current = { ...current, timeScale: override.timeScale };

  const put = (writer: Writer, key: string, value: unknown) => {
    const row = { key, value_json: JSON.stringify(value) };
    writer.run(
      database.sql
        .insertInto('settings')
        .values(row)
        .onConflict((conflict) => conflict.column('key').doUpdateSet(row)),
    );
  };

  return {
    get: () => current,
    update: async (patch, secret = null) => {
      const given = Object.entries(patch).filter(([, value]) => value !== undefined);
      await database.write((writer) => {
        for (const [key, value] of given) put(writer, key, value);
        secret?.write(writer);
      });
      current = { ...current, ...Object.fromEntries(given) };
      secret?.apply();
      return current;
    },
    recall: <T>(key: InternalKey) => stored.get(key) as T | undefined,
    remember: (writer, key, value) => {
      put(writer, key, value);
      stored.set(key, value);
    },
  };
}
