import { authPartId, type AuthPartInput } from '#shared/contract/auths.ts';
import type { Fields } from './read-project.ts';

/** What tells a part of an authentication from the others, in an entry and in the workspace. */
export function partId(part: Fields): string {
  return authPartId(part as unknown as AuthPartInput);
}
