import type { AuthBook } from '../auth/book.ts';
import type { ClientIdentity, StoredPart } from '../auth/config.ts';
import type { Capture } from '../capture/capture.ts';
import type { EndpointBook } from '../endpoints/book.ts';
import type { EndpointConfig } from '../endpoints/config.ts';
import type { EnvironmentBook } from '../environments/book.ts';
import { findDelivery } from '../log/deliveries.ts';
import type { Database } from '../store/database.ts';
import { sentSecretsIn } from './sent-secrets.ts';

/** Where the workspace keeps secrets. */
export interface SecretSources {
  readonly database: Database;
  readonly endpoints: Pick<EndpointBook, 'inMemory' | 'find'>;
  readonly auths: Pick<AuthBook, 'all'>;
  readonly environments: Pick<EnvironmentBook, 'all'>;
  readonly capture: Pick<Capture, 'binSecrets'>;
}

/**
 * The secrets of the workspace in clear, those of targets in no list only where the text names them or a delivery to them, and those that
 * were sent in captures which it names. Null where other work may get its turn.
 */
export function* secretsAround(sources: SecretSources, text: string): Generator<string | null> {
  yield* sentSecretsIn(sources.database, text);
  for (const endpoint of sources.endpoints.inMemory()) yield* ofEndpoint(endpoint);
  for (const endpoint of endpointsIn(sources, text)) yield* ofEndpoint(endpoint);
  for (const { parts } of sources.auths.all()) for (const part of parts) yield* ofPart(part);
  for (const { variables } of sources.environments.all()) for (const { isSecret, value } of variables) if (isSecret) yield value;
  for (const { secrets, verifyToken } of sources.capture.binSecrets()) {
    yield* secrets;
    if (verifyToken !== null) yield verifyToken;
  }
}

function* endpointsIn({ endpoints, database }: SecretSources, text: string): Generator<EndpointConfig> {
  for (const [id] of text.matchAll(/\b(?:ep|dlv)_[0-9a-z]{26}\b/g)) {
    const endpointId = id.startsWith('ep_') ? id : findDelivery(database, id)?.endpoint_id;
    const endpoint = endpointId === undefined ? undefined : endpoints.find(endpointId);
    if (endpoint !== undefined) yield endpoint;
  }
}

function* ofEndpoint({ secrets, secretHeaders }: EndpointConfig): Generator<string> {
  for (const { secret } of secrets) yield secret;
  yield* Object.values(secretHeaders);
}

function* ofPart(part: StoredPart): Generator<string> {
  for (const { secret } of part.secrets) {
    if (part.kind !== 'mutual-tls') yield secret;
    else {
      const { privateKey, pkcs12Base64, passphrase } = JSON.parse(secret) as ClientIdentity;
      for (const each of [privateKey, pkcs12Base64, passphrase]) if (each !== undefined) yield each;
    }
  }
}
