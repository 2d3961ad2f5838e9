import { provider } from './shapes/provider.ts';

/** What is known of Telegram. */
export const telegram = provider({
  name: 'Telegram',
  schemes: {
    telegram: {
      kind: 'token',
      options: 'none',
      header: 'X-Telegram-Bot-Api-Secret-Token',
      allowed: { pattern: /^[A-Za-z0-9_-]{1,256}$/, problem: 'Use 1 to 256 of A-Z, a-z, 0-9, _ and - for the secret token.' },
      replayKey: { name: 'update_id in the body', path: 'update_id', isSigned: false },
      title: 'Telegram secret token',
      secretHint: 'secret_token of setWebhook: 1 to 256 of A-Z, a-z, 0-9, _ and -',
      source: 'https://core.telegram.org/bots/api',
      documentation: 'https://core.telegram.org/bots/api#setwebhook',
      asOf: '2026-11-20',
      checked: 'third-party library',
      pitfall: 'The token is no signature: the body may have been changed. It is not the token of the bot.',
      marks: [{ header: 'X-Telegram-Bot-Api-Secret-Token', value: /^[\w-]{1,256}$/ }],
    },
  },
});
