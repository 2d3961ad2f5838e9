import { AreaBar } from '../../ui/area-bar.tsx';

/** The Deliveries area. */
export function AreaView() {
  return <AreaBar title="Deliveries" />;
}
