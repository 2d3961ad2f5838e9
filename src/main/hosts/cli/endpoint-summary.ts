import { endpointHealth, type Endpoint, type EndpointHealth } from '#shared/contract/endpoints.ts';

type Summarised = Pick<Endpoint, 'health' | 'isActive' | 'pendingDeliveries'>;

/** How many endpoints there are in each state. */
type ByHealth = Readonly<Record<EndpointHealth, number>>;

/** How endpoints fare, counted; `troubled` are those that somebody should look at. */
export function summaryOf<E extends Summarised>(endpoints: readonly E[]) {
  const count = (state: EndpointHealth) => endpoints.filter(({ health }) => health === state).length;
  return {
    byHealth: Object.fromEntries(endpointHealth.options.map((state) => [state, count(state)])) as ByHealth,
    waitingForDisabled: endpoints.reduce((sum, { isActive, pendingDeliveries }) => sum + (isActive ? 0 : pendingDeliveries), 0),
    troubled: endpoints.filter(({ health }) => health === 'failing' || health === 'unsteady'),
  };
}

/** Such as `5: 3 healthy, 1 failing, 1 disabled`. */
export function healthText(byHealth: ByHealth): string {
  const total = Object.values(byHealth).reduce((sum, count) => sum + count, 0);
  if (total === 0) return 'none';
  const parts = endpointHealth.options.filter((state) => byHealth[state] > 0).map((state) => `${byHealth[state]} ${state}`);
  return `${total}: ${parts.join(', ')}`;
}

/** Deliveries that are still to be made; those of disabled endpoints wait until somebody enables them. */
export function pendingText(pending: number, waitingForDisabled: number): string {
  const beside = waitingForDisabled === 0 ? '' : `, of which ${waitingForDisabled} to disabled endpoints`;
  return `${pending} ${pending === 1 ? 'delivery' : 'deliveries'}${beside}`;
}
