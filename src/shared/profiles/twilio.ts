import { builtIn, factsFrom } from './profile.ts';

const sid = 'SM1f9c3b3c4d5e6f708192a3b4c5d6e7f8';
const account = { AccountSid: 'AC0123456789abcdef0123456789abcdef', ApiVersion: '2010-04-01' };
const numbers = { To: '+15558675310', From: '+15017122661' };
const status = (value: string) => ({ SmsSid: sid, SmsStatus: value, MessageStatus: value, ...numbers, MessageSid: sid, ...account });

/** Status callbacks and incoming messages of Twilio. */
export const twilio = builtIn('twilio', {
  name: 'Twilio',
  summary: 'Status callbacks and incoming messages as a form, signed over the URL and the sorted fields.',
  fields: {
    method: 'POST',
    contentType: 'application/x-www-form-urlencoded',
    headers: { 'User-Agent': 'TwilioProxy/1.1', Accept: '*/*', 'I-Twilio-Idempotency-Token': '{{ id | uuid }}' },
    signing: { scheme: 'twilio-form' },
    template:
      '{% for field in data %}{% unless forloop.first %}&{% endunless %}{{ field[0] | url_encode }}={{ field[1] | url_encode }}{% endfor %}',
    retryPolicy: 'none',
    successRule: '2xx',
    timeoutMs: 15_000,
  },
  facts: [
    ...factsFrom(
      { source: 'https://www.twilio.com/docs/usage/webhooks', asOf: '2026-11-28', certainty: 'second-hand' },
      {
        request: ['The body is a form. I-Twilio-Idempotency-Token stays the same when a request is repeated.'],
        delivery: ['Status callbacks are not repeated unless the URL asks for it.'],
      },
    ),
    { about: 'delivery', text: 'The time for an answer is assumed.', certainty: 'unverified' },
    { about: 'body', text: 'The order of the fields is assumed.', certainty: 'unverified' },
  ],
  eventTypes: [
    {
      name: 'message.delivered',
      title: 'A message was delivered',
      samples: [
        { name: 'default', data: status('delivered') },
        { name: 'read', data: status('read') },
      ],
    },
    {
      name: 'message.sent',
      title: 'A message was sent',
      samples: [
        { name: 'default', data: status('sent') },
        { name: 'queued', data: status('queued') },
      ],
    },
    {
      name: 'message.failed',
      title: 'A message failed',
      samples: [
        { name: 'undelivered', data: { ...status('undelivered'), ErrorCode: '30003' } },
        { name: 'failed', data: { ...status('failed'), ErrorCode: '21610' } },
      ],
    },
    {
      name: 'message.received',
      title: 'A message came in',
      samples: [
        {
          name: 'text',
          data: {
            SmsMessageSid: sid,
            NumMedia: '0',
            SmsSid: sid,
            SmsStatus: 'received',
            Body: 'Hello & good-bye',
            NumSegments: '1',
            MessageSid: sid,
            ...numbers,
            ...account,
          },
        },
        {
          name: 'picture',
          data: {
            SmsMessageSid: sid,
            NumMedia: '1',
            MediaUrl0: 'https://api.example.com/media/1',
            MediaContentType0: 'image/jpeg',
            SmsSid: sid,
            SmsStatus: 'received',
            Body: '',
            MessageSid: sid,
            ...numbers,
            ...account,
          },
        },
      ],
    },
    {
      name: 'call.completed',
      title: 'A call ended',
      samples: [
        {
          name: 'completed',
          data: {
            CallSid: 'CA1f9c3b3c4d5e6f708192a3b4c5d6e7f8',
            CallStatus: 'completed',
            Direction: 'outbound-api',
            CallDuration: '17',
            ...numbers,
            ...account,
          },
        },
        {
          name: 'busy',
          data: {
            CallSid: 'CA1f9c3b3c4d5e6f708192a3b4c5d6e7f8',
            CallStatus: 'busy',
            Direction: 'outbound-api',
            CallDuration: '0',
            ...numbers,
            ...account,
          },
        },
      ],
    },
  ],
});
