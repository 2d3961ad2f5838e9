/** In the address, in the place of an endpoint: the list of checks. */
export const checksPage = 'checks';

/** Whether an address of the endpoints area is about checks, and which of them; undefined where it is not, null for the list. */
export function checkIn(id: string | null): string | null | undefined {
  if (id === checksPage) return null;
  return id?.startsWith('chk_') === true ? id : undefined;
}
