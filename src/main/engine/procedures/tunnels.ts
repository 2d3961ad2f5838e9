import type { Procedures } from '../base/procedures.ts';
import type { Tunnels } from '../tunnels/tunnels.ts';

/** Tunnels to bins. */
export function createTunnelHandlers(os: Procedures, { tunnels }: { readonly tunnels: Tunnels }) {
  return {
    programs: os.tunnels.programs.handler(() => ({ items: tunnels.programs() })),
    list: os.tunnels.list.handler(() => ({ items: tunnels.list() })),
    start: os.tunnels.start.handler(({ input }) => tunnels.start(input)),
    stop: os.tunnels.stop.handler(async ({ input: { id } }) => {
      await tunnels.stop(id);
      return { id };
    }),
  };
}
