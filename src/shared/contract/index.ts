import { auths } from './auths.ts';
import { bins, captures } from './captures.ts';
import { deliveries } from './deliveries.ts';
import { endpoints } from './endpoints.ts';
import { environments } from './environments.ts';
import { eventTypes } from './events.ts';
import { handshakes } from './handshakes.ts';
import { messages } from './messages.ts';
import { policies } from './policies.ts';
import { profiles } from './profiles.ts';
import { preview } from './preview.ts';
import { receiverTests } from './receiver-tests.ts';
import { refusedRequests } from './refused-requests.ts';
import { replays } from './replays.ts';
import { retention } from './retention.ts';
import { snippets } from './snippets.ts';
import { system } from './system.ts';
import { verifying } from './verifying.ts';

/** The one contract. Every door serves it whole, and nothing else reaches the engine. */
export const contract = {
  endpoints,
  handshakes,
  eventTypes,
  messages,
  preview,
  policies,
  auths,
  environments,
  profiles,
  deliveries,
  replays,
  receiverTests,
  bins,
  captures,
  refusedRequests,
  verifying,
  snippets,
  retention,
  system,
};
export type Contract = typeof contract;
