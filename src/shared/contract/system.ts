import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { base } from './common.ts';

export const health = z.strictObject({
  status: z.enum(['ok', 'degraded']),
  version: z.string(),
  /** `electron`, `headless` or `cli`. */
  host: z.string(),
  dataDir: z.string(),
  /** Base URL of the capture listener, without a slash at the end; null when it could not listen. */
  captureUrl: z.string().nullable(),
  /** The same for HTTPS; null while that is off, or could not be opened. */
  httpsUrl: z.string().nullable(),
  /** Where bins are open to other machines, as the settings say; empty while they are open to this machine only. */
  openAddresses: z.array(
    z.strictObject({
      address: z.string(),
      /** Base URLs there; null where it does not listen. */
      url: z.string().nullable(),
      httpsUrl: z.string().nullable(),
      /** Why it does not listen there, and what to change; null when it does. */
      problem: z.string().nullable(),
    }),
  ),
  /** False while the store refuses writes, so nothing can be accepted; `problem` says why. */
  isAccepting: z.boolean(),
  /** Why captures or the store are degraded, such as a disk that did not take the body of a capture, or null. */
  problem: z.string().nullable(),
  timeScale: z.number(),
  /** Everything that waits for an attempt or has one under way, tests included. */
  pendingDeliveries: z.number().int(),
  inFlightAttempts: z.number().int(),
  startedAtMs: z.number().int(),
});
export type Health = z.infer<typeof health>;

/** Address of a proxy; user and password have settings of their own. */
const proxyAddress = z
  .string()
  .max(2000)
  .superRefine((text, context) => {
    const complain = (message: string) => context.addIssue({ code: 'custom', message });
    const read = /^(?:https?|socks5h?):\/\/([^/@]*@)?(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?(\/.*|[?#].*)?$/.exec(text);
    if (read === null) return complain('Write the address as http://proxy.example:3128, https://… or socks5://….');
    const [, login, rest] = read;
    if (login !== undefined) return complain('Leave user and password out of the address: they have fields of their own.');
    if (rest !== undefined && rest !== '/') complain('Leave out what comes after the port of the proxy.');
  });

/** A user or password as proxies take them: at most 255 bytes. */
const loginText = z
  .string()
  .min(1)
  .max(255)
  // As many characters as UTF-8 has bytes.
  .refine((text) => text.replace(/[\u0080-\u07ff]/g, 'xx').replace(/[\u0800-\uffff]/g, 'xxx').length <= 255, 'Use at most 255 bytes.')
  .regex(/^[^\p{Cc}]*$/u, 'Leave out line breaks and other control characters.');

const bypassEntry = z
  .string()
  .max(260)
  .regex(
    /^(?:\*|\*?\.?[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?(?:\/\d{1,3})?(?::\d{1,5})?|\[?[0-9a-fA-F:.]+\]?(?:\/\d{1,3})?(?::\d{1,5})?)$/,
    'Write a name such as example.com, an address, or a network such as 10.0.0.0/8, each with a port behind it if need be.',
  );

/** Letters, digits and separators of an address; the engine reads it. */
const ipText = z
  .string()
  .max(45)
  .regex(/^[0-9A-Fa-f:.]+$/, 'Write an address such as 192.168.1.5 or fd00::5.');

const senderEntry = z
  .string()
  .max(49)
  .regex(/^[0-9A-Fa-f:.]+(?:\/\d{1,3})?$/, 'Write an address such as 192.168.1.20, or a network such as 192.168.1.0/24 or fd00::/64.');

export const settings = z.strictObject({
  /** How many times faster than real the retry schedule runs. */
  timeScale: z.number().min(1).max(3600),
  /** Largest body of a message or capture that is accepted. */
  bodyLimitBytes: z.number().int().min(1024).max(268_435_456),
  /** How much of a response body is kept; its true size always is. */
  responseBodyKeptBytes: z.number().int().min(0).max(67_108_864),
  /**
   * Attempts under way at once, over all endpoints and to one of them. Half of those over all are kept for endpoints that
   * have fewer than two, or fewer than one after a slow answer.
   */
  maxConcurrency: z.number().int().min(1).max(4096),
  maxConcurrencyPerEndpoint: z.number().int().min(1).max(512),
  /** A message is removed this many days after its last change, a capture after it was received; null keeps them. */
  keepDays: z.number().int().min(1).max(36_500).nullable(),
  /** Deliveries and captures kept at most, and bytes of the data file; the oldest go first. Null sets no limit. */
  keepDeliveries: z.number().int().min(0).max(1_000_000_000).nullable(),
  keepCaptures: z.number().int().min(0).max(1_000_000_000).nullable(),
  keepBytes: z.number().int().min(1_048_576).max(1_125_899_906_842_624).nullable(),
  /** Bytes that all captures together may take up; the oldest go first. Null sets no limit. */
  keepCaptureBytes: z.number().int().min(1_048_576).max(1_125_899_906_842_624).nullable(),
  /** Whether bins receive by HTTPS too, at a port of its own. */
  isHttpsOn: z.boolean(),
  /**
   * Where bins receive from other machines too: at an address of this machine, or at `all` that it has beyond loopback; null for this machine
   * only. Needs `allowedSenders`.
   */
  openAddress: z.union([z.literal('all'), ipText], 'Write an address such as 192.168.1.5 or fd00::5, or all.').nullable(),
  /** The addresses and networks that may send there, such as `192.168.1.0/24`; everybody else gets a bare 404. */
  allowedSenders: z.array(senderEntry).max(200, 'List at most 200 senders.'),
  /** Show times in UTC. */
  isUtc: z.boolean(),
  theme: z.enum(['system', 'light', 'dark']),
  /** Id of the environment that new messages take; null for none. */
  activeEnvironmentId: z.string().max(100).nullable(),
  /**
   * What deliveries, fetches of access tokens and handshakes go through: nothing, the proxy of `proxyUrl`, or those that the environment
   * variables HTTPS_PROXY, HTTP_PROXY and ALL_PROXY name, with NO_PROXY.
   */
  proxy: z.enum(['none', 'own', 'environment-variables']),
  proxyUrl: proxyAddress.nullable(),
  proxyUser: loginText.nullable(),
  /** Whether a password of the proxy is kept; it is never returned, and forgotten when `proxyUrl` becomes that of another proxy without one. */
  hasProxyPassword: z.boolean(),
  /** Targets that are reached without the proxy, such as `example.com` (and all below it), `10.0.0.0/8` or `db.internal:8080`. */
  noProxy: z.array(bypassEntry).max(200, 'List at most 200 targets.'),
  /** Whether this machine is reached without the proxy, by `localhost` and its addresses. */
  bypassLoopback: z.boolean(),
});
export type Settings = z.infer<typeof settings>;

export const changeTopic = z.enum([
  'endpoints',
  'endpoint-health',
  'event-types',
  'messages',
  'deliveries',
  'replays',
  'checks',
  'relays',
  'bins',
  'captures',
  'stream-keys',
  'sources',
  'tunnels',
  'refused-requests',
  'policies',
  'auths',
  'environments',
  'profiles',
  'settings',
  'retention',
  'health',
]);
export type ChangeTopic = z.infer<typeof changeTopic>;

/**
 * One step of the change stream. A gap in `seq` means some were missed: ask again for what is shown. An empty `ids` means anything of the
 * topic.
 */
export const change = z.strictObject({ seq: z.number().int(), topic: changeTopic, ids: z.array(z.string()) });
export type Change = z.infer<typeof change>;

export const system = {
  health: base.route({ method: 'GET', path: '/health', summary: 'State of the engine' }).output(health),
  getSettings: base.route({ method: 'GET', path: '/settings', summary: 'Read the settings' }).output(settings),
  updateSettings: base
    .route({
      method: 'PATCH',
      path: '/settings',
      summary: 'Change settings; a limit that would remove something is refused without confirm',
    })
    .input(
      z.strictObject({
        ...settings.omit({ hasProxyPassword: true }).partial().shape,
        /** Password of the proxy; null removes it. */
        proxyPassword: loginText.nullable().optional(),
        confirm: z.boolean().default(false),
      }),
    )
    .output(settings),
  addresses: base
    .route({ method: 'GET', path: '/addresses', summary: 'List the addresses of this machine beyond loopback' })
    .output(z.strictObject({ items: z.array(z.strictObject({ address: z.string(), interfaceName: z.string() })) })),
  changes: base.route({ method: 'GET', path: '/changes', summary: 'Follow changes as server-sent events' }).output(eventIterator(change)),
};
