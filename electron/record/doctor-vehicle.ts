import { plainAddress } from '../accept/address.ts';
import type { PeerNote } from '../accept/peer-notes.ts';
import type { Settings } from '../config.ts';
import type { DoctorCause, DoctorStep } from '../contract.ts';
import {
  addressOf,
  cause,
  done,
  failed,
  looksLike,
  patienceMs,
  skipped,
  type VehicleCase,
  waiting,
} from './doctor-facts.ts';

/** A terminal that is connected and says nothing is given this long, ms: slow ones need a second or two. */
const entryMs = 10_000;
/** 0x8001 to a 0x0100 is kept as this and its result, see `EntryEvidence`. */
const unreadable = 16;

/** The steps of a vehicle from our port to its capabilities. */
export function vehicleSteps(about: VehicleCase): DoctorStep[] {
  const connection = connected(about);
  const entry = [firstBytes(about), registered(about), authenticated(about), capabilities(about)];
  // On a connection that ended what failed may be why; what was done counts no more.
  const steps =
    connection.state === 'failed' ? entry.map(each => (each.state === 'failed' ? each : waiting(each.step))) : entry;
  return [listening(about), connection, ...steps];
}

function listening({ listening }: VehicleCase): DoctorStep {
  const doors = listening.filter(({ protocol }) => protocol !== 'http');
  const closed = doors.filter(({ error }) => error);
  const words = (list: typeof doors) =>
    list.map(({ protocol, port }) => `${protocol.toUpperCase()} ${port}`).join(', ');
  if (closed.length === 0) return done('listening', 0, words(doors));
  const causes = closed.map(door => {
    const { protocol, port, error = 'listenFailed' } = door;
    return cause('portClosed', { protocol, port, code: error }, door === doors[0] ? 'signalPort' : 'mediaPort');
  });
  return failed('listening', causes, { text: words(closed) });
}

function connected(about: VehicleCase): DoctorStep {
  const { entry, vehicle } = about;
  if (entry && entry.closedAt === undefined) {
    const { remote, localAddress, localPort } = entry.link;
    return done('connected', entry.openedAt, `${remote} → ${plainAddress(localAddress)}:${localPort}`);
  }
  if (vehicle?.state === 'online') return done('connected', vehicle.onlineSince, vehicle.remote);
  const causes: DoctorCause[] = [];
  if (entry?.closedAt !== undefined) {
    const code = entry.closed ?? noteOf(about)?.closed ?? 'closedByPeer';
    const isIdle = code === 'peerIdle';
    causes.push(
      isIdle
        ? cause('connectionIdle', {}, entry.closed ? 'heartbeatTimeoutMs' : 'idleSignalMs')
        : code === 'peerOverLimit'
          ? cause('overRate', {}, 'maxBytesPerSecondPerPeer')
          : cause('connectionEnded', { code }),
    );
  }
  causes.push(...fromItsAddress(about));
  if (entry) return failed('connected', causes, { at: entry.closedAt ?? 0, text: entry.link.remote });
  const ports = about.listening.filter(({ protocol }) => protocol === 'tcp').map(({ port }) => port);
  causes.push(cause('neverConnected', { port: ports[0] ?? 0, media: ports[1] ?? 0 }, 'signalPort'));
  return failed('connected', causes, {
    ...(vehicle?.remote ? { text: vehicle.remote } : {}),
  });
}

/** Connections from where the vehicle was last that became no terminal's, or that of one which nobody knew before. */
function fromItsAddress(about: VehicleCase): DoctorCause[] {
  const { entry, vehicle, peers } = about;
  const address = vehicle?.remote ? addressOf(vehicle.remote) : '';
  const since = (entry?.closedAt ?? vehicle?.lastSeenAt ?? 0) - patienceMs;
  const own = noteOf(about);
  const there = peers.filter(
    note => note !== own && note.remoteAddress === address && (note.refused ? note.closedAt : note.openedAt) >= since,
  );
  const causes: DoctorCause[] = [];
  const kept = there.find(note => note.refused);
  if (kept) causes.push(cause('refusedByLimit', { limit: kept.refused ?? '', address }, limitSetting(kept)));
  const flooding = there.find(note => note.closed === 'peerOverLimit');
  if (flooding) causes.push(cause('overRate', { address }, 'maxBytesPerSecondPerPeer'));
  const silent = there.find(note => !note.refused && note.firstAt === 0);
  if (silent) {
    const isOurs = silent.closed === 'peerIdle';
    causes.push(cause('noBytes', { address, port: silent.localPort }, isOurs ? 'firstByteMs' : undefined));
  }
  const strange = there.find(note => note.firstAt > 0 && note.kind === undefined);
  if (strange) causes.push(cause('notJt808', { address, looks: looksLike(strange.first) }));
  const strangers = there
    .filter(note => note.kind === 'signal' && note.closedAt === 0)
    .flatMap(note => note.terminals.filter(terminal => about.isNew(terminal, since)));
  if (strangers.length > 0)
    causes.push(cause('strangersFromThere', { address, terminals: [...new Set(strangers)].slice(0, 4).join(', ') }));
  return causes;
}

export function limitSetting(note: PeerNote): keyof Settings {
  if (note.refused === 'connectRate') return 'connectRatePerAddress';
  return note.refused === 'tooManyPeersPerAddress' ? 'maxConnectionsPerAddress' : 'maxConnections';
}

function noteOf({ entry, peers }: VehicleCase): PeerNote | undefined {
  return entry && peers.find(note => note.remote === entry.link.remote && note.localPort === entry.link.localPort);
}

function firstBytes(about: VehicleCase): DoctorStep {
  const note = noteOf(about);
  if (note?.firstAt) return done('firstBytes', note.firstAt, `${note.bytes} bytes`, note.first);
  if (about.entry || about.vehicle?.state === 'online') return skipped('firstBytes');
  return waiting('firstBytes');
}

function registered({ entry, vehicle, settings, now }: VehicleCase): DoctorStep {
  const { registration, registered: answer } = entry ?? {};
  const pending = vehicle?.state === 'pending';
  if (registration && answer?.result === 0) {
    const text = `0x0100 ${registration.layout} → 0x8100 (0)`;
    return done('registered', registration.at, text, registration.bytes);
  }
  if (pending)
    return failed('registered', [cause('pending', {}, 'registration')], {
      at: registration?.at ?? 0,
      text: registration ? `0x0100 → 0x8100 (${answer?.result ?? 4})` : '0x0102',
      bytes: registration?.bytes ?? entry?.authentication?.bytes,
    });
  if (entry?.authenticated?.result === 0 || vehicle?.state === 'online') return skipped('registered');
  if (registration && answer) {
    const text = `0x0100, ${registration.bodyLength} bytes → ${answer.result > unreadable ? '0x8001' : '0x8100'} (${answer.result % unreadable})`;
    const why =
      answer.result > unreadable
        ? cause('registrationUnreadable', { bytes: registration.bodyLength })
        : cause('rosterFull', { count: settings.maxTerminals }, 'maxTerminals');
    return failed('registered', [why], { at: registration.at, text, bytes: registration.bytes });
  }
  if (registration && entry?.overRateAt)
    return failed('registered', [cause('registrationRate', {}, 'registrationsPerMinutePerAddress')], {
      at: entry.overRateAt,
      text: '0x0100',
      bytes: registration.bytes,
    });
  const stranger = entry?.closedAt === undefined && !registration && !entry?.authentication && entry?.stranger;
  if (stranger && now - stranger.at > entryMs) {
    const text = `0x${stranger.id.toString(16).toUpperCase().padStart(4, '0')}`;
    return failed('registered', [cause('notRegistered', { message: text })], { ...stranger, text });
  }
  return waiting('registered');
}

function authenticated({ entry, vehicle, now }: VehicleCase): DoctorStep {
  const { authentication, authenticated: answer } = entry ?? {};
  if (authentication && answer) {
    const text = `0x0102, ${authentication.codeLength} bytes → 0x8001 (${answer.result})`;
    if (answer.result === 0) return done('authenticated', authentication.at, text, authentication.bytes);
    const isPending = vehicle?.state === 'pending';
    const why = isPending
      ? cause('pending', {}, 'registration')
      : cause(vehicle ? 'codeRefused' : 'codeUnknown', { bytes: authentication.codeLength });
    return failed('authenticated', [why], { at: authentication.at, text, bytes: authentication.bytes });
  }
  if (vehicle?.state === 'online') return done('authenticated', vehicle.onlineSince, vehicle.headerId);
  if (entry?.registered?.result === 0 && entry.closedAt === undefined && now - entry.registered.at > patienceMs)
    return failed('authenticated', [cause('notAuthenticated', { seconds: seconds(now - entry.registered.at) })]);
  return waiting('authenticated');
}

function capabilities({ entry, vehicle, settings, now }: VehicleCase): DoctorStep {
  const stated = vehicle?.capabilities;
  const words = stated
    ? `0x1003: PT ${stated.videoPayloadType} × ${stated.maxVideoChannels}, PT ${stated.audioPayloadType} × ${stated.maxAudioChannels}`
    : '0x1003';
  if (entry?.capabilities) return done('capabilities', entry.capabilities.at, words, entry.capabilities.bytes);
  if (stated) return done('capabilities', 0, words);
  if (vehicle?.state !== 'online' || now - vehicle.onlineSince < settings.commandTimeoutMs)
    return waiting('capabilities');
  return skipped('capabilities', [
    cause('capabilitiesSilent', { channels: settings.defaultChannels }, 'defaultChannels'),
  ]);
}

export function seconds(ms: number): number {
  return Math.round(ms / 1000);
}
