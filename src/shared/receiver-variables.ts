/** Environment variables in which a receiver keeps what it verifies with: receiver code reads them, and dialogs name them. */
export const receiverVariables = {
  secret: 'WEBHOOK_SECRET',
  publicKey: 'WEBHOOK_PUBLIC_KEY',
  certificate: 'WEBHOOK_CERTIFICATE',
  /** Where tests find a receiver. */
  url: 'WEBHOOK_URL',
  /** Scheme and host under which the sender knows a receiver. */
  origin: 'WEBHOOK_ORIGIN',
} as const;
