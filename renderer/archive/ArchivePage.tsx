import './archive.css';
import './transport.css';
import { ArchiveMap } from './ArchiveMap.tsx';
import { ArchivePanes } from './ArchivePanes.tsx';
import { Calendar } from './Calendar.tsx';
import { FootageList } from './FootageList.tsx';
import { KeptList } from './KeptList.tsx';
import { Timeline } from './Timeline.tsx';
import { TransportBar } from './TransportBar.tsx';
import { VehiclePanel } from './vehicle/VehiclePanel.tsx';

/** What was recorded: days and cameras at the left, panes in step, the clock and the timeline beneath. */
export function ArchivePage() {
  return (
    <div className="archive" data-testid="archive">
      <aside className="archive-side">
        <Calendar />
        <FootageList />
        <KeptList />
        <ArchiveMap />
      </aside>
      <main className="archive-main">
        <ArchivePanes />
        <TransportBar />
        <Timeline />
        <VehiclePanel />
      </main>
    </div>
  );
}
