import { plainAddress } from '../accept/address.ts';
import { liveClose, liveCommand, liveDataType, liveStream } from '../codec/jt808/body/live-media.ts';
import type { Settings } from '../config.ts';
import type { Result, Transport } from '../contract.ts';
import { fail } from '../errors.ts';
import type { StreamKey } from '../stream-key.ts';
import type { Session } from './session.ts';

/** Where a terminal is told to send its media. */
export interface MediaTarget {
  readonly address: string;
  /** 0 when not offered. */
  readonly tcpPort: number;
  readonly udpPort: number;
}

/**
 * @param transport what the vehicle is offered
 * @param ports that listen for media; 0 where none does
 */
export function mediaTarget(
  session: Session,
  transport: Transport,
  ports: { readonly media: number; readonly udp: number },
  settings: Settings,
): MediaTarget {
  const named = (port: number) => (port === 0 ? 0 : settings.mediaPortPublic || port);
  return {
    address: settings.mediaAddress || plainAddress(session.link.localAddress),
    tcpPort: transport === 'udp' ? 0 : named(ports.media),
    udpPort: transport === 'tcp' ? 0 : named(ports.udp),
  };
}

/** `10.4.2.7 UDP 6611 / TCP 6611`. */
export function targetWords({ address, tcpPort, udpPort }: MediaTarget): string {
  const ports = [udpPort > 0 ? `UDP ${udpPort}` : '', tcpPort > 0 ? `TCP ${tcpPort}` : ''].filter(Boolean);
  return `${address.includes(':') ? `[${address}]` : address} ${ports.join(' / ')}`;
}

/** 0x9101: resolves when the terminal has acknowledged. @param soundOnly of a channel that has no picture: data type 3 */
export async function openLive(
  session: Session,
  key: StreamKey,
  target: MediaTarget,
  soundOnly = false,
): Promise<Result<{ target: string }>> {
  if (target.tcpPort === 0 && target.udpPort === 0) return fail('listenFailed', 'no media port is open');
  const result = await session.command(0x9101, {
    address: target.address,
    tcpPort: target.tcpPort,
    udpPort: target.udpPort,
    channel: key.channel,
    dataType: soundOnly ? liveDataType.listen : liveDataType.audioVideo,
    stream: liveStream[key.stream],
  });
  return result.ok ? { ok: true, value: { target: targetWords(target) } } : result;
}

/** 0x9102. */
export function closeLive(session: Session, key: StreamKey): void {
  session.notify(0x9102, {
    channel: key.channel,
    command: liveCommand.close,
    close: liveClose.all,
    stream: liveStream[key.stream],
  });
}

/** 0x9105; not sent to a terminal that said it does not know it. @param ratio 0 to 1 */
export function reportLive(session: Session, key: StreamKey, ratio: number): void {
  if (session.unsupported.has(0x9105)) return;
  // 0.29 × 100 is 28.999… in binary.
  const lossPercent = Math.min(100, Math.max(0, Math.floor(ratio * 100 + 1e-9)));
  session.notify(0x9105, { channel: key.channel, lossPercent });
}
