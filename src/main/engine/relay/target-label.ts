import type { EndpointBook } from '../endpoints/book.ts';
import type { TargetConfig } from './config.ts';

/** What a target is called: its own name, or that of its endpoint, or its URL. */
export function targetLabel(endpoints: Pick<EndpointBook, 'find'>, { endpointId, isOwn, name }: TargetConfig): string {
  const endpoint = endpoints.find(endpointId);
  if (name !== '') return name;
  return (isOwn ? endpoint?.url : endpoint?.name) ?? endpointId;
}
