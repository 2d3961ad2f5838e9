import type { Generated } from 'kysely';

/** Tables as rows. `*_json` holds JSON text, `*_sealed` bytes from the vault, `*_hash` the key of a row in `bodies` (`store/body-keys.ts`). */
export interface Tables {
  endpoints: EndpointRow;
  event_types: EventTypeRow;
  event_type_contents: EventTypeContentRow;
  messages: MessageRow;
  deliveries: DeliveryRow;
  attempts: AttemptRow;
  bodies: BodyRow;
  replays: ReplayRow;
  replay_items: ReplayItemRow;
  checks: CheckRow;
  check_cases: CheckCaseRow;
  relays: RelayRow;
  bins: BinRow;
  captures: CaptureRow;
  stream_keys: StreamKeyRow;
  sources: SourceRow;
  refused_requests: RefusedRow;
  referred_bodies: ReferredBodyRow;
  settings: SettingRow;
  policies: PolicyRow;
  profiles: ProfileRow;
  auths: AuthRow;
  environments: EnvironmentRow;
  template_versions: TemplateVersionRow;
}

export interface EndpointRow {
  seq: Generated<number>;
  id: string;
  name: string;
  url: string;
  description: string;
  events_json: string;
  retry_policy_json: string;
  /** JSON object of the fields of the contract that no query reads. */
  config_json: string;
  /** Sealed JSON object, name to value. */
  secret_headers_sealed: Uint8Array;
  /** Sealed JSON array of {secret, expiresAtMs|null}, newest first. */
  secrets_sealed: Uint8Array;
  /** Kept along with the endpoint's state in `endpoint_states`, which says why. */
  is_active: number;
  /** 1 for a target that is not in the list, of one message or of a relay. */
  is_one_off: number;
  /** The relay whose own target it is. */
  relay_id: string | null;
  /** The endpoint that this copy was made of for a test. */
  test_of: string | null;
  /** The endpoint that this copy was made of, for a test of it or not: it may have its secrets, and is erased with it. */
  copy_of: string | null;
  /** JSON object {fields, unsignedHeaders}: what its profile said when it was filled from it. */
  profile_base_json: string | null;
  creator: string;
  created_at_ms: number;
  updated_at_ms: number;
  deleted_at_ms: number | null;
}

export interface TemplateVersionRow {
  /** The endpoint or profile. */
  owner_id: string;
  number: number;
  cause: string;
  restored_from: number | null;
  made_by: string | null;
  made_at_ms: number;
  /** Null for the default envelope. */
  characters: number | null;
  source: string | null;
}

export interface EventTypeRow {
  name: string;
  title: string;
  description: string;
  group_name: string;
  sample_count: number;
  /** 1 when it has a schema. */
  has_schema: number;
  /** What is done about data that breaks the schema: `off`, `warn` or `refuse`. */
  data_check: string;
  /** The title of the document that it was imported from; null for one that was added by hand. */
  source: string | null;
  /** 1 when what an import brought was changed by hand since. */
  is_edited: number;
  created_at_ms: number;
  updated_at_ms: number;
}

/** What may be large of an event type. */
export interface EventTypeContentRow {
  name: string;
  /** JSON array of {name, data} without space, at least one. */
  samples_json: string;
  schema_json: string | null;
  /** JSON array of the characters of each of them; null for rows that format 34 wrote. */
  sample_lengths_json: string | null;
}

export interface MessageRow {
  seq: Generated<number>;
  id: string;
  event_type: string;
  data_json: string;
  /** Set when the sender gave the exact body. */
  body_hash: Uint8Array | null;
  /** Method and headers, when the sender gave them. */
  head_hash: Uint8Array | null;
  /** The capture that it brings. */
  source_capture_id: string | null;
  /** The relay that forwarded that capture; null for a replay by hand. */
  relay_id: string | null;
  /** 1 when the data is a list of the data of several events. */
  is_batch: number;
  created_at_ms: number;
}

export interface DeliveryRow {
  seq: Generated<number>;
  id: string;
  message_id: string;
  endpoint_id: string;
  event_type: string;
  status: string;
  /** The body every attempt sends; null when the template could not be rendered. */
  body_hash: Uint8Array | null;
  /** The message's method and headers; null when the endpoint's fields make them. */
  head_hash: Uint8Array | null;
  attempt_count: number;
  /** Attempts since the schedule last began; a redelivery begins it again. */
  schedule_step: number;
  max_attempts: number;
  /** When the next attempt is due; null when none is. */
  due_at_ms: number | null;
  next_trigger: string;
  /** Attempt under way, or null; it becomes a row of `attempts` when it has ended. */
  in_flight_attempt_id: string | null;
  /** The time that its requests are signed as of; null for the time of each attempt. */
  sign_at_ms: number | null;
  last_outcome_json: string | null;
  last_duration_ms: number | null;
  /** When the schedule last began anew; null when that was with the delivery. */
  schedule_began_at_ms: number | null;
  /** Why it is exhausted although attempts were left. */
  end_reason: string | null;
  /** The environment that its variables are from; null for none. */
  environment_id: string | null;
  is_test: number;
  /** 1 when its attempts may go to loopback addresses only, since an agent had them made. */
  is_within_loopback: number;
  /** Title of the case of a check that it was sent for; null for all else. */
  check_case: string | null;
  created_at_ms: number;
  updated_at_ms: number;
}

export interface AttemptRow {
  seq: Generated<number>;
  id: string;
  delivery_id: string;
  endpoint_id: string;
  number: number;
  trigger: string;
  started_at_ms: number;
  ended_at_ms: number | null;
  outcome_code: string | null;
  outcome_json: string | null;
  method: string;
  url: string;
  request_headers_json: string;
  request_body_hash: Uint8Array | null;
  request_body_bytes: number;
  status: number | null;
  reason: string | null;
  response_headers_json: string | null;
  response_body_hash: Uint8Array | null;
  response_body_bytes: number | null;
  is_response_truncated: number;
  duration_ms: number | null;
  timings_json: string | null;
  connection_json: string | null;
  /** JSON array; null when none was followed. */
  redirects_json: string | null;
  /** Scheme, parts, signature headers and fingerprints; the signed bytes are put together again from these and the body. */
  signature_json: string | null;
  /** JSON array of what was done beside the request; null for nothing. */
  steps_json: string | null;
}

export interface ReplayRow {
  seq: Generated<number>;
  id: string;
  /** What it goes over, as in the contract. */
  source_json: string;
  timestamp: string;
  rate_per_second: number | null;
  status: string;
  problem: string | null;
  total: number;
  replayed: number;
  /** JSON object, reason to count. */
  skipped_json: string;
  /** Last row it dealt with, and the newest when it started: rows of `messages` for missing deliveries, of `deliveries` otherwise. */
  after_seq: number;
  upto_seq: number;
  creator: string;
  created_at_ms: number;
  updated_at_ms: number;
  ended_at_ms: number | null;
}

export interface CheckRow {
  seq: Generated<number>;
  id: string;
  status: string;
  reason: string | null;
  /** What was checked, without secrets. */
  subject_json: string;
  total: number;
  done: number;
  /** JSON object, result to count. */
  counts_json: string;
  defects_json: string;
  creator: string;
  created_at_ms: number;
  ended_at_ms: number | null;
}

/** How a case of a check came out. */
export interface CheckCaseRow {
  check_seq: number;
  number: number;
  outcome_json: string;
}

/** A delivery that a replay made due. */
export interface ReplayItemRow {
  replay_seq: number;
  delivery_seq: number;
  /** Attempts of the delivery before; null for a replay of a version that did not note them. */
  attempts_before: number | null;
}

export interface BodyRow {
  hash: Uint8Array;
  size: number;
  bytes: Uint8Array;
}

export interface BinRow {
  id: string;
  name: string;
  slug: string;
  response_json: string;
  /** JSON object, how it answers beyond that; fields that are missing are as for a bin without any. */
  answers_json: string;
  /** Sealed JSON string, or null for none. */
  verify_token_sealed: Uint8Array | null;
  signing_json: string | null;
  /** Sealed JSON array of secrets. */
  secrets_sealed: Uint8Array;
  fingerprints_json: string;
  /** JSON object of the fields of the contract that no query reads. */
  config_json: string;
  created_at_ms: number;
  updated_at_ms: number;
  /** When it was deleted, while that can be undone. */
  removed_at_ms: number | null;
  /** How many captures went with it then. */
  removed_captures: number | null;
}

export interface CaptureRow {
  seq: Generated<number>;
  id: string;
  bin_id: string;
  method: string;
  target: string;
  http_version: string;
  headers_json: string;
  trailers_json: string;
  content_type: string | null;
  body_hash: Uint8Array;
  body_bytes: number;
  is_body_truncated: number;
  remote_address: string;
  status: number;
  response_json: string;
  /** JSON of what answered it and why; null for the plain response of its bin. */
  answered_json: string | null;
  /** When it was deleted; null while it is there. */
  removed_at_ms: number | null;
  verdict: string | null;
  verification_json: string | null;
  /** The id that its sender gave the event. */
  message_id: string | null;
  /** The event that it names, empty for none; null for one stored before this was noted. */
  event_type: string | null;
  delivery_id: string | null;
  body_ms: number;
  total_ms: number | null;
  /** JSON of how it came in where that was not over plain HTTP by the path; null for that. */
  arrival_json: string | null;
  /** JSON of what was sent of an answer with a fault, once it is over. */
  sent_json: string | null;
  received_at_ms: number;
  /** Identifies a request with a valid signature; null where nothing was signed or the signature is not valid. */
  replay_key: Uint8Array | null;
  /** The first capture of the same bin with the same key; null when it is this one. */
  seen_before_id: string | null;
  /** JSON object on the source that brought it; null for one that was sent to the bin's URL. */
  source_json: string | null;
  /** 1 for one that clean-ups leave. */
  is_pinned: number;
  note: string;
  /** JSON array of texts. */
  tags_json: string;
}

/** A key by which others follow the captures of a bin. */
export interface StreamKeyRow {
  seq: Generated<number>;
  id: string;
  bin_id: string;
  name: string;
  /** SHA-256 of the key. */
  key_hash: Uint8Array;
  creator: string;
  created_at_ms: number;
  /** When somebody began to follow by it last. */
  used_at_ms: number | null;
}

/** A channel elsewhere whose requests a bin captures. */
export interface SourceRow {
  seq: Generated<number>;
  id: string;
  bin_id: string;
  kind: string;
  name: string;
  url_sealed: Uint8Array;
  verifies_tls: number;
  is_active: number;
  gaps_json: string;
  gap_count: number;
  creator: string;
  created_at_ms: number;
  updated_at_ms: number;
}

/** A rule that forwards the captures of a bin. */
export interface RelayRow {
  seq: Generated<number>;
  id: string;
  name: string;
  bin_id: string;
  /** JSON object, null for everything. */
  match_json: string | null;
  targets_json: string;
  /** JSON object, null for the answer of the bin. */
  answer_json: string | null;
  /** JSON object, null for none. */
  shadow_json: string | null;
  is_active: number;
  creator: string;
  created_at_ms: number;
  updated_at_ms: number;
}

/** A request that the capture listener refused. */
export interface RefusedRow {
  seq: Generated<number>;
  id: string;
  /** The bin that its path named; it may be gone. */
  bin_id: string | null;
  /** The requested slug, when no bin has it. */
  slug: string | null;
  reason: string;
  seen: string;
  status: number | null;
  first_bytes: Uint8Array;
  received_bytes: number;
  remote_address: string;
  received_at_ms: number;
  /** How many more were refused for the same reason without a row of their own. */
  more: number;
  last_at_ms: number;
  removed_at_ms: number | null;
}

/** A named retry policy. A deleted one stays for deliveries that still refer to it. */
export interface PolicyRow {
  seq: Generated<number>;
  id: string;
  name: string;
  description: string;
  policy_json: string;
  created_at_ms: number;
  updated_at_ms: number;
  deleted_at_ms: number | null;
}

export interface ProfileRow {
  seq: Generated<number>;
  id: string;
  name: string;
  summary: string;
  scheme: string | null;
  event_type_count: number;
  created_at_ms: number;
  updated_at_ms: number;
  /** The whole profile, as it is exported. */
  content_json: string;
}

/** An authentication. A deleted one stays without its parts, for endpoints that the log still refers to. */
export interface AuthRow {
  seq: Generated<number>;
  id: string;
  name: string;
  description: string;
  /** Sealed JSON array of its parts, secrets included. */
  parts_sealed: Uint8Array;
  created_at_ms: number;
  updated_at_ms: number;
  deleted_at_ms: number | null;
}

/** An environment. A deleted one stays without its variables, for deliveries that name it. */
export interface EnvironmentRow {
  seq: Generated<number>;
  id: string;
  name: string;
  /** Sealed JSON array of its variables, all values included. */
  variables_sealed: Uint8Array;
  created_at_ms: number;
  updated_at_ms: number;
  deleted_at_ms: number | null;
}

/** A body that a row which was there already came to refer to, noted for the clean-up. */
export interface ReferredBodyRow {
  hash: Uint8Array;
}

export interface SettingRow {
  key: string;
  value_json: string;
}
