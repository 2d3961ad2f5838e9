import { Command } from 'commander';
import type { Endpoint } from '#shared/contract/endpoints.ts';
import type { HandshakeResult } from '#shared/contract/handshakes.ts';
import type { HealthEvent } from '#shared/contract/health.ts';
import { findEndpoint } from '../find-endpoint.ts';
import { addHostFlags, addListFlags, ask, noteNext, pageOf, type HostFlags, type ListFlags } from '../listing.ts';
import { formatTime, table } from '../output.ts';
import { profileChangesCommand, restoreTemplateCommand, templateVersionsCommand } from './endpoint-versions.ts';

/** The `endpoints` commands. */
export function endpointsCommand(): Command {
  const list = addListFlags(new Command('list').description('List endpoints of the running Hookyard')).action(async (flags: ListFlags) => {
    await ask(
      flags,
      (client) => client.endpoints.list(pageOf(flags)),
      ({ items, next }) => {
        noteNext(next);
        return table(
          ['ID', 'NAME', 'HEALTH', 'EVENTS', 'URL'],
          items.map((endpoint) => [endpoint.id, endpoint.name, healthWord(endpoint), endpoint.events.join(','), urlOf(endpoint)]),
        );
      },
    );
  });
  const show = addHostFlags(
    new Command('show').description('Show how an endpoint is, and what happened to its health').argument('<endpoint>', 'id or name'),
  ).action(
    async (idOrName: string, flags: HostFlags) =>
      await ask(
        flags,
        async (client) => {
          const id = await findEndpoint(client, idOrName);
          return { ...(await client.endpoints.get({ id })), history: (await client.endpoints.history({ id })).items };
        },
        describeEndpoint,
      ),
  );
  return new Command('endpoints')
    .description('Look at endpoints and their templates, enable and disable them, perform handshakes')
    .addCommand(list)
    .addCommand(show)
    .addCommand(handshakeCommand())
    .addCommand(templateVersionsCommand())
    .addCommand(restoreTemplateCommand())
    .addCommand(profileChangesCommand())
    .addCommand(switchCommand('enable', true))
    .addCommand(switchCommand('disable', false));
}

function handshakeCommand(): Command {
  return addHostFlags(
    new Command('handshake')
      .description('Ask the receiver of an endpoint what its system asks before it sends; exits 1 unless the answer is right')
      .argument('<endpoint>', 'id or name')
      .argument('[handshake]', 'id of a handshake (default: the first one of the profile)')
      .option('--verify-token <text>', 'what systems such as Meta let their users agree upon (default: hookyard)'),
  ).action(async (idOrName: string, handshake: string | undefined, flags: HostFlags & { readonly verifyToken?: string }) => {
    let isPassed = false;
    await ask(
      flags,
      async (client) => {
        const result = await client.handshakes.perform({
          id: await findEndpoint(client, idOrName),
          ...(handshake === undefined ? {} : { handshake }),
          ...(flags.verifyToken === undefined ? {} : { verifyToken: flags.verifyToken }),
        });
        ({ isPassed } = result);
        return result;
      },
      describeHandshake,
    );
    if (!isPassed) process.exitCode = 1;
  });
}

function describeHandshake({ title, isPassed, checks, attempt, deliveryId }: HandshakeResult): string {
  const { request, response } = attempt;
  const textOf = (base64: unknown) => (typeof base64 === 'string' ? Buffer.from(base64, 'base64').toString('utf8') : '');
  return [
    `${title}: ${isPassed ? 'passed' : 'failed'}`,
    ...checks.map(({ isMet, message }) => `  ${isMet ? 'ok   ' : 'wrong'}  ${message}`),
    ...(request === null
      ? []
      : ['', `${request.method} ${request.url}`, ...request.headers.map((field) => field.join(': ')), '', textOf(request.bodyBase64)]),
    ...(response === null
      ? []
      : [
          '',
          `${response.status} ${response.reason}`,
          ...response.headers.map((field) => field.join(': ')),
          '',
          textOf(response.bodyBase64),
        ]),
    '',
    `In the log as ${deliveryId}`,
  ].join('\n');
}

function switchCommand(name: string, isActive: boolean): Command {
  const description = isActive
    ? 'Enable an endpoint: waiting deliveries are sent, and its count of failures starts again'
    : 'Disable an endpoint: its deliveries wait';
  return addHostFlags(new Command(name).description(description).argument('<endpoint>', 'id or name')).action(
    async (idOrName: string, flags: HostFlags) =>
      await ask(
        flags,
        async (client) => await client.endpoints.update({ id: await findEndpoint(client, idOrName), isActive }),
        (endpoint) => `${endpoint.name} is ${endpoint.health}. ${endpoint.healthMessage} ${endpoint.pendingDeliveries} waiting.`,
      ),
  );
}

/** The URL, with a note when TLS is not verified. */
function urlOf({ url, verifyTls }: Endpoint): string {
  return verifyTls ? url : `${url} (TLS certificate not checked)`;
}

function healthWord({ health, disabledReason, disablesSoon }: Endpoint): string {
  if (disabledReason !== null) return `${health} (${disabledReason})`;
  return disablesSoon.length > 0 ? `${health}, disables soon` : health;
}

function describeEndpoint(endpoint: Endpoint & { readonly history: readonly HealthEvent[] }): string {
  const { circuit, healthSinceMs } = endpoint;
  const since = healthSinceMs === null ? '' : ` since ${formatTime(healthSinceMs)}`;
  return [
    `${endpoint.name}  ${endpoint.method} ${urlOf(endpoint)}`,
    `${endpoint.health}${since}: ${endpoint.healthMessage}`,
    ...endpoint.disablesSoon.map(({ message }) => message),
    ...(circuit === null
      ? []
      : [`circuit ${circuit.state}${circuit.probeAtMs === null ? '' : `, next probe ${formatTime(circuit.probeAtMs)}`}`]),
    `${endpoint.pendingDeliveries} waiting`,
    ...(endpoint.changedInProfile.length === 0
      ? []
      : [`its profile is newer in ${endpoint.changedInProfile.join(', ')}: see hookyard endpoints profile-changes`]),
    ...endpoint.history.map((event) => `${formatTime(event.atMs)}  ${event.message}`),
  ].join('\n');
}
