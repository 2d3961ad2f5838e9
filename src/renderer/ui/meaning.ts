import {
  IconAlertTriangle,
  IconBan,
  IconCheck,
  IconClock,
  IconHelp,
  IconPlayerPause,
  IconPlayerStop,
  IconRefreshAlert,
  IconSend,
  IconWaveSine,
  IconX,
  type Icon,
} from '@tabler/icons-react';
import type { DeliveryStatus } from '#shared/contract/delivery-status.ts';
import type { Endpoint, EndpointHealth } from '#shared/contract/endpoints.ts';
import type { Verification } from '#shared/contract/verifying.ts';

/** The four things a colour can mean; theme.css has `--hy-<meaning>-text`, `-fill` and `-tint` for each. */
export type Meaning = 'good' | 'waiting' | 'trouble' | 'bad';

/** A state as it is always shown: a word, an icon and a meaning, never colour alone. */
export interface Badge {
  readonly word: string;
  readonly meaning: Meaning;
  readonly icon: Icon;
}

/** The states that badges are made for. */
export type BadgeState = DeliveryStatus | 'sending' | EndpointHealth | 'stopped' | Verification['verdict'];

const badges: Readonly<Record<BadgeState, Badge>> = {
  pending: { word: 'pending', meaning: 'waiting', icon: IconClock },
  sending: { word: 'sending', meaning: 'waiting', icon: IconSend },
  delivered: { word: 'delivered', meaning: 'good', icon: IconCheck },
  failed: { word: 'failed', meaning: 'trouble', icon: IconRefreshAlert },
  exhausted: { word: 'exhausted', meaning: 'bad', icon: IconX },
  cancelled: { word: 'cancelled', meaning: 'waiting', icon: IconBan },
  healthy: { word: 'healthy', meaning: 'good', icon: IconCheck },
  unsteady: { word: 'unsteady', meaning: 'trouble', icon: IconWaveSine },
  failing: { word: 'failing', meaning: 'trouble', icon: IconAlertTriangle },
  // Done on purpose: nothing is wrong.
  disabled: { word: 'disabled', meaning: 'waiting', icon: IconPlayerPause },
  stopped: { word: 'disabled', meaning: 'bad', icon: IconPlayerStop },
  valid: { word: 'valid', meaning: 'good', icon: IconCheck },
  invalid: { word: 'invalid', meaning: 'bad', icon: IconX },
  unsigned: { word: 'unsigned', meaning: 'trouble', icon: IconAlertTriangle },
  unchecked: { word: 'not checked', meaning: 'waiting', icon: IconHelp },
};

/** The badge of an endpoint: one that was disabled by hand is at rest, one that was disabled automatically has failed. */
export function healthState({ health, disabledReason }: Pick<Endpoint, 'health' | 'disabledReason'>): BadgeState {
  return health === 'disabled' && disabledReason !== null && disabledReason !== 'byHand' ? 'stopped' : health;
}

/** A verdict where it stands beside other words: "signature valid", "not signed". */
export function signatureWord(verdict: Verification['verdict']): string {
  return verdict === 'unsigned' ? 'not signed' : `signature ${badges[verdict].word}`;
}

/** Word, icon and meaning of a state. */
export function badgeOf(state: BadgeState): Badge {
  return badges[state];
}
