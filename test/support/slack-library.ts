import { verifySlackRequest } from '@slack/bolt/dist/receivers/verify-request.js';

/** Verifies a request with Slack's library, which throws for a wrong one and returns nothing for a right one. */
export function acceptsAsSlack(body: string, signingSecret: string, header: (name: string) => string): true {
  verifySlackRequest({
    signingSecret,
    body,
    headers: {
      'x-slack-signature': header('x-slack-signature'),
      'x-slack-request-timestamp': Number(header('x-slack-request-timestamp')),
    },
  });
  return true;
}
