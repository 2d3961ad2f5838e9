import { agents } from './agents.ts';
import { answers } from './answers.ts';
import { auths } from './auths.ts';
import { captures } from './captures.ts';
import { checks } from './checks.ts';
import { bins } from './bins.ts';
import { comparing } from './comparisons.ts';
import { deliveries } from './deliveries.ts';
import { endpoints } from './endpoints.ts';
import { environments } from './environments.ts';
import { eventTypes } from './events.ts';
import { handshakes } from './handshakes.ts';
import { localAuthorities } from './local-authority.ts';
import { messages } from './messages.ts';
import { policies } from './policies.ts';
import { profiles } from './profiles.ts';
import { project } from './project.ts';
import { preview } from './preview.ts';
import { receiverTests } from './receiver-tests.ts';
import { refusedRequests } from './refused-requests.ts';
import { relays } from './relays.ts';
import { replays } from './replays.ts';
import { retention } from './retention.ts';
import { runs } from './runs.ts';
import { snippets } from './snippets.ts';
import { sources } from './sources.ts';
import { streamKeys } from './stream-keys.ts';
import { system } from './system.ts';
import { tunnels } from './tunnels.ts';
import { verifying } from './verifying.ts';
import { waits } from './waits.ts';
import { whatIf } from './what-if.ts';

/** The areas of the contract. Written out, because the inferred type is too long for the compiler to put into a declaration. */
export type Contract = {
  readonly endpoints: typeof endpoints;
  readonly handshakes: typeof handshakes;
  readonly eventTypes: typeof eventTypes;
  readonly messages: typeof messages;
  readonly preview: typeof preview;
  readonly policies: typeof policies;
  readonly auths: typeof auths;
  readonly environments: typeof environments;
  readonly profiles: typeof profiles;
  readonly project: typeof project;
  readonly deliveries: typeof deliveries;
  readonly replays: typeof replays;
  readonly relays: typeof relays;
  readonly receiverTests: typeof receiverTests;
  readonly runs: typeof runs;
  readonly checks: typeof checks;
  readonly answers: typeof answers;
  readonly bins: typeof bins;
  readonly captures: typeof captures;
  readonly streamKeys: typeof streamKeys;
  readonly sources: typeof sources;
  readonly tunnels: typeof tunnels;
  readonly localAuthority: typeof localAuthorities;
  readonly comparing: typeof comparing;
  readonly refusedRequests: typeof refusedRequests;
  readonly verifying: typeof verifying;
  readonly waits: typeof waits;
  readonly whatIf: typeof whatIf;
  readonly agents: typeof agents;
  readonly snippets: typeof snippets;
  readonly retention: typeof retention;
  readonly system: typeof system;
};

/** The one contract. Every door serves it whole, and nothing else reaches the engine. */
export const contract: Contract = {
  endpoints,
  handshakes,
  eventTypes,
  messages,
  preview,
  policies,
  auths,
  environments,
  profiles,
  project,
  deliveries,
  replays,
  relays,
  receiverTests,
  runs,
  checks,
  answers,
  bins,
  captures,
  streamKeys,
  sources,
  tunnels,
  localAuthority: localAuthorities,
  comparing,
  refusedRequests,
  verifying,
  waits,
  whatIf,
  agents,
  snippets,
  retention,
  system,
};
