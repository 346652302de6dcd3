import { DropdownMenu } from 'radix-ui';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useOperations, useStation } from '../StationContext.tsx';

/** Everything that has no button of its own, with its key. Not modal, see fleet/VehicleMenu.tsx. */
export function AppMenu() {
  const { health } = useStation();
  const operations = useOperations();
  const { t } = useTranslation();
  const simulating = useStore(health, state => state.health?.simulator.running ?? false);
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className="icon-button" aria-label={t('bar.menu')} title={t('bar.menu')} data-testid="menu">
        <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true" className="icon">
          <path d="M2 4.5h12M2 8h12M2 11.5h12" />
        </svg>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu" align="end" sideOffset={6}>
          <Item
            word={t('bar.settings')}
            caps=","
            run={() => operations.openDialog('settings')}
            testId="menu-settings"
          />
          <Item word={t('bar.plans')} caps="⇧ R" run={() => operations.openDialog('plans')} testId="menu-plans" />
          <Item
            word={t('broadcast.menu')}
            caps="⇧ T"
            run={() => operations.talk.openBroadcast()}
            testId="menu-broadcast"
          />
          <Item word={t('text.menuAll')} caps="X" run={() => operations.talk.openText()} testId="menu-text" />
          <Item word={t('transfers.menu')} caps="⇧ N" run={() => operations.transfers.open()} testId="menu-transfers" />
          <Item
            word={t('bar.diagnostics')}
            caps="D"
            run={() => operations.openDialog('diagnostics')}
            testId="menu-diagnostics"
          />
          <Item word={t('usage.title')} caps="⇧ D" run={() => operations.openDialog('usage')} testId="menu-usage" />
          <Item
            word={t(simulating ? 'bar.stopSimulator' : 'bar.startSimulator')}
            caps="⇧ M"
            run={() => void operations.toggleSimulator()}
            testId="menu-simulator"
          />
          <DropdownMenu.Separator className="menu-line" />
          <Item
            word={t('bar.fullScreen')}
            caps="F"
            run={() => operations.toggleFullScreen()}
            testId="menu-fullscreen"
          />
          <Item
            word={t('command.snapshots')}
            caps="⇧ S"
            run={() => void operations.stills.saveAll()}
            testId="menu-snapshots"
          />
          <Item word={t('bar.clearAll')} caps="⇧ Del" run={() => operations.clearAll()} testId="menu-clear" />
          <DropdownMenu.Separator className="menu-line" />
          <Item word={t('bar.keys')} caps="?" run={() => operations.openDialog('keys')} testId="menu-keys" />
          <Item word={t('bar.about')} caps="A" run={() => operations.openDialog('about')} testId="menu-about" />
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function Item({ word, caps, run, testId }: { word: string; caps: string; run(): void; testId: string }) {
  return (
    <DropdownMenu.Item className="menu-item" onSelect={run} data-testid={testId}>
      {word} <kbd>{caps}</kbd>
    </DropdownMenu.Item>
  );
}
