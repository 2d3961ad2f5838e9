import type { Client } from '../../base/client.ts';
import { readAttached, type AttachedChoice } from './attached-body.ts';
import { chosenEndpoint, type ComposeAccess } from './compose-state.ts';

/** The body that is made of files. */
export interface Attaching {
  /** Reads the chosen files, or forgets those that were chosen for null. */
  readonly attach: (choice: AttachedChoice | null) => Promise<void>;
  /** Reads parts again for another target, whose content type says what stands between them. */
  readonly targetChanged: () => Promise<void>;
}

/** `onRead` is told when another body is there, or none any more. */
export function createAttaching(client: Client, { get, set }: ComposeAccess, onRead: () => void): Attaching {
  // If several are chosen quickly, the last one counts.
  let reading = 0;
  const read = async (choice: AttachedChoice) => {
    const mine = (reading += 1);
    set({ attached: { choice, body: null, problem: null } });
    // Only the limit is taken from them, and the engine has the last word on it.
    const limitBytes = await client.system.getSettings().then(
      (settings) => settings.bodyLimitBytes,
      () => null,
    );
    const attached = await readAttached(choice, { endpointType: chosenEndpoint(get())?.contentType ?? null, limitBytes });
    // Something else may have been opened to be sent again, to which these files do not belong.
    if (mine !== reading || get().attached?.choice !== choice) return;
    set({ attached: { choice, ...attached } });
    onRead();
  };
  return {
    attach: async (choice) => {
      if (choice !== null) return await read(choice);
      reading += 1;
      set({ attached: null });
      onRead();
    },
    targetChanged: async () => {
      const { attached } = get();
      if (attached?.choice.kind === 'parts') await read(attached.choice);
    },
  };
}
