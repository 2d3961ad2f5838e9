/** The folder of the engine whose files alone write a table, and others that may read it. */
export interface TableOwner {
  readonly owner: string;
  readonly readers?: readonly string[];
}

/** Who may name a table in SQL, by the table's name. A new table is one line here. */
export const tableOwners: Readonly<Record<string, TableOwner>> = {
  messages: { owner: 'log' },
  deliveries: { owner: 'log' },
  attempts: { owner: 'log' },
  // Of the log and of the captures: kept once for both, by what they hold.
  bodies: { owner: 'store', readers: ['capture', 'log'] },
  referred_bodies: { owner: 'store' },
  replay_items: { owner: 'log' },
  replays: { owner: 'replays', readers: ['log'] },
  checks: { owner: 'checks' },
  check_cases: { owner: 'checks' },
  endpoints: { owner: 'endpoints', readers: ['log'] },
  endpoint_states: { owner: 'health' },
  endpoint_events: { owner: 'health' },
  event_types: { owner: 'events' },
  event_type_contents: { owner: 'events' },
  policies: { owner: 'policies' },
  auths: { owner: 'auth' },
  environments: { owner: 'environments' },
  profiles: { owner: 'profiles' },
  template_versions: { owner: 'template-versions' },
  settings: { owner: 'settings' },
  bins: { owner: 'capture' },
  captures: { owner: 'capture' },
  capture_room: { owner: 'capture' },
  capture_marks: { owner: 'capture' },
  answer_positions: { owner: 'capture' },
  relay_outbox: { owner: 'capture' },
  relay_counts: { owner: 'capture' },
  relays: { owner: 'relay' },
  source_positions: { owner: 'capture' },
  sources: { owner: 'sources' },
  stream_keys: { owner: 'streams' },
  refused_requests: { owner: 'capture' },
  agent_calls: { owner: 'agents' },
};
