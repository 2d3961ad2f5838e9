import { z } from 'zod';

/**
 * What goes wrong in TLS at a host name that begins with it, such as `expired.orders.localhost`.
 *
 * `expired`, `self-signed`, `wrong-host`, `untrusted` (a chain that ends in an unknown authority) and `missing-intermediate` are about the
 * certificate; `old-tls` offers TLS 1.0 and 1.1 only; `handshake-cut` ends the connection behind the first message, and `handshake-hang`
 * never answers that.
 */
export const tlsFault = z.enum([
  'expired',
  'self-signed',
  'wrong-host',
  'untrusted',
  'missing-intermediate',
  'old-tls',
  'handshake-cut',
  'handshake-hang',
]);
export type TlsFault = z.infer<typeof tlsFault>;
