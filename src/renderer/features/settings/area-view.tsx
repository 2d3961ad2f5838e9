import { AreaBar } from '../../ui/area-bar.tsx';

/** The Settings area. */
export function AreaView() {
  return <AreaBar title="Settings" />;
}
