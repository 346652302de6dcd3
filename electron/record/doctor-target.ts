import { plainAddress } from '../accept/address.ts';
import type { DoctorCause } from '../contract.ts';
import type { CameraEvidence } from '../device/evidence.ts';
import { isLoopback } from '../loopback.ts';
import type { CameraCase } from './doctor-camera.ts';
import { cause, isPrivate, looksLike } from './doctor-facts.ts';

/** Why a terminal that said yes to 0x9101 sends nothing that arrives, the likeliest first. */
export function blockedCauses(about: CameraCase, asked: NonNullable<CameraEvidence['asked']>): DoctorCause[] {
  const causes = [...unreachable(about, asked.address), ...fromItsAddress(about, asked.at)];
  const { settings, entry } = about;
  const { tcpPort, udpPort } = asked;
  if (settings.mediaPortPublic > 0)
    causes.push(
      cause('portForwarded', { named: settings.mediaPortPublic, port: mediaPortOf(about) }, 'mediaPortPublic'),
    );
  if (udpPort > 0) causes.push(cause('udpBlocked', { port: udpPort }, 'transport'));
  else causes.push(cause('tcpOnly', { port: tcpPort }, 'transport'));
  const ports = [udpPort > 0 ? `UDP ${udpPort}` : '', tcpPort > 0 ? `TCP ${tcpPort}` : ''].filter(Boolean).join(', ');
  const from = entry?.link.remoteAddress ?? about.vehicle?.remote ?? '';
  causes.push(cause('mediaBlocked', { address: asked.address, ports, from }, 'mediaAddress'));
  return causes;
}

function unreachable({ entry, settings }: CameraCase, address: string): DoctorCause[] {
  if (!entry) return [];
  const remote = entry.link.remoteAddress;
  const reached = plainAddress(entry.link.localAddress);
  if (isLoopback(address) && !isLoopback(remote))
    return [cause('addressLoopback', { address, from: remote }, 'mediaAddress')];
  if (isPrivate(address) && !isPrivate(remote))
    return [cause('addressPrivate', { address, from: remote }, 'mediaAddress')];
  if (settings.mediaAddress !== '' && address !== reached)
    return [cause('addressOther', { address, reached }, 'mediaAddress')];
  return [];
}

/** Connections from the vehicle's address that were opened after the command and carry nothing of use. */
function fromItsAddress({ entry, peers }: CameraCase, since: number): DoctorCause[] {
  if (!entry) return [];
  const address = entry.link.remoteAddress;
  const there = peers.filter(
    note => note.remoteAddress === address && note.openedAt >= since && note.kind === undefined && !note.refused,
  );
  const causes: DoctorCause[] = [];
  const strange = there.find(note => note.firstAt > 0);
  if (strange) causes.push(cause('mediaUnrecognised', { remote: strange.remote, looks: looksLike(strange.first) }));
  const silent = there.find(note => note.firstAt === 0);
  if (silent) causes.push(cause('mediaSilent', { remote: silent.remote, port: silent.localPort }));
  return causes;
}

function mediaPortOf({ listening }: CameraCase): number {
  return listening.filter(({ protocol }) => protocol === 'tcp')[1]?.port ?? 0;
}
