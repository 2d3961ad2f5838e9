import { join } from 'node:path';
import { createAuthBook } from './auth/book.ts';
import { partOf } from './auth/config.ts';
import { createTokens } from './auth/tokens.ts';
import { notFound } from './base/refusal.ts';
import { createCaptureRoom } from './capture/capture-room.ts';
import { createCapture } from './capture/capture.ts';
import { createChecks } from './checks/checks.ts';
import type { StoredAuthority } from './capture/tls/authority.ts';
import { captureBytes } from './capture/store.ts';
import { sentInsteadBy } from './comparing/sent-body.ts';
import type { Core } from './core.ts';
import { createDispatcher } from './dispatch/dispatcher.ts';
import { createEndpointBook } from './endpoints/book.ts';
import { createEnvironmentBook } from './environments/book.ts';
import { activeSecrets } from './endpoints/config.ts';
import { createHttpsSwitch } from './https-switch.ts';
import { createImporter } from './events/import/importer.ts';
import { createEventNames } from './events/name-book.ts';
import { createSchemaChecker } from './events/schema-checker.ts';
import { createStateBook } from './health/book.ts';
import { createSender } from './http/sender.ts';
import { newestSeenMs } from './log/queue.ts';
import { createBodies } from './messages/bodies.ts';
import { createMessages } from './messages/messages.ts';
import { createPolicyBook } from './policies/book.ts';
import { createProfileBook } from './profiles/book.ts';
import { createAwaitedAnswers, type AwaitedAnswers } from './relay/awaited-answers.ts';
import { createRelayBook } from './relay/book.ts';
import { createRelays } from './relay/relays.ts';
import { createRelayRunner } from './relay/runner.ts';
import { openSource } from './replays/open-source.ts';
import { createReplayRunner } from './replays/runner.ts';
import { createAuthenticator, signingEndpoints } from './request/authenticator.ts';
import { createBuilder } from './request/builder.ts';
import { createClockWitness } from './retention/clock-witness.ts';
import { createKeeper } from './retention/keeper.ts';
import { createSigner } from './signing/signer.ts';
import { createVerifier } from './signing/verifier.ts';
import { createSources } from './sources/sources.ts';
import { createStreamKeyBook } from './streams/keys.ts';
import { createStreams } from './streams/streams.ts';
import { createSearcher } from './store/searcher.ts';
import { createRenderer } from './templates/renderer.ts';
import { createCaseMaker } from './verifying/case-file/case-maker.ts';
import { createRequestSource } from './verifying/request-source.ts';
import { createTunnels } from './tunnels/tunnels.ts';
import { createProxyBook } from './settings/proxy-book.ts';
import { createSolver } from './verifying/solver/solver.ts';
import { createVaultSecrets } from './verifying/vault-secrets.ts';
import { createRuns } from './runs/runs.ts';
import { createWaits } from './waits/waits.ts';

/** Creates the parts of a workspace, lower layers first. Nothing is started yet. */
export function createRooms(core: Core) {
  const { database, vault, clock, log, background, settings } = core;
  const proxy = createProxyBook(core);
  const kernels = {
    renderer: createRenderer(background),
    verifier: createVerifier(background),
    builder: createBuilder(background),
    searcher: createSearcher({ database, background }),
    proxy,
    sender: createSender({ log, now: clock.now, proxyFor: proxy.routeFor }),
  };
  const books = {
    endpoints: createEndpointBook(database, vault),
    states: createStateBook(database),
    policies: createPolicyBook(database),
    profiles: createProfileBook(database),
    auths: createAuthBook(database, vault),
    environments: createEnvironmentBook({ database, vault, clock, activeId: () => settings.get().activeEnvironmentId }),
    eventNames: createEventNames(database),
    relays: createRelayBook(database),
  };
  const tokens = createTokens({ clock, sender: kernels.sender });
  const authenticator = createAuthenticator({ auths: books.auths, tokens, clock });
  const known = { ...core, ...kernels, ...books, tokens, authenticator };
  const schemas = createSchemaChecker(known);
  const importer = createImporter(known);
  const bodies = createBodies(known);
  const awaited: AwaitedAnswers = createAwaitedAnswers({ ...known, holdOn: (...asked) => dispatcher.holdOn(...asked) });
  const dispatcher = createDispatcher({ ...known, bodies, awaited });
  const onDue = dispatcher.notify;
  const witness = createClockWitness({ ...core, newestSeenMs: () => newestSeenMs(database) });
  const keeper = createKeeper({ ...core, witness });
  const relayRunner = createRelayRunner({ ...known, awaited, onDue, promise: dispatcher.promise });
  const capture = createCapture({
    ...known,
    bodyFolder: join(core.dataDir, 'incoming'),
    room: createCaptureRoom({
      limitBytes: () => settings.get().keepCaptureBytes,
      keptBytes: () => captureBytes(database),
      cleanUp: keeper.cleanUpSoon,
      log,
    }),
    bodyLimitBytes: () => settings.get().bodyLimitBytes,
    deliveryOf: dispatcher.deliveryOf,
    targetAnswers: awaited,
    onCapturing: relayRunner.capturing,
    onCaptured: (binId) => streams.captured(binId),
    authorityStore: {
      read: () => settings.recall<StoredAuthority>('internal.localAuthority'),
      write: (authority) => database.write((writer) => settings.remember(writer, 'internal.localAuthority', authority)),
    },
  });
  const streamKeys = createStreamKeyBook(core);
  const streams = createStreams({ ...core, bins: capture.bins, streamKeys });
  const sources = createSources({
    ...known,
    capture,
    bodyLimitBytes: () => settings.get().bodyLimitBytes,
    isOwnKey: (key) => streamKeys.at(key) !== undefined,
  });
  const tunnels = createTunnels({ ...core, capture });
  const httpsSwitch = createHttpsSwitch({ ...core, capture });
  const messages = createMessages({ ...known, schemas, bodies, onDue });
  const relayRules = createRelays({
    ...known,
    bins: capture.bins,
    listenerUrls: () => [capture.url(), capture.httpsUrl(), ...capture.openPorts.urls()],
    relayRunner,
    onDue,
  });
  const replayed = { ...known, bodies };
  const runner = createReplayRunner({ ...core, openSource: (source) => openSource(replayed, source), onDue });
  const signing = signingEndpoints(books.endpoints, authenticator);
  const secretsOf = async (id: string) => {
    if (id.startsWith('bin_')) return capture.secretsOf(id);
    if (id.startsWith('ep_')) return activeSecrets(signing.get(id), clock.now());
    if (id.startsWith('aut_')) return activeSecrets({ secrets: partOf(books.auths.get(id), 'signature')?.secrets ?? [] }, clock.now());
    throw notFound('endpoint, bin or authentication', id);
  };
  const verifying = {
    secretsOf,
    sign: createSigner(background),
    makeCase: createCaseMaker(background),
    requestOf: createRequestSource(database, signing, books.environments),
    vaultSecrets: createVaultSecrets({ endpoints: signing, capture, auths: books.auths, clock }),
    solver: createSolver({ log }),
    sentInstead: sentInsteadBy(kernels.searcher),
  };
  const captures = { capture, bins: capture.bins, refused: capture.refused, answerer: capture.answerer, positions: capture.positions };
  return {
    ...known,
    ...captures,
    ...verifying,
    schemas,
    importer,
    bodies,
    dispatcher,
    onDue,
    witness,
    keeper,
    messages,
    runner,
    relayRunner,
    relayRules,
    streamKeys,
    streams,
    sources,
    tunnels,
    httpsSwitch,
    waits: createWaits(known),
    checks: createChecks(core),
    runs: createRuns(),
  };
}

export type Rooms = ReturnType<typeof createRooms>;
