import { builtIn, factsFrom } from './profile.ts';

const read = { source: 'https://support.axcelerate.com.au/hc/en-gb/articles/12411698043791-Webhooks', asOf: '2026-11-20' } as const;

const contact = {
  contactId: 1_048_112,
  givenName: 'Amelia',
  surname: 'Nguyen',
  emailAddress: 'amelia.nguyen@example.com',
  mobilePhone: '0400 000 000',
};

/** Webhooks of aXcelerate, a student management system. */
export const axcelerate = builtIn('axcelerate', {
  name: 'aXcelerate',
  summary: 'One event type for each webhook, an envelope with a fixed order of keys, and a signature where a private key is set.',
  fields: {
    method: 'POST',
    contentType: 'application/json',
    headers: {},
    signing: { scheme: 'axcelerate' },
    template:
      '{"type":{{ type | json }},"message":{{ data | json }},"clientId":12345678,"messageId":"{{ id | uuid }}","timestamp":{{ timestamp | json }}}',
    retryPolicy: 'doubling-twenty',
  },
  unsignedHeaders: { 'Ax-Signature-Version': '0', 'Ax-Signature': '' },
  constraints: { exactlyOneEvent: true },
  facts: factsFrom(
    { ...read, certainty: 'second-hand' },
    {
      events: ['A webhook has exactly one event type. Each has a title, and a name in the form namespace.event_name.'],
      body: [
        'The keys are type, message, clientId, messageId and timestamp, in this order. The client id of the sample is a placeholder for your own.',
      ],
      signature: [
        'Ax-Signature-Version is 1 and Ax-Signature holds the signature where a private key is set; without one the version is 0 and the signature is empty.',
      ],
      delivery: ['Failed deliveries are repeated after 1, 2, 4 seconds and so on, at most 20 times.'],
    },
  ),
  eventTypes: [
    {
      name: 'contact.updated',
      title: 'Contact Updated',
      samples: [
        { name: 'default', data: contact },
        { name: 'without phone', data: { ...contact, mobilePhone: null } },
      ],
    },
    {
      name: 'contact.created',
      title: 'Contact Created',
      samples: [
        { name: 'default', data: contact },
        { name: 'other name', data: { ...contact, contactId: 1_048_113, givenName: 'Zoë', surname: 'O’Neill' } },
      ],
    },
    {
      name: 'enrolment.created',
      title: 'Enrolment Created',
      samples: [
        { name: 'default', data: { enrolmentId: 88_213, contactId: 1_048_112, instanceId: 5521, type: 'w', status: 'Booked' } },
        { name: 'tentative', data: { enrolmentId: 88_214, contactId: 1_048_113, instanceId: 5521, type: 'w', status: 'Tentative' } },
      ],
    },
    {
      name: 'enrolment.updated',
      title: 'Enrolment Updated',
      samples: [
        { name: 'default', data: { enrolmentId: 88_213, contactId: 1_048_112, instanceId: 5521, type: 'p', status: 'In Progress' } },
        { name: 'completed', data: { enrolmentId: 88_213, contactId: 1_048_112, instanceId: 5521, type: 'p', status: 'Completed' } },
      ],
    },
    {
      name: 'assessment.completed',
      title: 'Assessment Completed',
      samples: [
        { name: 'default', data: { assessmentId: 4471, contactId: 1_048_112, result: 'Competent', completedOn: '2026-02-25' } },
        {
          name: 'not yet competent',
          data: { assessmentId: 4472, contactId: 1_048_113, result: 'Not Yet Competent', completedOn: '2026-02-26' },
        },
      ],
    },
  ],
});
