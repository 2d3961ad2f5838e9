import { join } from 'node:path';
import { createBackground, type Background } from './background/background.ts';
import type { Reach } from './base/admission.ts';
import { createChanges, type Changes } from './base/changes.ts';
import { systemClock } from './base/clock.ts';
import { createIds } from './base/ids.ts';
import type { Clock, EnginePorts, Ids, Log, Vault } from './base/ports.ts';
import { writerThread } from './log/hot-writes.ts';
import { createSettingsBook, type SettingsBook } from './settings/settings.ts';
import { asDamage } from './store/damage.ts';
import { openStore } from './store/open.ts';
import { openJson, sealJson } from './store/sealed.ts';
import type { ClosableDatabase } from './store/sqlite.ts';
import { StartError } from './store/start-error.ts';
import { backgroundThread } from './threads/background-url.ts';

/** What every part of the workspace may use; each one's own interface names what it needs. */
export interface Core {
  readonly dataDir: string;
  readonly database: ClosableDatabase;
  /** Whether the data file is new. */
  readonly isNew: boolean;
  /** What is odd about a new data file, or null. */
  readonly notice: string | null;
  readonly background: Background;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly changes: Changes;
  readonly settings: SettingsBook;
  readonly agentReach: Reach;
  readonly close: () => Promise<void>;
}

/** Opens the data file and the vault that its secrets are sealed with. Rejects with a StartError. */
export async function openCore(ports: EnginePorts): Promise<Core> {
  const { dataDir, log } = ports;
  const clock = ports.clock ?? systemClock;
  const { database, notice, isNew } = openStore(dataDir, { writerThread });
  if (notice !== null) log.warn({}, notice);
  const background = createBackground({ threadCode: backgroundThread });
  const close = async () => {
    await background.close();
    await database.close();
  };
  try {
    const settings = createSettingsBook(database, { timeScale: ports.timeScale });
    const vault = await openVault(ports.vault, settings);
    await checkVault(database, settings, vault, dataDir);
    const ids = ports.ids ?? createIds(clock);
    const random = ports.random ?? Math.random;
    const agentReach = ports.agentReach ?? 'loopback';
    return {
      dataDir,
      database,
      isNew,
      notice,
      background,
      vault,
      clock,
      ids,
      log,
      random,
      changes: createChanges(),
      settings,
      agentReach,
      close,
    };
  } catch (error) {
    await close();
    throw asDamage(error, join(dataDir, 'hookyard.db'));
  }
}

async function openVault(given: EnginePorts['vault'], settings: SettingsBook): Promise<Vault> {
  if (typeof given !== 'function') return given;
  return await given({ hasSecrets: settings.recall<string>('internal.vaultCheck') !== undefined });
}

/** A data folder that was moved without its key would fail at the first secret; this reports it at once instead. */
async function checkVault(database: ClosableDatabase, settings: SettingsBook, vault: Vault, dataDir: string): Promise<void> {
  const sealed = settings.recall<string>('internal.vaultCheck');
  if (sealed === undefined) {
    const check = Buffer.from(sealJson(vault, 'hookyard')).toString('base64');
    await database.write((writer) => settings.remember(writer, 'internal.vaultCheck', check));
    return;
  }
  try {
    openJson(vault, Buffer.from(sealed, 'base64'));
  } catch (error) {
    throw new StartError(
      'KEY_MISMATCH',
      `The secrets in ${dataDir} were encrypted with another key. Put back the key file that belongs to it, or choose another data folder.`,
      { cause: error },
    );
  }
}
