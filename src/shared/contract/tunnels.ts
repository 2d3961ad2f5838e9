import { z } from 'zod';
import { base } from './common.ts';

/** Programs that make a local port reachable from the internet, where they are installed. */
export const tunnelProgramName = z.enum(['cloudflared', 'ngrok', 'tailscale', 'zrok']);
export type TunnelProgramName = z.infer<typeof tunnelProgramName>;

export const tunnelProgram = z.strictObject({
  name: tunnelProgramName,
  title: z.string(),
  isInstalled: z.boolean(),
  /** How to get it, and what it needs before it works, in a sentence. */
  install: z.string(),
});
export type TunnelProgram = z.infer<typeof tunnelProgram>;

/** A tunnel to one bin. It lives as long as the host that started it. */
export const tunnel = z.strictObject({
  id: z.string(),
  binId: z.string(),
  program: tunnelProgramName,
  /** `failed` where the program ended again and again; it is not started any more. */
  state: z.enum(['starting', 'up', 'restarting', 'failed']),
  /** How it goes, in a sentence. */
  message: z.string(),
  /** Where the bin is reached from outside; null until the program has said it. */
  publicUrl: z.string().nullable(),
  restarts: z.number().int(),
  startedAtMs: z.number().int(),
});
export type Tunnel = z.infer<typeof tunnel>;

export const tunnels = {
  programs: base
    .route({ method: 'GET', path: '/tunnels/programs', summary: 'List the programs that can make a bin public, and which are installed' })
    .output(z.strictObject({ items: z.array(tunnelProgram) })),
  list: base
    .route({ method: 'GET', path: '/tunnels', summary: 'List the tunnels that run' })
    .output(z.strictObject({ items: z.array(tunnel) })),
  start: base
    .route({
      method: 'POST',
      path: '/tunnels',
      successStatus: 201,
      summary: 'Make a bin public by a program that is installed; nothing else becomes public',
    })
    .input(
      z.strictObject({
        binId: z.string().max(100),
        /** By default the first that is installed. */
        program: tunnelProgramName.optional(),
      }),
    )
    .output(tunnel),
  stop: base
    .route({ method: 'DELETE', path: '/tunnels/{id}', summary: 'Stop a tunnel; its public URL leads nowhere then' })
    .input(z.strictObject({ id: z.string() }))
    .output(z.strictObject({ id: z.string() })),
};
