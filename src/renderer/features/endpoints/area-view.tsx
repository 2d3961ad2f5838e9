import { AreaBar } from '../../ui/area-bar.tsx';

/** The Endpoints area. */
export function AreaView() {
  return <AreaBar title="Endpoints" />;
}
