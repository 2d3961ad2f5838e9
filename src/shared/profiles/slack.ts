import { handshakes } from '../handshakes/common.ts';
import { builtIn, factsFrom } from './profile.ts';

const message = {
  type: 'message',
  user: 'U061F7AUR',
  text: 'Live long and prospect.',
  ts: '1515449522.000016',
  channel: 'C0LAN2Q65',
  event_ts: '1515449522000016',
  channel_type: 'channel',
};

/** The Events API of Slack. */
export const slack = builtIn('slack', {
  name: 'Slack Events API',
  summary: 'An event of a workspace inside event_callback. The name of the event stands in its own type.',
  fields: {
    method: 'POST',
    contentType: 'application/json',
    headers: { 'User-Agent': 'Slackbot 1.0 (+https://api.slack.com/robots)', Accept: '*/*', 'Accept-Encoding': 'gzip,deflate' },
    retryHeaders: {
      'X-Slack-Retry-Num': '{{ retry }}',
      'X-Slack-Retry-Reason':
        '{{ lastOutcome | translate: "timeout", "http_timeout", "redirect", "too_many_redirects", "http_status", "http_error", "tls", "ssl_error", "dns", "connection_failed", "refused", "connection_failed", "reset", "connection_failed", "unreachable", "connection_failed", "unknown_error" }}',
    },
    signing: { scheme: 'slack' },
    template:
      '{"token":"XXYYZZ","team_id":"T123ABC456","context_team_id":"T123ABC456","context_enterprise_id":null,"api_app_id":"A123ABC456","event":{{ data | json }},"type":"event_callback","event_id":"Ev{{ id | base32: 9 }}","event_time":{{ timestampUnix }},"authorizations":[{"enterprise_id":null,"team_id":"T123ABC456","user_id":"U123ABC456","is_bot":true,"is_enterprise_install":false}],"is_ext_shared_channel":false,"event_context":"4-{{ id | base62: 40 }}"}',
    retryPolicy: { kind: 'schedule', delaysMs: [0, 60_000, 300_000] },
    successRule: '2xx',
    timeoutMs: 3000,
    redirects: { follow: 2 },
    stopAnswers: [{ statuses: null, header: 'x-slack-no-retry', value: '1', action: 'end' }],
  },
  handshakes: [handshakes['url-verification']],
  facts: [
    ...factsFrom(
      { source: 'https://docs.slack.dev/apis/events-api/', asOf: '2026-11-28', certainty: 'verified' },
      {
        body: [
          'token, team_id, api_app_id, event, type, event_id and event_time are around the event itself; authorizations tell for whom it is.',
        ],
        delivery: [
          'An answer of 2xx must come within three seconds. A failed delivery is repeated at once, after a minute and after five minutes.',
          'An answer with the header x-slack-no-retry: 1 ends the retries of an event. Up to two redirects are followed.',
          'Subscriptions are disabled when more than 95 % of the deliveries fail within an hour; that is not done here.',
        ],
      },
    ),
    {
      about: 'request',
      text: 'A retry has X-Slack-Retry-Num, counted from 1, and X-Slack-Retry-Reason: http_timeout, too_many_redirects, connection_failed, ssl_error, http_error or unknown_error.',
      certainty: 'verified',
      source: 'https://docs.slack.dev/apis/events-api/',
      asOf: '2026-11-28',
    },
    {
      about: 'request',
      text: 'A retry has the body and the event_id of the first attempt, with a new timestamp and signature. Which of the reasons stands for a failed lookup of the name is assumed.',
      certainty: 'unverified',
    },
  ],
  eventTypes: [
    {
      name: 'message',
      title: 'A message was posted',
      samples: [
        { name: 'in a channel', data: message },
        { name: 'in a thread', data: { ...message, text: 'Agreed 👍', ts: '1515449599.000001', thread_ts: message.ts } },
      ],
    },
    {
      name: 'app_mention',
      title: 'The app was mentioned',
      samples: [
        { name: 'default', data: { ...message, type: 'app_mention', text: '<@U0LAN0Z89> is it everything a river should be?' } },
        {
          name: 'with blocks',
          data: {
            ...message,
            type: 'app_mention',
            text: '<@U0LAN0Z89> hi',
            blocks: [{ type: 'rich_text', block_id: 'Zt9', elements: [] }],
          },
        },
      ],
    },
    {
      name: 'reaction_added',
      title: 'A reaction was added',
      samples: [
        {
          name: 'default',
          data: {
            type: 'reaction_added',
            user: 'U024BE7LH',
            reaction: 'thumbsup',
            item_user: 'U0G9QF9C6',
            item: { type: 'message', channel: 'C0G9QF9GZ', ts: '1360782400.498405' },
            event_ts: '1360782804.083113',
          },
        },
        {
          name: 'without author',
          data: {
            type: 'reaction_added',
            user: 'U024BE7LH',
            reaction: 'eyes',
            item: { type: 'message', channel: 'C0G9QF9GZ', ts: '1360782400.498405' },
            event_ts: '1360782804.083114',
          },
        },
      ],
    },
    {
      name: 'team_join',
      title: 'Somebody joined the workspace',
      samples: [
        {
          name: 'default',
          data: {
            type: 'team_join',
            user: { id: 'W012A3CDE', name: 'spengler', real_name: 'Egon Spengler', is_bot: false },
            event_ts: '1360782804.083113',
          },
        },
        {
          name: 'bot',
          data: { type: 'team_join', user: { id: 'W012A3CDF', name: 'ci', real_name: 'CI', is_bot: true }, event_ts: '1360782804.083115' },
        },
      ],
    },
    {
      name: 'app_uninstalled',
      title: 'The app was removed',
      samples: [
        { name: 'default', data: { type: 'app_uninstalled' } },
        { name: 'with time', data: { type: 'app_uninstalled', event_ts: '1360782804.083113' } },
      ],
    },
  ],
});
