import type { Settings } from '#shared/contract/system.ts';
import { conflict, invalid } from '../base/refusal.ts';
import type { Capture } from '../capture/capture.ts';
import { senderProblem } from '../capture/open/allow-list.ts';
import type { SettingsBook } from '../settings/settings.ts';

type OpeningSettings = Pick<Settings, 'openAddress' | 'allowedSenders'>;

interface OpeningDeps {
  readonly capture: Pick<Capture, 'openPorts'>;
  readonly settings: Pick<SettingsBook, 'get'>;
}

/** Has the capture listener as open to other machines as the settings say. */
export async function followOpening({ capture, settings }: OpeningDeps): Promise<void> {
  const { openAddress, allowedSenders } = settings.get();
  await capture.openPorts.set(openAddress === null ? null : { address: openAddress, senders: allowedSenders });
}

/** The same after a change. Rejects with a Refusal when it cannot listen at an address that was chosen; the caller then takes the change back. */
export async function openAsChosen(deps: OpeningDeps): Promise<void> {
  await followOpening(deps);
  const { openAddress } = deps.settings.get();
  const problem = deps.capture.openPorts.list().find(({ address }) => address === openAddress)?.problem ?? null;
  if (problem !== null) throw conflict('openAddress', problem);
}

/** Whether a change concerns how open the listener is. */
export function isOpenedOtherwise(before: OpeningSettings, after: OpeningSettings): boolean {
  return before.openAddress !== after.openAddress || before.allowedSenders !== after.allowedSenders;
}

/** Nobody is let in without being named. Throws a Refusal. */
export function assertOpening({ openAddress, allowedSenders }: OpeningSettings): void {
  allowedSenders.forEach((entry, index) => {
    const problem = senderProblem(entry);
    if (problem !== null) throw invalid(`allowedSenders.${index}`, problem);
  });
  if (openAddress !== null && allowedSenders.length === 0)
    throw invalid(
      'allowedSenders',
      'Name who may send, such as 192.168.1.0/24, before bins are opened to other machines; or set openAddress to null to close them.',
    );
  if (openAddress === '127.0.0.1')
    throw invalid('openAddress', 'Bins receive at 127.0.0.1 anyway: choose an address that GET /api/addresses lists, or all.');
}
