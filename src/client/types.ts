/** What a JSON body is to have there, with its type: `4900` is the number, and `'4900'` the text. In texts, `*` stands for any characters, and `*` alone for any value. */
export type Expected = string | number | boolean | null;

/** A header as it came: name in its own case, value as Latin-1 text. */
export type HeaderField = [name: string, value: string];

export type Verdict = 'valid' | 'invalid' | 'unsigned' | 'unchecked';
export type DeliveryStatus = 'pending' | 'delivered' | 'failed' | 'exhausted' | 'cancelled';

/** How an attempt ended, in a code, and in a sentence. */
export interface Outcome {
  /** `ok`, or why not, such as `http_status`, `refused` or `timeout`. */
  readonly code: string;
  readonly message: string;
  /** HTTP status of the answer; null without one. */
  readonly status: number | null;
}

/** A request that a bin captured. */
export interface Capture {
  readonly id: string;
  readonly binId: string;
  readonly method: string;
  /** Path and query as they came. */
  readonly target: string;
  readonly headers: readonly HeaderField[];
  readonly contentType: string | null;
  /** What the bin answered. */
  readonly status: number;
  /** By the scheme of the bin; null where it has none. */
  readonly verdict: Verdict | null;
  /** The id that its sender gave the event, where it is known where that stands. */
  readonly messageId: string | null;
  readonly receivedAtMs: number;
  /** The exact bytes. */
  readonly body: Uint8Array;
  /** The first header of this name in any case. */
  readonly header: (name: string) => string | undefined;
  /** The body as UTF-8 text. */
  readonly text: () => string;
  /** The body as JSON; throws a HookyardError where it is none. */
  readonly json: () => unknown;
}

/** A message on its way to one endpoint. */
export interface Delivery {
  readonly id: string;
  readonly messageId: string;
  readonly endpointId: string;
  readonly endpointName: string;
  readonly url: string;
  readonly eventType: string;
  readonly status: DeliveryStatus;
  readonly attemptCount: number;
  /** Of its last attempt; null before the first has ended. */
  readonly lastOutcome: Outcome | null;
  readonly lastDurationMs: number | null;
  readonly createdAtMs: number;
}

/** What was sent: a message, with a delivery for each endpoint. */
export interface SentMessage {
  readonly id: string;
  readonly deliveries: readonly { readonly id: string; readonly endpointId: string; readonly status: DeliveryStatus }[];
  /** Whether there was a message of this id before, so that nothing new was sent. */
  readonly isDuplicate: boolean;
  /** What is probably not meant, such as an event that no endpoint listens to. */
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
}

/** What became of a wait, as `POST /api/waits` answers. */
export interface WaitResult {
  readonly isMet: boolean;
  readonly message: string;
  /** What came out with what came closest, in lines. */
  readonly report: string;
  readonly looked: number;
  readonly matchCount: number;
  readonly nearest: { readonly id: string; readonly what: string } | null;
  readonly tookMs: number;
}

interface Wait {
  /** How long to wait: HOOKYARD_WAIT_MS, or 4 seconds by default, one less than Vitest gives a test. 10 minutes at most. */
  readonly withinMs?: number;
  /** Count what came since this time, in milliseconds since 1970. */
  readonly sinceMs?: number;
}

interface Counted {
  /** How many have to match, at least; 1 by default. */
  readonly count?: number;
  /** How many may match, at most; the whole time is waited to see it. */
  readonly atMost?: number;
}

/** What a captured request has to be. Everything that is given has to hold; of a list one is enough. */
export interface CaptureMatch {
  /** Such as `invoice.paid` or `invoice.*`. */
  readonly eventType?: string | readonly string[];
  readonly method?: string | readonly string[];
  /** Behind the path of the bin, such as `/orders/*`. */
  readonly path?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Values by their place in a JSON body, such as `{ 'data.total': 4900 }`. */
  readonly json?: Readonly<Record<string, Expected>>;
  readonly verdict?: Verdict | readonly Verdict[];
}

/** Which capture to wait for. */
export interface CaptureWait extends CaptureMatch, Wait {
  /**
   * A bin of `bin()`, of which all that it captured since counts; or its id, slug or name, of which what it captures from the call on does.
   * By default any bin.
   */
  readonly bin?: Bin | string;
  /** The JSON that the body has to be, whatever its layout and the order of its names. */
  readonly body?: unknown;
  /** What may differ in `body`. */
  readonly ignore?: readonly ('dates' | 'ids')[];
}

/** Which captures to wait for. */
export interface CapturesWait extends CaptureWait, Counted {
  /** No id of an event may come twice to the bin; the whole time is waited to see it. */
  readonly oncePerId?: boolean;
  /** One capture for each of these, every one after the one before; without `count` and `atMost`. */
  readonly inOrder?: readonly CaptureMatch[];
}

/** Which delivery to wait for. */
export interface DeliveryWait extends Wait {
  /** What `send()` returned, or its id: all its deliveries count. */
  readonly message?: SentMessage | string;
  /** Id or name. */
  readonly endpoint?: string;
  readonly eventType?: string | readonly string[];
  readonly status?: DeliveryStatus | readonly DeliveryStatus[];
  /** What its last attempt ended in, such as `http_status` or `timeout`. */
  readonly outcome?: string | readonly string[];
  /** The HTTP status of the last answer. */
  readonly answer?: number | readonly number[];
  /** How long its last attempt took at most. */
  readonly answeredWithinMs?: number;
}

/** Which deliveries to wait for. */
export interface DeliveriesWait extends DeliveryWait, Counted {}

/** How to send an event. Without `to`, it goes to every active endpoint that listens to its type. */
export interface SendOptions {
  /** A URL, or ids or names of endpoints. */
  readonly to?: string | readonly string[];
  /** The id of the message; the same one again sends nothing new. */
  readonly id?: string;
  /** The environment whose variables it takes; null for none. */
  readonly environment?: string | null;
  /** For a URL: the system to send like: the id of a profile. */
  readonly profile?: string;
  /** For a URL: how to sign; with a secret, `standard-webhooks` by default. */
  readonly scheme?: string;
  readonly secret?: string;
  /** For a URL: how long an attempt may take; 15 seconds by default. */
  readonly timeoutMs?: number;
  /** For a URL: headers beside those that are made. */
  readonly headers?: Readonly<Record<string, string>>;
  /** For a URL: any other field of an endpoint, as `POST /api/endpoints` has it. */
  readonly target?: Readonly<Record<string, unknown>>;
}

/** How a bin answers. */
export interface BinResponse {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
  readonly delayMs?: number;
}

/** What a bin is to be; what is left out stays as it is. */
export interface BinOptions {
  readonly response?: BinResponse;
  /** How captures are verified; with a secret, `standard-webhooks` by default. */
  readonly scheme?: string;
  readonly secret?: string;
}

/** A bin, of which waits count what it captured since `bin()` returned it. */
export interface Bin {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
  /** Where it captures; any path may follow. */
  readonly url: string;
  /** Changes how it answers from now on. */
  readonly respond: (response: BinResponse) => Promise<void>;
  /** As of the client, for this bin. */
  readonly waitForCapture: (wait?: Omit<CaptureWait, 'bin'>) => Promise<Capture>;
  readonly waitForCaptures: (wait?: Omit<CapturesWait, 'bin'>) => Promise<Capture[]>;
  readonly waitForNoCapture: (wait?: Omit<CaptureWait, 'bin'>) => Promise<void>;
}

/** The speed of retry schedules, and attempts before their time. */
export interface Clock {
  /** How many times faster than real schedules run, 1 to 3600. */
  readonly scale: () => Promise<number>;
  readonly setScale: (scale: number) => Promise<void>;
  /** Makes the next attempt of a delivery at once. */
  readonly attemptNow: (delivery: Delivery | string) => Promise<void>;
}

/** A host, for tests. Everything rejects with a HookyardError whose message says what to change. */
export interface Hookyard {
  /** The bin of this name, which is made where there is none. */
  readonly bin: (name: string, options?: BinOptions) => Promise<Bin>;
  /** Sends an event; returns once it is on disk, before it is delivered. */
  readonly send: (type: string, data?: unknown, options?: SendOptions) => Promise<SentMessage>;
  /** Tries a delivery again now, with the same message, as a sender does that missed the answer. */
  readonly redeliver: (delivery: Delivery | string) => Promise<void>;
  /** The first capture that matches. Rejects with a NotMetError that shows what came closest. */
  readonly waitForCapture: (wait?: CaptureWait) => Promise<Capture>;
  /** Those that match, oldest first and at most 100, once there are as many as wanted. */
  readonly waitForCaptures: (wait?: CapturesWait) => Promise<Capture[]>;
  /** Waits the whole time, and rejects with a NotMetError as soon as one matches. */
  readonly waitForNoCapture: (wait?: CaptureWait) => Promise<void>;
  /** The first delivery that matches. Rejects with a NotMetError that shows what came closest, with its answer. */
  readonly waitForDelivery: (wait?: DeliveryWait) => Promise<Delivery>;
  readonly waitForDeliveries: (wait?: DeliveriesWait) => Promise<Delivery[]>;
  readonly clock: Clock;
}
