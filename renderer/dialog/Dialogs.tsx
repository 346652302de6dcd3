import { useStore } from 'zustand';
import { ExportSheet } from '../archive/ExportSheet.tsx';
import { KeepSheet } from '../archive/KeepSheet.tsx';
import { DiagnosticsDialog } from '../diagnostics/DiagnosticsDialog.tsx';
import { DoctorDialog } from '../doctor/DoctorDialog.tsx';
import { PeersDialog } from '../doctor/PeersDialog.tsx';
import { KeysDialog } from '../keys/KeysDialog.tsx';
import { ControlSheet } from '../orders/ControlSheet.tsx';
import { ParameterSheet } from '../orders/ParameterSheet.tsx';
import { PlansDialog } from '../recording/PlansDialog.tsx';
import { useStation } from '../StationContext.tsx';
import { SettingsDialog } from '../settings/SettingsDialog.tsx';
import { BroadcastSheet } from '../talk/BroadcastSheet.tsx';
import { TextSheet } from '../talk/TextSheet.tsx';
import { TraceSheet } from '../trace/TraceSheet.tsx';
import { TransfersSheet } from '../transfers/TransfersSheet.tsx';
import { UploadSheet } from '../transfers/UploadSheet.tsx';
import { UsageSheet } from '../usage/UsageSheet.tsx';
import { VehicleDialog } from '../vehicle/VehicleDialog.tsx';
import { AboutDialog } from './AboutDialog.tsx';

/** The one dialog that is open. */
export function Dialogs() {
  const { desk } = useStation();
  const dialog = useStore(desk, state => state.dialog);
  const vehicleId = useStore(desk, state => state.dialogVehicle);
  const doctor = useStore(desk, state => state.doctor);
  if (dialog === 'doctor' && doctor) return <DoctorDialog subject={doctor} />;
  if (dialog === 'peers') return <PeersDialog />;
  if (dialog === 'transfers') return <TransfersSheet />;
  if (dialog === 'upload') return <UploadSheet />;
  if (dialog === 'usage') return <UsageSheet />;
  if (dialog === 'trace' && vehicleId !== null) return <TraceSheet key={vehicleId} vehicleId={vehicleId} />;
  if (dialog === 'parameters' && vehicleId !== null) return <ParameterSheet key={vehicleId} vehicleId={vehicleId} />;
  if (dialog === 'control' && vehicleId !== null) return <ControlSheet key={vehicleId} vehicleId={vehicleId} />;
  if (dialog === 'broadcast') return <BroadcastSheet />;
  if (dialog === 'text') return <TextSheet />;
  if (dialog === 'settings') return <SettingsDialog />;
  if (dialog === 'diagnostics') return <DiagnosticsDialog />;
  if (dialog === 'keys') return <KeysDialog />;
  if (dialog === 'plans') return <PlansDialog />;
  if (dialog === 'export') return <ExportSheet />;
  if (dialog === 'keep') return <KeepSheet />;
  if (dialog === 'about') return <AboutDialog />;
  return dialog === 'vehicle' && vehicleId !== null ? <VehicleDialog key={vehicleId} vehicleId={vehicleId} /> : null;
}
