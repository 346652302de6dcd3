import { DropdownMenu } from 'radix-ui';
import { useTranslation } from 'react-i18next';
import { useOperations } from '../StationContext.tsx';

/** Not modal: radix would lock scrolling with a style sheet of its own, which the page's policy refuses. */
export function VehicleMenu({ vehicleId, plate }: { vehicleId: string; plate: string }) {
  const operations = useOperations();
  const { t } = useTranslation();
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger
        className="row-more"
        tabIndex={-1}
        aria-label={t('fleet.more', { plate })}
        data-testid={`fleet-more-${vehicleId}`}
        onPointerDown={event => event.stopPropagation()}
        // The list takes the focus when it is clicked, and a menu closes when it loses it.
        onClick={event => event.stopPropagation()}
        onDoubleClick={event => event.stopPropagation()}
      >
        <span aria-hidden="true">⋯</span>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu" align="start" sideOffset={2} onClick={event => event.stopPropagation()}>
          <DropdownMenu.Item className="menu-item" onSelect={() => operations.addVehicle(vehicleId)}>
            {t('fleet.showCameras')} <kbd>Enter</kbd>
          </DropdownMenu.Item>
          <DropdownMenu.Item className="menu-item" onSelect={() => operations.openVehicle(vehicleId)}>
            {t('fleet.properties')} <kbd>P</kbd>
          </DropdownMenu.Item>
          <DropdownMenu.Item
            className="menu-item"
            data-testid="vehicle-text"
            onSelect={() => operations.talk.openText(vehicleId)}
          >
            {t('text.menu')} <kbd>X</kbd>
          </DropdownMenu.Item>
          <DropdownMenu.Item
            className="menu-item"
            data-testid="vehicle-alarms"
            onSelect={() => operations.alarms.open(vehicleId)}
          >
            {t('alarms.menu')}
          </DropdownMenu.Item>
          <DropdownMenu.Item
            className="menu-item"
            data-testid="vehicle-doctor"
            onSelect={() => operations.doctor.openVehicle(vehicleId)}
          >
            {t('fleet.doctor')} <kbd>W</kbd>
          </DropdownMenu.Item>
          <DropdownMenu.Item
            className="menu-item"
            data-testid="vehicle-storage-open"
            onSelect={() => operations.vehicle.show(vehicleId)}
          >
            {t('vehicleStorage.menu')}
          </DropdownMenu.Item>
          <DropdownMenu.Item
            className="menu-item"
            data-testid="vehicle-transfers"
            onSelect={() => operations.transfers.open()}
          >
            {t('transfers.menu')} <kbd>⇧N</kbd>
          </DropdownMenu.Item>
          <DropdownMenu.Item
            className="menu-item"
            data-testid="vehicle-trace"
            onSelect={() => operations.trace.open(vehicleId)}
          >
            {t('trace.menu')} <kbd>K</kbd>
          </DropdownMenu.Item>
          <DropdownMenu.Item
            className="menu-item"
            data-testid="vehicle-parameters"
            onSelect={() => operations.openVehicleDialog('parameters', vehicleId)}
          >
            {t('parameters.menu')} <kbd>O</kbd>
          </DropdownMenu.Item>
          <DropdownMenu.Item
            className="menu-item"
            data-testid="vehicle-control"
            onSelect={() => operations.openVehicleDialog('control', vehicleId)}
          >
            {t('control.menu')} <kbd>⇧O</kbd>
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
