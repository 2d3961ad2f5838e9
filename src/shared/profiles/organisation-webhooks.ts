import { builtIn, factsFrom } from './profile.ts';

/** Organisation webhooks of a security-training product. */
export const organisationWebhooks = builtIn('organisation-webhooks', {
  name: 'Organisation webhooks',
  summary:
    'Events of a security-training organisation over HTTPS, signed with a whsec_ secret; an endpoint whose delivery is exhausted is disabled.',
  fields: {
    method: 'POST',
    contentType: 'application/json',
    httpsOnly: true,
    signing: { scheme: 'standard-webhooks' },
    template: null,
    retryPolicy: 'stepped-five',
    autoDisable: { onExhaustion: true, afterFailures: null, afterFailingMs: null },
  },
  facts: factsFrom(
    { source: null, asOf: '2026-11-20', certainty: 'second-hand' },
    {
      request: ['The URL is HTTPS; a tunnel will do. The secret begins with whsec_ and is shown once.'],
      delivery: [
        'A failed attempt is repeated after 1 m, 5 m, 30 m and 2 h. After five attempts the delivery is exhausted and the endpoint disabled.',
        'Enabling the endpoint again clears that state. Deleting it cancels its pending deliveries.',
      ],
      events: ['There are four: assignment.created, assignment.completed, sarif.ingested and certificate.issued.'],
    },
  ),
  eventTypes: [
    {
      name: 'assignment.created',
      title: 'Assignment created',
      samples: [
        {
          name: 'default',
          data: { assignmentId: 'asg_311', courseId: 'crs_owasp-top-10', userId: 'usr_88', dueAt: '2026-04-01T00:00:00Z' },
        },
        { name: 'without due date', data: { assignmentId: 'asg_312', courseId: 'crs_phishing', userId: 'usr_89', dueAt: null } },
      ],
    },
    {
      name: 'assignment.completed',
      title: 'Assignment completed',
      samples: [
        { name: 'default', data: { assignmentId: 'asg_311', userId: 'usr_88', score: 92, completedAt: '2026-03-14T09:12:44Z' } },
        { name: 'failed', data: { assignmentId: 'asg_312', userId: 'usr_89', score: 41, completedAt: '2026-03-15T10:00:00Z' } },
      ],
    },
    {
      name: 'sarif.ingested',
      title: 'SARIF ingested',
      samples: [
        {
          name: 'default',
          data: { runId: 'run_9021', tool: 'semgrep', repository: 'acme/shop', findings: { error: 2, warning: 17, note: 4 } },
        },
        { name: 'clean', data: { runId: 'run_9022', tool: 'codeql', repository: 'acme/api', findings: { error: 0, warning: 0, note: 0 } } },
      ],
    },
    {
      name: 'certificate.issued',
      title: 'Certificate issued',
      samples: [
        { name: 'default', data: { certificateId: 'crt_55', userId: 'usr_88', courseId: 'crs_owasp-top-10', validUntil: '2027-03-14' } },
        { name: 'without end', data: { certificateId: 'crt_56', userId: 'usr_89', courseId: 'crs_phishing', validUntil: null } },
      ],
    },
  ],
});
