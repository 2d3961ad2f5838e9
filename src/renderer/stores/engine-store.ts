import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Health, Settings } from '#shared/contract/system.ts';
import type { Client } from '../base/client.ts';
import { toProblem, type Problem } from '../base/problem.ts';

/** Settings and health of the engine; null until they were read. */
export interface EngineState {
  readonly settings: Settings | null;
  readonly health: Health | null;
  readonly problem: Problem | null;
}

/** Settings to save; `confirm` agrees to what a limit among them takes out of the log. */
export type SettingsPatch = Partial<Omit<Settings, 'hasProxyPassword'>> & {
  readonly proxyPassword?: string | null;
  readonly confirm?: boolean;
};

/** The engine's settings and health, as the frame and the settings area show them. */
export interface EngineStore extends StoreApi<EngineState> {
  readonly load: () => Promise<void>;
  /** Saves some settings; returns the problem, or null. What is shown changes only once the engine has accepted it. */
  readonly update: (patch: SettingsPatch) => Promise<Problem | null>;
  /** Takes over settings that the engine gave. */
  readonly accept: (settings: Settings) => void;
}

/** A store over `system.getSettings`, `system.updateSettings` and `system.health`. */
export function createEngineStore(client: Client): EngineStore {
  const store = createStore<EngineState>(() => ({ settings: null, health: null, problem: null }));
  let reading = 0;
  const accept = (settings: Settings) => {
    reading += 1;
    store.setState({ settings, problem: null });
  };
  return {
    ...store,
    load: async () => {
      const turn = (reading += 1);
      try {
        const [settings, health] = await Promise.all([client.system.getSettings(), client.system.health()]);
        if (turn === reading) store.setState({ settings, health, problem: null });
      } catch (error) {
        if (turn === reading) store.setState({ problem: toProblem(error) });
      }
    },
    update: async (patch) => {
      try {
        accept(await client.system.updateSettings(patch));
        return null;
      } catch (error) {
        return toProblem(error);
      }
    },
    accept,
  };
}
