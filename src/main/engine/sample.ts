import { randomBytes } from 'node:crypto';
import type { EventType } from '#shared/contract/events.ts';
import { endpointInput } from '#shared/contract/endpoints.ts';
import type { Capture } from './capture/capture.ts';
import { newConfig } from './endpoints/new-config.ts';
import { toRow } from './endpoints/row.ts';
import { insertEndpoint } from './endpoints/store.ts';
import { defaultSample } from './events/schema-checker.ts';
import { rowOf } from './events/store.ts';
import { insertEventType } from './events/writes.ts';
import type { Clock, Ids, Vault } from './base/ports.ts';
import { whsecText } from './signing/secret.ts';
import type { Database } from './store/database.ts';

const slug = 'sample-bin';

const eventTypes: readonly Pick<EventType, 'name' | 'description' | 'sample'>[] = [
  {
    name: 'booking.confirmed',
    description: 'A customer booked a bicycle and the shop confirmed it.',
    sample: {
      booking: { id: 'bkg_1042', startsAt: '2026-03-14T09:00:00Z', days: 3 },
      customer: { name: 'Zoë Ångström', email: 'zoe@example.com' },
      bicycles: [
        { model: 'Tourer 7', quantity: 2, pricePerDay: 18.5 },
        { model: 'Cargo long', quantity: 1, pricePerDay: 34 },
      ],
      total: 213,
      currency: 'EUR',
    },
  },
  {
    name: 'parcel.dispatched',
    description: 'A parcel with spare parts left the workshop.',
    sample: {
      parcel: { id: 'prc_88', carrier: 'DHL', trackingNumber: 'JD014600006281230701' },
      weightGrams: 1250,
      contents: ['brake pads', 'chain 11s'],
    },
  },
  {
    name: 'refund.issued',
    description: 'Money went back to a customer.',
    sample: { refund: { id: 'rfd_7', amount: 34, currency: 'EUR', reason: 'Returned a day early' }, booking: { id: 'bkg_1042' } },
  },
];

const template = `{
  "type": {{ type | json }},
  "occurredAt": {{ timestamp | json }},
  "data": {{ data | json }}
}
`;

export interface SampleDeps {
  readonly database: Database;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly capture: Capture;
  /** Base URL of the capture listener, or where it will be. */
  readonly captureBase: string;
}

/** Fills a new workspace: three event types, a bin that verifies, and an endpoint that sends there. */
export async function makeSample(deps: SampleDeps): Promise<void> {
  const { database, clock } = deps;
  const nowMs = clock.now();
  const secret = whsecText(randomBytes(32));
  await deps.capture.createBin({
    name: 'Sample bin',
    slug,
    signing: { scheme: 'standard-webhooks' },
    secrets: [secret],
    response: { status: 200, headers: {}, body: '', delayMs: 0 },
  });
  const input = endpointInput.parse({
    name: 'Sample endpoint',
    url: `${deps.captureBase}/${slug}`,
    description: 'Sends to the sample bin of this workspace, so that you see both sides of a delivery. Change or delete it as you like.',
    events: eventTypes.map(({ name }) => name),
    retryPolicy: 'quick',
    template,
    secret,
  });
  const { config } = newConfig(input, { id: deps.ids.next('ep'), creator: 'sample', nowMs, isOneOff: false });
  await database.write((writer) => {
    for (const { sample, ...eventType } of eventTypes)
      insertEventType(
        writer,
        rowOf({
          ...eventType,
          title: '',
          group: '',
          samples: [{ name: defaultSample, json: JSON.stringify(sample) }],
          schemaJson: null,
          dataCheck: 'warn',
          source: null,
          createdAtMs: nowMs,
          updatedAtMs: nowMs,
        }),
      );
    insertEndpoint(database, writer, toRow(config, deps.vault));
  });
}
