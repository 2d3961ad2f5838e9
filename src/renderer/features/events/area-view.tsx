import { AreaBar } from '../../ui/area-bar.tsx';

/** The Events area. */
export function AreaView() {
  return <AreaBar title="Events" />;
}
