import { payloadTypes } from '../codec/jt1078/payload-type.ts';
import { hexDigits } from '../codec/terminal-id.ts';
import type { CameraKey, DoctorCause, DoctorStep, StreamRow } from '../contract.ts';
import type { CameraEvidence, RefusedMedia } from '../device/evidence.ts';
import { cause, done, failed, patienceMs, skipped, type VehicleCase, waiting } from './doctor-facts.ts';
import { blockedCauses } from './doctor-target.ts';
import { seconds } from './doctor-vehicle.ts';

/** What is known of one camera of a vehicle. */
export interface CameraCase extends VehicleCase {
  readonly key: CameraKey;
  /** The stream, while anybody wants it. */
  readonly row: StreamRow | undefined;
  /** The camera's other encoding. */
  readonly sibling: StreamRow | undefined;
  readonly evidence: CameraEvidence | undefined;
}

/** Key frames come every second or two; some recorders send one in ten seconds. */
const keyFrameMs = 6000;
/** Loss at which frames, and key frames most of all, hardly ever arrive whole. */
const harmfulLoss = 0.02;

/** The steps of a camera from 0x9101 to its picture. */
export function cameraSteps(about: CameraCase): DoctorStep[] {
  const stranger = strangerOf(about);
  const steps = [
    commandSent(about),
    acknowledged(about),
    mediaConnected(about, stranger),
    firstPacket(about, stranger),
    simMatches(about, stranger),
    payloadTypesSeen(about),
    firstKeyFrame(about),
    resolution(about),
    waiting('firstPicture'),
  ];
  // What was asked on a connection that is gone proves nothing any more.
  if (steps[0]?.state === 'failed' && !isRunning(about))
    return steps.map((each, at) => (at === 0 ? each : waiting(each.step)));
  // Media decides over signalling: what came without an answer came all the same.
  const [sent, answered] = steps as [DoctorStep, DoctorStep];
  if (steps[2]?.state === 'done' && answered.state !== 'done') answered.state = 'skipped';
  if (answered.state === 'done' && sent.state !== 'done') sent.state = 'skipped';
  return steps;
}

function stepAt({ row }: CameraCase, name: StreamRow['status']['steps'][number]['step']): number {
  return row?.status.steps.find(({ step }) => step === name)?.at ?? 0;
}

function isRunning({ evidence }: CameraCase): boolean {
  return evidence?.media !== undefined && evidence.media.closedAt === 0;
}

function commandSent(about: CameraCase): DoctorStep {
  const { row, vehicle, evidence, key } = about;
  const asked = evidence?.asked;
  if (vehicle?.state !== 'online' && !isRunning(about)) return failed('commandSent', [cause('vehicleAway')]);
  if (!row) return waiting('commandSent', [cause('nobodyWatches')]);
  if (row.status.error?.code === 'listenFailed')
    return failed('commandSent', [cause('noMediaPort', {}, 'mediaPort')], { at: row.status.since });
  if (!asked) {
    const at = stepAt(about, 'commandSent');
    return at ? done('commandSent', at, '0x9101') : waiting('commandSent');
  }
  const text = `0x9101 ${asked.address} UDP ${asked.udpPort}, TCP ${asked.tcpPort}, ${key.channel} ${key.stream}`;
  return done('commandSent', asked.at, text, asked.bytes);
}

function acknowledged(about: CameraCase): DoctorStep {
  const { evidence, row, now, settings, key, vehicle } = about;
  const { asked, answered } = evidence ?? {};
  if (!asked || !row) return waiting('acknowledged');
  if (answered) {
    const text = `0x0001 (${answered.result})`;
    if (answered.result === 0) return done('acknowledged', answered.at, text, answered.bytes);
    const channels = vehicle?.capabilities ? vehicle.channels : [];
    const causes: DoctorCause[] = [];
    if (channels.length > 0 && !channels.some(({ channel }) => channel === key.channel))
      causes.push(
        cause('channelMissing', { channel: key.channel, channels: channels.map(({ channel }) => channel).join(', ') }),
      );
    if (answered.result === 2) causes.push(cause('commandBadMessage'));
    else if (answered.result === 3) causes.push(cause('commandUnsupported'));
    else causes.push(cause('commandRefused', { result: answered.result }));
    return failed('acknowledged', causes, { at: answered.at, text, bytes: answered.bytes });
  }
  const at = stepAt(about, 'acknowledged');
  if (at) return done('acknowledged', at, '0x0001 (0)');
  const waited = now - asked.at;
  if (waited < patienceMs && row.status.attempts <= 1) return waiting('acknowledged');
  const why = cause('notAcknowledged', { seconds: seconds(settings.commandTimeoutMs) }, 'commandTimeoutMs');
  return failed('acknowledged', [why]);
}

/** Media from the vehicle's own address, or under its name, that is not what was asked for. */
function strangerOf(about: CameraCase): RefusedMedia | undefined {
  const { refused, id, evidence, key } = about;
  if (isRunning(about)) return undefined;
  const since = evidence?.asked?.at ?? 0;
  const rows = refused.filter(row => row.lastAt >= since - patienceMs);
  return (
    rows.find(row => row.terminal === id && row.why === 'unwantedChannel' && row.channel !== key.channel) ??
    rows.find(row => row.terminal !== id && row.why === 'unwanted')
  );
}

function mediaConnected(about: CameraCase, stranger: RefusedMedia | undefined): DoctorStep {
  const { evidence, row, sibling, now, settings, key } = about;
  const { media, asked, answered } = evidence ?? {};
  if (media && media.closedAt === 0) {
    const step = done('mediaConnected', media.at, `${media.transport.toUpperCase()} ${media.remote}`);
    const other = about.refused.find(
      each =>
        each.terminal === about.id &&
        each.channel === key.channel &&
        each.why === 'otherSource' &&
        each.remote !== media.remote &&
        each.lastAt > media.at,
    );
    if (other && now - other.lastAt < settings.lostAfterMs)
      step.causes.push(cause('pinnedElsewhere', { source: media.remote, other: other.remote }, 'sourceSilenceMs'));
    return step;
  }
  if (!row || !asked) return waiting('mediaConnected');
  if (stranger) return done('mediaConnected', stranger.at, `${stranger.transport.toUpperCase()} ${stranger.remote}`);
  if (media && media.closedAt >= asked.at) {
    const isSwitched = sibling?.status.phase === 'live';
    return failed(
      'mediaConnected',
      [isSwitched ? cause('switchedAway') : cause('mediaEnded', { remote: media.remote })],
      {
        at: media.closedAt,
        text: media.remote,
      },
    );
  }
  const isAnswered = answered?.result === 0;
  if (!isAnswered || (now - asked.at < patienceMs && row.status.attempts <= 1)) return waiting('mediaConnected');
  return failed('mediaConnected', blockedCauses(about, asked));
}

function firstPacket(about: CameraCase, stranger: RefusedMedia | undefined): DoctorStep {
  const { evidence } = about;
  const first = isRunning(about) ? evidence?.firstPacket : undefined;
  if (first) return done('firstPacket', first.at, `${first.payloadBytes} bytes`, first.bytes);
  if (stranger) return done('firstPacket', stranger.at, `${stranger.payloadBytes} bytes`, stranger.bytes);
  return waiting('firstPacket');
}

function simMatches(about: CameraCase, stranger: RefusedMedia | undefined): DoctorStep {
  const { evidence, vehicle, id, key } = about;
  const first = isRunning(about) ? evidence?.firstPacket : undefined;
  const phone = vehicle?.headerId ?? id;
  if (first) {
    const text = `1078 ${hexDigits(first.sim)} = 808 ${phone}, ${key.channel}`;
    return done('simMatches', first.at, text, first.sim);
  }
  if (!stranger) return waiting('simMatches');
  const sent = hexDigits(stranger.sim);
  const proof = {
    at: stranger.at,
    text: `1078 ${sent}, ${stranger.channel} ≠ 808 ${phone}, ${key.channel}`,
    bytes: stranger.sim,
  };
  if (stranger.terminal === id)
    return failed('simMatches', [cause('channelDiffers', { sent: stranger.channel, asked: key.channel })], proof);
  return failed('simMatches', [cause('simDiffers', { sim: sent, phone, remote: stranger.remote })], proof);
}

function payloadTypesSeen(about: CameraCase): DoctorStep {
  const { evidence, now } = about;
  if (!evidence || !isRunning(about) || evidence.payloadTypes.size === 0) return waiting('payloadTypes');
  const seen = [...evidence.payloadTypes].map(([type, proof]) => ({ type, proof, row: rowOf(type) }));
  const text = seen.map(({ type, row }) => (row ? `${type} ${row.name}` : String(type))).join(', ');
  const video = seen.find(({ row }) => row === undefined || row.kind === 'video');
  const first = video ?? seen[0];
  const at = first?.proof.at ?? 0;
  const proof = { at, text, bytes: first?.proof.bytes };
  if (!video) {
    if (now - at < keyFrameMs) return { ...done('payloadTypes', at, text, proof.bytes) };
    return failed('payloadTypes', [cause('soundOnly', { types: text })], proof);
  }
  if (video.type !== 98 && video.type !== 99) {
    const name = video.row?.name ?? String(video.type);
    return failed('payloadTypes', [cause('codecUnsupported', { type: video.type, name })], proof);
  }
  return done('payloadTypes', at, text, proof.bytes);
}

function rowOf(type: number) {
  return payloadTypes.find(({ id }) => id === type);
}

function firstKeyFrame(about: CameraCase): DoctorStep {
  const { evidence, row, now } = about;
  if (!evidence || !isRunning(about) || !row) return waiting('firstKeyFrame');
  const loss = row.status.lossRatio;
  const isLossy = loss >= harmfulLoss;
  const key = evidence.firstKey;
  if (key && (row.status.phase !== 'waiting' || !isLossy))
    return done('firstKeyFrame', key.at, key.codec.toUpperCase(), key.bytes);
  const begun = evidence.firstPacket?.at ?? now;
  const hasVideo = [...evidence.payloadTypes.keys()].some(type => rowOf(type)?.kind !== 'audio');
  if (!hasVideo || now - begun < keyFrameMs) return waiting('firstKeyFrame');
  const causes: DoctorCause[] = [];
  if (isLossy) {
    const percent = Math.round(loss * 100);
    causes.push(cause('packetLoss', { percent }, evidence.media?.transport === 'udp' ? 'transport' : undefined));
  }
  if (!key) causes.push(cause('noKeyFrame', { seconds: seconds(now - begun) }));
  return failed('firstKeyFrame', causes);
}

function resolution(about: CameraCase): DoctorStep {
  const { evidence, row, now } = about;
  const { codec, width = 0, height = 0 } = row?.status ?? {};
  if (!row || !isRunning(about) || !evidence?.firstKey) return waiting('resolution');
  if (width > 0) return done('resolution', evidence.firstKey.at, `${width} × ${height}, ${codec}`);
  if (codec !== 'h264' && codec !== 'h265') return skipped('resolution');
  if (now - evidence.firstKey.at < patienceMs) return waiting('resolution');
  return failed('resolution', [cause('noParameterSets')]);
}
