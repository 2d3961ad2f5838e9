import { endpointInput, metaHeaders } from '#shared/contract/endpoints.ts';
import { autoDisable, circuitBreaker, rateLimit } from '#shared/contract/health.ts';
import { paypalOptions, rfc9421Options } from '#shared/contract/proof-signing.ts';
import { customOptions } from '#shared/contract/signing.ts';
import { AuthSection } from './auth-section.tsx';
import { BodySection } from './body-section.tsx';
import { HealthSection, RetrySection } from './delivery-sections.tsx';
import { DestinationSection } from './destination-section.tsx';
import { EventsSection } from './events-section.tsx';
import type { EndpointFormProps } from './form-section.tsx';
import { HeadersSection } from './headers-section.tsx';
import { SigningSection } from './signing-section.tsx';

/** Fields of the contract that this form has. */
export const formFields: readonly string[] = [
  ...Object.keys(endpointInput.shape),
  ...[autoDisable, rateLimit, circuitBreaker].flatMap(({ shape }, index) =>
    Object.keys(shape).map((name) => `${['autoDisable', 'rateLimit', 'circuitBreaker'][index] ?? ''}.${name}`),
  ),
  ...Object.keys(metaHeaders.shape).map((name) => `metaHeaders.${name}`),
  ...[customOptions, paypalOptions, rfc9421Options].flatMap(({ shape }) => Object.keys(shape).map((name) => `signing.${name}`)),
];

/** The form of an endpoint in its sections. It changes the draft only; saving is done outside. */
export function EndpointForm(props: EndpointFormProps) {
  return (
    <>
      <DestinationSection {...props} />
      <EventsSection {...props} />
      <AuthSection {...props} />
      <SigningSection {...props} />
      <HeadersSection {...props} />
      <BodySection {...props} />
      <RetrySection {...props} />
      <HealthSection {...props} />
    </>
  );
}
