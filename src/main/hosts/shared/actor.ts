import { userInfo } from 'node:os';

/** The door a call came through, as shown beside who made a thing. */
export type Door = 'browser' | 'api' | 'cli' | 'window' | 'agent';

/** Who calls, such as `alice (cli)`. */
export function actorText(door: Door): string {
  return `${userName()} (${door})`;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a user id that has no name.
    return 'someone';
  }
}
