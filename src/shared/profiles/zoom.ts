import { handshakes } from '../handshakes/common.ts';
import { builtIn, factsFrom } from './profile.ts';

const meeting = {
  id: '1234567890',
  uuid: '4444AAAiAAAAAiAiAiiAii==',
  host_id: 'x1yCzABCDEfg23HiJKl4mN',
  topic: 'My Meeting',
  type: 2,
  start_time: '2026-03-14T10:00:00Z',
  timezone: 'Europe/Berlin',
  duration: 60,
};

const account = { account_id: 'AAAAAABBBB' };
const operator = { operator: 'kim@example.com', operator_id: 'uLobbbbbbbbbb_qQsQ' };
const participant = {
  user_id: '16778240',
  user_name: 'Jill Chill',
  id: 'iFxeBPYun6SAiWUzBcEkX',
  participant_uuid: 'D8FD3B2C',
  join_time: '2026-03-14T10:01:00Z',
  email: 'jill@example.com',
};

/** Event notifications of Zoom. */
export const zoom = builtIn('zoom', {
  name: 'Zoom',
  summary: 'Events of meetings and recordings with lower-case headers. The first attempt must be answered with 200 or 204.',
  fields: {
    method: 'POST',
    contentType: 'application/json; charset=utf-8',
    headers: {
      'user-agent': 'Zoom Marketplace/1.0a',
      'x-zm-request-id': "{{ deliveryId | uuid | replace: '-', '_' }}",
      'accept-encoding': 'gzip',
    },
    signing: { scheme: 'zoom' },
    template: '{"event":{{ type | json }},"payload":{{ data | json }},"event_ts":{{ timestampMs }}}',
    retryPolicy: {
      kind: 'schedule',
      delaysMs: [300_000, 1_200_000, 3_600_000],
      retryOn: {
        kind: 'custom',
        codes: ['dns', 'refused', 'reset', 'unreachable', 'timeout', 'tls', 'protocol', 'incomplete'],
        statuses: '5xx',
      },
    },
    successRule: '200,204',
    retrySuccessRule: '2xx',
    timeoutMs: 3000,
    httpsOnly: true,
  },
  handshakes: [handshakes['endpoint-url-validation']],
  facts: [
    ...factsFrom(
      { source: 'https://developers.zoom.us/docs/api/webhooks/', asOf: '2026-11-28', certainty: 'verified' },
      {
        request: ['The names of the headers are lower-case; x-zm-request-id is a UUID with underscores. HTTPS is needed.'],
        delivery: [
          'The first attempt must be answered with 200 or 204 within three seconds. Retries follow after 5, 20 and 60 minutes, for statuses of 500 and more and for connections that fail; 3xx and 4xx are never repeated.',
          'In a retry any 2xx counts.',
        ],
      },
    ),
    { about: 'body', text: 'The order of event, payload and event_ts is assumed.', certainty: 'unverified' },
  ],
  eventTypes: [
    {
      name: 'meeting.created',
      title: 'A meeting was made',
      samples: [
        { name: 'scheduled', data: { ...account, ...operator, object: meeting } },
        { name: 'instant', data: { ...account, ...operator, object: { ...meeting, type: 1 } } },
      ],
    },
    {
      name: 'meeting.started',
      title: 'A meeting began',
      samples: [
        { name: 'default', data: { ...account, object: meeting } },
        { name: 'recurring', data: { ...account, object: { ...meeting, type: 8 } } },
      ],
    },
    {
      name: 'meeting.ended',
      title: 'A meeting ended',
      samples: [
        { name: 'default', data: { ...account, object: { ...meeting, end_time: '2026-03-14T11:00:00Z' } } },
        { name: 'short', data: { ...account, object: { ...meeting, duration: 1, end_time: '2026-03-14T10:01:00Z' } } },
      ],
    },
    {
      name: 'meeting.participant_joined',
      title: 'Somebody joined a meeting',
      samples: [
        { name: 'default', data: { ...account, object: { ...meeting, participant } } },
        { name: 'guest', data: { ...account, object: { ...meeting, participant: { ...participant, id: '', email: '' } } } },
      ],
    },
    {
      name: 'recording.completed',
      title: 'A recording is ready',
      samples: [
        {
          name: 'video',
          data: {
            ...account,
            object: {
              ...meeting,
              recording_files: [{ id: 'ed6c2f27', meeting_id: meeting.uuid, file_type: 'MP4', file_size: 7_220, status: 'completed' }],
            },
          },
        },
        {
          name: 'transcript',
          data: {
            ...account,
            object: {
              ...meeting,
              recording_files: [{ id: 'ed6c2f28', meeting_id: meeting.uuid, file_type: 'TRANSCRIPT', file_size: 912, status: 'completed' }],
            },
          },
        },
      ],
    },
  ],
});
