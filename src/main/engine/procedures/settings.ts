import type { Health, Settings } from '#shared/contract/system.ts';
import type { Changes } from '../base/changes.ts';
import { followTimeScale } from '../dispatch/time-scale.ts';
import type { Dispatcher } from '../dispatch/dispatcher.ts';
import type { Clock } from '../base/ports.ts';
import type { Procedures } from '../base/procedures.ts';
import { invalid } from '../base/refusal.ts';
import { proxyRouteAt } from '../http/proxy-route.ts';
import type { Keeper } from '../retention/keeper.ts';
import { assertNothingGoes, limitsOf, tightened, withLimits } from '../retention/limits.ts';
import { releaseReserve } from '../store/reserve.ts';
import type { EnvironmentBook } from '../environments/book.ts';
import { createInTurn } from '../store/in-turn.ts';
import type { ClosableDatabase } from '../store/sqlite.ts';
import type { ProxyBook } from '../settings/proxy-book.ts';
import { machineAddresses } from '../capture/open/machine-addresses.ts';
import { assertOpening, followOpening, isOpenedOtherwise, openAsChosen } from './opening.ts';
import type { SettingsBook, StoredSettings } from '../settings/settings.ts';
import type { Capture } from '../capture/capture.ts';

export interface SystemDeps {
  readonly database: ClosableDatabase;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly settings: SettingsBook;
  readonly environments: Pick<EnvironmentBook, 'activeId' | 'variablesOf'>;
  readonly dispatcher: Dispatcher;
  readonly keeper: Pick<Keeper, 'preview'>;
  readonly proxy: ProxyBook;
  readonly dataDir: string;
  /** Turns HTTPS on or off. */
  readonly httpsSwitch: { readonly follow: () => Promise<void> };
  readonly capture: Pick<Capture, 'openPorts'>;
  readonly health: () => Health;
}

/** Health, settings and the change stream. */
export function createSystemHandlers(
  os: Procedures,
  { database, clock, changes, settings, environments, dispatcher, keeper, proxy, dataDir, httpsSwitch, capture, health }: SystemDeps,
) {
  const inTurn = createInTurn();
  // That of an environment that was deleted comes back with it.
  const view = (): Settings => ({
    ...settings.get(),
    activeEnvironmentId: environments.activeId(),
    hasProxyPassword: proxy.hasPassword(),
  });
  return {
    health: os.system.health.handler(health),
    getSettings: os.system.getSettings.handler(view),
    updateSettings: os.system.updateSettings.handler(async ({ input: { confirm, proxyPassword, ...patch } }) => {
      const before = settings.get();
      assertProxyKnown(patch.proxy ?? before.proxy, patch.proxyUrl === undefined ? before.proxyUrl : patch.proxyUrl);
      assertEnvironment(environments, patch.activeEnvironmentId);
      assertOpening({
        openAddress: patch.openAddress === undefined ? before.openAddress : patch.openAddress,
        allowedSenders: patch.allowedSenders ?? before.allowedSenders,
      });
      const limits = withLimits(limitsOf(before), patch);
      const lowered = tightened(limitsOf(before), limits);
      if (lowered.length > 0 && !confirm) assertNothingGoes((await keeper.preview(limits)).wouldGo, lowered);
      const given = proxyPassword === undefined && isOtherProxy(settings.get().proxyUrl, patch.proxyUrl) ? null : proxyPassword;
      const password = given === undefined ? null : proxy.passwordChange(given);
      const after = await settings.update(patch, password).catch(async (error: unknown) => {
        // With a full disk, a limit has to be set before a clean-up can free room.
        if (database.problem() === null || !releaseReserve(dataDir)) throw error;
        return await settings.update(patch, password);
      });
      if (after.timeScale !== before.timeScale) {
        await inTurn('timeScale', () => followTimeScale(database, settings, clock.now()));
        changes.publish('deliveries', []);
      }
      if (after.isHttpsOn !== before.isHttpsOn) await followHttps(settings, httpsSwitch, before.isHttpsOn);
      if (isOpenedOtherwise(before, after)) await followOpened(settings, capture, before);
      dispatcher.refresh();
      changes.publish('settings', []);
      if (after.activeEnvironmentId !== before.activeEnvironmentId) changes.publish('environments', []);
      return view();
    }),
    addresses: os.system.addresses.handler(() => ({ items: [...machineAddresses()] })),
    changes: os.system.changes.handler(({ signal }) => changes.follow(signal)),
  };
}

/** A setting that cannot be carried out is taken back. */
async function followHttps(settings: SettingsBook, httpsSwitch: SystemDeps['httpsSwitch'], wasOn: boolean): Promise<void> {
  try {
    await httpsSwitch.follow();
  } catch (error) {
    await settings.update({ isHttpsOn: wasOn });
    throw error;
  }
}

/** The same for where bins are open to other machines. */
async function followOpened(
  settings: SettingsBook,
  capture: SystemDeps['capture'],
  { openAddress, allowedSenders }: StoredSettings,
): Promise<void> {
  try {
    await openAsChosen({ capture, settings });
  } catch (error) {
    await settings.update({ openAddress, allowedSenders });
    await followOpening({ capture, settings });
    throw error;
  }
}

function assertEnvironment(environments: SystemDeps['environments'], id: string | null | undefined): void {
  if (id === undefined || id === null || !environments.variablesOf(id).isDeleted) return;
  throw invalid(
    'activeEnvironmentId',
    `There is no environment ${id}; take the id of one that GET /api/environments lists, or null for none.`,
  );
}

/** Without an address, everything would go out straight although a proxy was chosen. */
function assertProxyKnown(proxy: Settings['proxy'], proxyUrl: string | null): void {
  if (proxy === 'own' && proxyUrl === null)
    throw invalid('proxyUrl', 'Give the address of the proxy, such as http://proxy.example:3128, or set proxy to none.');
  if (proxyUrl !== null && proxyRouteAt(proxyUrl, null, 0) === null)
    throw invalid('proxyUrl', 'Write the address of the proxy with a host and a port that exist, such as http://proxy.example:3128.');
}

/** Whether a change names another proxy than that which the password was given for, which must not get it. */
function isOtherProxy(before: string | null, after: string | null | undefined): boolean {
  const keyOf = (url: string) => proxyRouteAt(url, null, 0)?.key;
  return before !== null && after !== undefined && (after === null || keyOf(after) !== keyOf(before));
}
