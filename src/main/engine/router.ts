import { createRouterClient, type Router as ServerRouter } from '@orpc/server';
import type { ContractRouterClient } from '@orpc/contract';
import type { Contract } from '#shared/contract/index.ts';
import type { Health } from '#shared/contract/system.ts';
import { createAgentHandlers } from './agents/agents.ts';
import type { CallContext } from './base/admission.ts';
import { withTextsMade } from './base/deferred-text.ts';
import { createProcedures } from './base/procedures.ts';
import { createAnswerHandlers } from './procedures/answers.ts';
import { createAuthHandlers } from './procedures/auths.ts';
import { createCaptureHandlers } from './procedures/capture.ts';
import { createCheckHandlers } from './procedures/checks.ts';
import { createComparingHandlers } from './procedures/comparing.ts';
import { createCaptureSaveHandlers } from './procedures/capture-save.ts';
import { createCapturedEventHandlers } from './procedures/captured-events.ts';
import { createCaptureReplayHandler, createManyCapturesHandlers } from './procedures/capture-replay.ts';
import { createDeliveryHandlers } from './procedures/deliveries.ts';
import { createEndpointHandlers } from './procedures/endpoints.ts';
import { createEnvironmentHandlers } from './procedures/environments.ts';
import { createEventSaving } from './procedures/event-saving.ts';
import { createEventHandlers } from './procedures/events.ts';
import { createHandshakeHandlers } from './procedures/handshakes.ts';
import { createLocalAuthorityHandlers } from './procedures/local-authority.ts';
import { createMessageHandlers } from './procedures/messages.ts';
import { createPolicyHandlers } from './procedures/policies.ts';
import { createPreviewHandlers } from './procedures/preview.ts';
import { createProfileHandlers } from './procedures/profiles.ts';
import { createProjectHandlers } from './procedures/project.ts';
import { createReceiverTestHandlers } from './procedures/receiver-tests.ts';
import { createRefusedHandlers } from './procedures/refused-requests.ts';
import { createRelayHandlers } from './procedures/relays.ts';
import { createReplayVerdictHandlers } from './procedures/replay-verdicts.ts';
import { createReplayHandlers } from './procedures/replays.ts';
import { createRetentionHandlers } from './procedures/retention.ts';
import { createRunHandlers } from './procedures/runs.ts';
import { createSystemHandlers } from './procedures/settings.ts';
import { createSourceHandlers } from './procedures/sources.ts';
import { createStreamKeyHandlers } from './procedures/stream-keys.ts';
import { createSnippetHandlers } from './procedures/snippets.ts';
import { createTunnelHandlers } from './procedures/tunnels.ts';
import { createVerifyingHandlers } from './procedures/verifying.ts';
import { createWaitHandlers } from './procedures/waits.ts';
import { createWhatIfHandlers } from './procedures/what-if.ts';
import type { Rooms } from './rooms.ts';

/** The contract, implemented. Typed by the contract because the inferred type is too long for the compiler to put into a declaration. */
export type Router = ServerRouter<Contract, CallContext>;

/** Every procedure of the contract, for one workspace. */
export function createRouter(rooms: Rooms, health: () => Health): Router {
  const os = createProcedures(rooms.log);
  const { bins, captures } = createCaptureHandlers(os, rooms);
  const { answerWith, testFile } = createCaptureSaveHandlers(os, rooms);
  const eventSaving = createEventSaving(rooms);
  const router: Router = os.router({
    endpoints: createEndpointHandlers(os, rooms),
    handshakes: createHandshakeHandlers(os, rooms),
    eventTypes: { ...createEventHandlers(os, rooms, eventSaving), ...createCapturedEventHandlers(os, rooms, eventSaving) },
    messages: createMessageHandlers(os, rooms),
    preview: createPreviewHandlers(os, rooms),
    policies: createPolicyHandlers(os, rooms),
    auths: createAuthHandlers(os, rooms),
    environments: createEnvironmentHandlers(os, rooms),
    profiles: createProfileHandlers(os, rooms),
    deliveries: createDeliveryHandlers(os, rooms),
    replays: { ...createReplayHandlers(os, rooms), ...createReplayVerdictHandlers(os, rooms) },
    relays: createRelayHandlers(os, rooms),
    receiverTests: createReceiverTestHandlers(os, rooms),
    checks: createCheckHandlers(os, rooms),
    // A project is applied by the other procedures, with the rights of its caller.
    project: createProjectHandlers(os, rooms, (context) => directClient(router, context)),
    // Runs send, wait and cancel with the rights of their caller, too.
    runs: createRunHandlers(os, rooms, (context) => directClient(router, context)),
    answers: createAnswerHandlers(os, rooms),
    bins: { ...bins, answerWith },
    captures: { ...captures, testFile, replay: createCaptureReplayHandler(os, rooms), ...createManyCapturesHandlers(os, rooms) },
    streamKeys: createStreamKeyHandlers(os, rooms),
    sources: createSourceHandlers(os, rooms),
    tunnels: createTunnelHandlers(os, rooms),
    localAuthority: createLocalAuthorityHandlers(os, rooms),
    comparing: createComparingHandlers(os, rooms),
    refusedRequests: createRefusedHandlers(os, rooms),
    verifying: createVerifyingHandlers(os, rooms),
    waits: createWaitHandlers(os, rooms),
    whatIf: createWhatIfHandlers(os, rooms),
    // Agents reach the rooms by the contract alone, as everybody else does.
    agents: createAgentHandlers(os, { ...rooms, clientOf: (context) => directClient(router, context, agentTextLimit) }),
    snippets: createSnippetHandlers(os),
    retention: createRetentionHandlers(os, rooms),
    system: createSystemHandlers(os, { ...rooms, health }),
  });
  return router;
}

/** Longer texts of an answer are of no use to agents, who read bodies in pieces, and making them would hold up the thread. */
const agentTextLimit = 8_388_608;

/** A client of a router in this process. Its answers hold texts, as at any door, although procedures return large values as bytes; those over the limit are empty. */
export function directClient(router: Router, context: CallContext, limitCharacters?: number): ContractRouterClient<Contract> {
  return createRouterClient(router, { context, interceptors: [async ({ next }) => withTextsMade(await next(), limitCharacters)] });
}
