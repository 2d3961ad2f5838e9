import { builtIn, factsFrom } from './profile.ts';

const mail = {
  email: 'example@example.com',
  'smtp-id': '<14c5d75ce93.dfd.64b469@ismtpd-555>',
  category: ['cat facts'],
  sg_message_id: '14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0',
};

/** The Event Webhook of SendGrid. */
export const sendgrid = builtIn('sendgrid', {
  name: 'SendGrid',
  summary: 'What became of emails: an array of flat events, signed with an ECDSA key.',
  fields: {
    method: 'POST',
    contentType: 'application/json;charset=utf-8',
    headers: { 'User-Agent': 'SendGrid Event API', 'Accept-Encoding': 'gzip' },
    signing: { scheme: 'sendgrid' },
    template:
      '[{"email":{{ data.email | json }},"timestamp":{{ timestampUnix }},"event":{{ type | json }},"sg_event_id":"{{ id | base62: 22 }}"{% for field in data %}{% if field[0] != "email" %},{{ field[0] | json }}:{{ field[1] | json }}{% endif %}{% endfor %}}]',
    bodyStyle: 'array-crlf',
    batch: { maxEvents: 1000 },
    retryPolicy: { kind: 'exponential', baseMs: 60_000, factor: 2, maxDelayMs: 14_400_000, maxAttempts: 13, totalTimeMs: 86_400_000 },
    successRule: '2xx',
  },
  facts: [
    ...factsFrom(
      { source: 'https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event', asOf: '2026-11-28', certainty: 'verified' },
      {
        request: ['The content type has no blank before charset. The user agent is SendGrid Event API.'],
        body: ['The body is an array of flat events, each on a line that ends in CRLF.'],
        delivery: ['2xx counts; otherwise the events are repeated at increasing intervals for up to 24 hours.'],
      },
    ),
    {
      about: 'limits',
      text: 'How many events a request holds is not published (up to 768 kB or 30 seconds of them are said); up to 1,000 of one type can be sent together here, and nothing is collected over time.',
      certainty: 'unverified',
    },
    { about: 'delivery', text: 'The single delays are not published; the ones here fit the day.', certainty: 'unverified' },
  ],
  eventTypes: [
    {
      name: 'processed',
      title: 'An email was taken in',
      samples: [
        { name: 'default', data: mail },
        { name: 'one category', data: { ...mail, category: 'welcome' } },
      ],
    },
    {
      name: 'delivered',
      title: 'An email was delivered',
      samples: [
        { name: 'default', data: { ...mail, response: '250 OK' } },
        { name: 'queued', data: { ...mail, response: '250 2.0.0 Ok: queued as 4' } },
      ],
    },
    {
      name: 'bounce',
      title: 'An email bounced',
      samples: [
        { name: 'unknown mailbox', data: { ...mail, reason: '500 unknown recipient', status: '5.0.0', type: 'bounce' } },
        { name: 'blocked', data: { ...mail, reason: '550 blocked', status: '5.7.1', type: 'blocked' } },
      ],
    },
    {
      name: 'open',
      title: 'An email was opened',
      samples: [
        { name: 'default', data: { ...mail, useragent: 'Mozilla/5.0', ip: '192.0.2.7', sg_machine_open: false } },
        { name: 'by a machine', data: { ...mail, useragent: 'Mozilla/5.0', ip: '192.0.2.8', sg_machine_open: true } },
      ],
    },
    {
      name: 'click',
      title: 'A link was clicked',
      samples: [
        {
          name: 'default',
          data: { ...mail, useragent: 'Mozilla/5.0', ip: '192.0.2.7', url: 'https://example.com/', url_offset: { index: 0, type: 'html' } },
        },
        {
          name: 'in plain text',
          data: {
            ...mail,
            useragent: 'Mozilla/5.0',
            ip: '192.0.2.7',
            url: 'https://example.com/?a=1&b=2',
            url_offset: { index: 1, type: 'text' },
          },
        },
      ],
    },
  ],
});
