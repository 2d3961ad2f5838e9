import { treatObjectsAsYoung } from './base/object-ages.ts';
import { createRouterClient, implement } from '@orpc/server';
import type { ContractRouterClient } from '@orpc/contract';
import { contract } from '#shared/contract/index.ts';
import { admit, type CallContext } from './base/admission.ts';
import { systemClock } from './base/clock.ts';
import type { EnginePorts } from './base/ports.ts';
import { createProcedures } from './base/procedures.ts';
import { withTextsMade } from './base/deferred-text.ts';
import { notFound } from './base/refusal.ts';
import { createVerifyingHandlers } from './procedures/verifying.ts';
import { directCaseMaker } from './verifying/case-file/case-maker.ts';
import { offlineRequestSource } from './verifying/request-source.ts';
import { directSigner } from './signing/signer.ts';
import { directVerifier } from './signing/verifier.ts';
import { createSolver } from './verifying/solver/solver.ts';
import type { Router } from './router.ts';
import type { StreamDoor } from './streams/streams.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

export { admit } from './base/admission.ts';
export { createBackground, TaskEnded } from './background/background.ts';
export {
  inputOf,
  keepExact,
  largeJsonBytes,
  readFrameTask,
  readInput,
  readInputTask,
  writeLargeAnswer,
  writeLargeAnswerTask,
  type AnswerPart,
  type LargeAnswer,
  type UnreadInput,
} from './background/large-json.ts';
export { memoryIn } from './background/memory-in.ts';
export { BytesAsText } from './base/deferred-text.ts';
export { Refusal } from './base/refusal.ts';
export { backgroundThread } from './threads/background-url.ts';
export type { Clock, EnginePorts, Ids, Log, LogFields, OpenVault, Vault, VaultFacts } from './base/ports.ts';
export type { CallContext, Reach } from './base/admission.ts';
export { bareAnswer } from './http/bare-answer.ts';
export { createIntake, type Flow } from './http/intake.ts';
export { explainUnreadable, type ClientError } from './capture/refused/refuse.ts';
export { createRequestBytes, framingOf, type RequestBytes } from './http/request-bytes.ts';
export { documentationLinks } from './documentation-links.ts';
export { StartError, type StartErrorCode } from './store/start-error.ts';
export type { StreamDoor, StreamSink } from './streams/streams.ts';
export { version } from './base/version.ts';
export { directClient as createDirectClient, type Router } from './router.ts';

/** The product without a window. Hosts start it, serve its router at their doors, and stop it. */
export interface Engine {
  /** All procedures of the contract; each call needs a {@link CallContext}. Available once `start` has resolved. */
  readonly router: Router;
  /** Streams of captures to others, who have a key and no other right. Available as the router is. */
  readonly streams: StreamDoor;
  /** Opens the workspace. Rejects with a StartError whose message says what to change. `warning` says what is not as usual. */
  readonly start: () => Promise<Pick<Workspace, 'captureUrl' | 'openUrls' | 'warning'>>;
  /** Refuses those who wait for something to come, and whoever comes later; for a host that is about to close its doors. */
  readonly endWaits: () => Promise<void>;
  /** Ends the attempts under way and closes the data file. May be called more than once. */
  readonly stop: () => Promise<void>;
}

/** Makes an engine for one data folder; nothing is opened before it is started. */
export function createEngine(ports: EnginePorts): Engine {
  let workspace: Workspace | null = null;
  let stopping: Promise<void> | null = null;
  return {
    get router() {
      if (workspace === null) throw new Error('The engine has no router before it is started.');
      return workspace.router;
    },
    get streams() {
      if (workspace === null) throw new Error('The engine has no streams before it is started.');
      return workspace.streams;
    },
    start: async () => {
      treatObjectsAsYoung();
      workspace = await openWorkspace(ports);
      return { captureUrl: workspace.captureUrl, openUrls: workspace.openUrls, warning: workspace.warning };
    },
    endWaits: async () => await workspace?.endWaits(),
    stop: () => (stopping ??= workspace?.stop() ?? Promise.resolve()),
  };
}

/** The part of the contract that needs no data folder: schemes, signing and verifying. */
export type OfflineClient = Pick<ContractRouterClient<typeof contract>, 'verifying'>;

/** A client for signing and verifying that opens and writes nothing. */
export function createOfflineClient(now: () => number = systemClock.now): OfflineClient {
  const silent = () => undefined;
  const log = { info: silent, warn: silent, error: silent };
  const os = createProcedures(log);
  const secretsOf = (id: string) => Promise.reject(notFound('endpoint or bin', id));
  const vaultSecrets = (ids: readonly string[] | 'all') =>
    ids === 'all' ? Promise.resolve([]) : Promise.reject(notFound('endpoint or bin', ids[0] ?? ''));
  const verifying = createVerifyingHandlers(os, {
    // There is no workspace that could have sent anything.
    sentInstead: () => Promise.resolve(null),
    clock: { ...systemClock, now },
    verifier: directVerifier,
    sign: directSigner,
    makeCase: directCaseMaker,
    secretsOf,
    requestOf: offlineRequestSource,
    vaultSecrets,
    solver: createSolver({ log }),
  });
  const context: CallContext = admit('offline');
  return {
    verifying: createRouterClient(implement(contract.verifying).$context<CallContext>().router(verifying), {
      context,
      interceptors: [async ({ next }) => withTextsMade(await next())],
    }),
  };
}
