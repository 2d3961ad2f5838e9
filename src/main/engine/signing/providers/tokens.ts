import type { TokenProvider } from '../token-scheme.ts';

/** Providers that send the secret itself. */
export const tokenProviders: readonly TokenProvider[] = [
  {
    id: 'gitlab-token',
    header: 'X-Gitlab-Token',
    allowed: {
      pattern: /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/,
      problem: 'Use printable ASCII for the token, without spaces around it.',
    },
    replayKey: 'Idempotency-Key',
    info: {
      title: 'GitLab secret token',
      secretHint: 'Any printable text',
      source: 'https://gitlab.com/gitlab-org/gitlab/-/merge_requests/230944',
      documentation: 'https://docs.gitlab.com/user/project/integrations/webhooks/',
      checked: 'two implementations',
      pitfall: 'The token is no signature: the body may have been changed. Newer GitLab can sign, too (GitLab signing token).',
    },
  },
  {
    id: 'telegram',
    header: 'X-Telegram-Bot-Api-Secret-Token',
    allowed: { pattern: /^[A-Za-z0-9_-]{1,256}$/, problem: 'Use 1 to 256 of A-Z, a-z, 0-9, _ and - for the secret token.' },
    replayKey: 'update_id in the body',
    info: {
      title: 'Telegram secret token',
      secretHint: 'secret_token of setWebhook: 1 to 256 of A-Z, a-z, 0-9, _ and -',
      source: 'https://core.telegram.org/bots/api',
      documentation: 'https://core.telegram.org/bots/api#setwebhook',
      checked: 'third-party library',
      pitfall: 'The token is no signature: the body may have been changed. It is not the token of the bot.',
    },
  },
];
