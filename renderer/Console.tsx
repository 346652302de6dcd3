import type { i18n } from 'i18next';
import { useEffect } from 'react';
import { I18nextProvider } from 'react-i18next';
import { useStore } from 'zustand';
import { AlarmsPage } from './alarms/AlarmsPage.tsx';
import { ArchivePage } from './archive/ArchivePage.tsx';
import { ConnectionBanner } from './bars/ConnectionBanner.tsx';
import { RemarkLine } from './bars/RemarkLine.tsx';
import { StatusBar } from './bars/StatusBar.tsx';
import { TopBar } from './bars/TopBar.tsx';
import './console.css';
import { Dialogs } from './dialog/Dialogs.tsx';
import { FleetPanel } from './fleet/FleetPanel.tsx';
import { type Command, commandForKey } from './keys/commands.ts';
import { keyName } from './keys/key-name.ts';
import { MapPage } from './map/MapPage.tsx';
import type { Operations } from './operations.ts';
import { Rail } from './rail/Rail.tsx';
import { RecorderBanner } from './recording/RecorderBanner.tsx';
import { OperationsContext, StationContext } from './StationContext.tsx';
import type { Station } from './station.ts';
import { DragArea } from './wall/DragArea.tsx';
import { Wall } from './wall/Wall.tsx';

/** Layout of the whole console; everything it shows lives in the station. */
export function Console({ station, operations }: { station: Station; operations: Operations }) {
  const fleet = useStore(station.preferences, state => state.fleet);
  const rail = useStore(station.preferences, state => state.rail);
  const lost = useStore(station.connection, state => state.state !== 'connected');
  const fullScreen = useStore(station.desk, state => state.fullScreen);
  const page = useStore(station.desk, state => state.page);
  useKeys(station, operations);
  useFullScreen(station);
  return (
    <I18nextProvider i18n={station.dictionary as i18n}>
      <StationContext value={station}>
        <OperationsContext value={operations}>
          <DragArea>
            <div className="console" data-lost={lost || undefined} data-fullscreen={fullScreen || undefined}>
              {!fullScreen && <TopBar />}
              <ConnectionBanner />
              <RecorderBanner />
              {/* Not taken out of the page: a <video> that leaves the document stops. */}
              <div className="console-middle" hidden={page !== 'live'}>
                {fleet && !fullScreen && <FleetPanel />}
                <Wall />
                {rail && !fullScreen && <Rail />}
              </div>
              {page === 'map' && (
                <div className="console-middle">
                  <MapPage />
                </div>
              )}
              {page === 'archive' && (
                <div className="console-middle">
                  <ArchivePage />
                </div>
              )}
              {page === 'alarms' && (
                <div className="console-middle">
                  <AlarmsPage />
                </div>
              )}
              <StatusBar />
              <RemarkLine />
            </div>
            <Dialogs />
          </DragArea>
        </OperationsContext>
      </StationContext>
    </I18nextProvider>
  );
}

/** Fields, open dialogs and menus keep their keys to themselves; so does a focused button its Enter and Space. */
function keyBelongsElsewhere(target: EventTarget | null, name: string): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest('[role="dialog"], [role="menu"]')) return true;
  if (target.closest('input, select, textarea')) return !name.startsWith('Ctrl+') && name !== 'F1' && name !== 'F11';
  return (name === 'Enter' || name === ' ') && target.closest('button, a, [role="button"]') !== null;
}

function useKeys(station: Station, operations: Operations): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const name = keyName(event);
      if (!name || event.defaultPrevented || keyBelongsElsewhere(event.target, name)) return;
      if (station.desk.getState().dialog) return;
      const { page } = station.desk.getState();
      const isPlayed = page === 'archive' && operations.vehicle.isPlaying;
      const isSteered = page === 'live' && operations.steer.camera !== undefined;
      const isReviewed = page === 'live' && operations.recording.reviewing;
      const place = isSteered ? 'steer' : isReviewed ? 'review' : isPlayed ? 'vehicle' : page;
      const command = commandForKey(name, place);
      if (!command || (event.repeat && !name.includes('Arrow'))) return;
      event.preventDefault();
      command.run?.(operations);
      if (command.release) held = { key: event.key.toLowerCase(), command };
    };
    let held: { key: string; command: Command } | undefined;
    const release = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== held?.key) return;
      held.command.release?.(operations);
      held = undefined;
    };
    const blur = (): void => {
      held = undefined;
      operations.talk.silence();
      operations.steer.release();
    };
    window.addEventListener('keydown', press);
    window.addEventListener('keyup', release);
    window.addEventListener('blur', blur);
    return () => {
      window.removeEventListener('keydown', press);
      window.removeEventListener('keyup', release);
      window.removeEventListener('blur', blur);
    };
  }, [station, operations]);
}

function useFullScreen(station: Station): void {
  useEffect(() => {
    const changed = (): void => station.desk.setState({ fullScreen: document.fullscreenElement !== null });
    document.addEventListener('fullscreenchange', changed);
    return () => document.removeEventListener('fullscreenchange', changed);
  }, [station]);
}
