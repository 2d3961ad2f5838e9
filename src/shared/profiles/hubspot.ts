import { builtIn, factsFrom } from './profile.ts';

const change = { objectId: 123, changeSource: 'CRM_UI', sourceId: 'userId:9186325' };

/** Webhooks of an app on HubSpot, signed in version 3. */
export const hubspot = builtIn('hubspot', {
  name: 'HubSpot',
  summary: 'Changes of contacts, companies and deals in an array, signed over method, URL, body and time.',
  fields: {
    method: 'POST',
    contentType: 'application/json',
    headers: {
      Accept: '*/*',
      'User-Agent': 'HubSpot Connect 2.0 (http://dev.hubspot.com/) (namespace: webhooks-nio-http-client) - WebhooksExecutorDaemon-executor',
      'X-HubSpot-Timeout-Millis': '10000',
    },
    signing: { scheme: 'hubspot-v3' },
    template:
      '[{"eventId":{{ id | digits: 10 }},"subscriptionId":15,"portalId":62515,"appId":54321,"occurredAt":{{ timestampMs }},"subscriptionType":{{ type | json }},"attemptNumber":{{ retry }}{% for field in data %},{{ field[0] | json }}:{{ field[1] | json }}{% endfor %}}]',
    bodyPerAttempt: true,
    batch: { maxEvents: 100 },
    retryPolicy: {
      kind: 'exponential',
      baseMs: 60_000,
      factor: 2,
      maxDelayMs: 21_600_000,
      maxAttempts: 11,
      totalTimeMs: 86_400_000,
      jitter: { kind: 'plusMinus', ratio: 0.2 },
    },
    successRule: '2xx',
    timeoutMs: 5000,
    httpsOnly: true,
  },
  facts: [
    ...factsFrom(
      { source: 'https://developers.hubspot.com/docs/api/webhooks', asOf: '2026-11-28', certainty: 'verified' },
      {
        body: [
          'The body is an array of up to 100 events; here, those of one type that are sent together. attemptNumber counts the attempts from 0, so a retry has another body.',
        ],
        delivery: [
          'An answer must come within five seconds. Failed deliveries are repeated up to 10 times over 24 hours, at varied times.',
        ],
      },
    ),
    {
      about: 'delivery',
      text: 'A webhook action of a workflow honours Retry-After, in milliseconds; whether subscriptions do is not stated, and seconds are taken here.',
      certainty: 'unverified',
    },
    { about: 'delivery', text: 'The single delays are not published; the ones here fit the number and the day.', certainty: 'unverified' },
  ],
  eventTypes: [
    {
      name: 'contact.creation',
      title: 'A contact was made',
      samples: [
        { name: 'by a person', data: { ...change, changeFlag: 'CREATED' } },
        { name: 'by an app', data: { ...change, changeFlag: 'CREATED', changeSource: 'API' } },
      ],
    },
    {
      name: 'contact.propertyChange',
      title: 'A property of a contact changed',
      samples: [
        { name: 'email', data: { ...change, propertyName: 'email', propertyValue: 'sample@example.com' } },
        { name: 'lifecycle', data: { ...change, propertyName: 'lifecyclestage', propertyValue: 'customer' } },
      ],
    },
    {
      name: 'contact.deletion',
      title: 'A contact was deleted',
      samples: [
        { name: 'default', data: { ...change, changeFlag: 'DELETED' } },
        { name: 'by an app', data: { ...change, changeFlag: 'DELETED', changeSource: 'API' } },
      ],
    },
    {
      name: 'company.creation',
      title: 'A company was made',
      samples: [
        { name: 'default', data: { ...change, changeFlag: 'CREATED' } },
        { name: 'import', data: { ...change, changeFlag: 'CREATED', changeSource: 'IMPORT' } },
      ],
    },
    {
      name: 'deal.propertyChange',
      title: 'A property of a deal changed',
      samples: [
        { name: 'stage', data: { ...change, propertyName: 'dealstage', propertyValue: 'closedwon' } },
        { name: 'amount', data: { ...change, propertyName: 'amount', propertyValue: '4900.00' } },
      ],
    },
  ],
});
