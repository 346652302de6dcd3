import type { TFunction } from 'i18next';
import type { VideoCodec } from '../../electron/contract.ts';
import type { PlayerSnapshot } from '../player/player.ts';

/** `768 kb/s`, `2.9 Mb/s`; bits, decimal. */
export function bitRate(bitsPerSecond: number): string {
  if (bitsPerSecond >= 999_500) return `${(bitsPerSecond / 1e6).toFixed(1)} Mb/s`;
  return `${Math.round(bitsPerSecond / 1000)} kb/s`;
}

/** `208 KiB`, `4.0 MiB`; binary. */
export function byteSize(bytes: number): string {
  if (bytes >= 1024 * 1024) return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
  return bytes >= 1024 ? `${Math.round(bytes / 1024)} KiB` : `${bytes} B`;
}

export function lossPercent(ratio: number): string {
  return (ratio * 100).toFixed(ratio >= 0.1 ? 0 : 1);
}

export function codecName(codec: VideoCodec | undefined, t: TFunction): string {
  return codec ? t(`codec.${codec}`) : t('figure.unknown');
}

/** The figures at the foot of a tile, most telling first; what is not known yet is left out. */
export interface FootFigures {
  size: string;
  fps: string;
  rate: string;
  loss: string;
  codec: string;
  latency: string;
}

export function footFigures(snapshot: PlayerSnapshot | undefined, t: TFunction): FootFigures {
  const status = snapshot?.status;
  const width = snapshot?.width || status?.width || 0;
  const height = snapshot?.height || status?.height || 0;
  const latency = snapshot?.latencyMs;
  return {
    size: width ? `${width}×${height}` : '',
    fps: snapshot && width ? t('figure.fps', { value: Math.round(snapshot.presentedFps) }) : '',
    rate: status?.bitsPerSecond ? bitRate(status.bitsPerSecond) : '',
    loss: status && status.lastFrameAt > 0 ? t('figure.loss', { value: lossPercent(status.lossRatio) }) : '',
    codec: status?.codec ? codecName(status.codec, t) : '',
    latency: latency === undefined ? '' : t('figure.latency', { value: Math.round(latency) }),
  };
}

/** Every figure of a tile by name, for the overlay and for the clipboard. `askedAt`: when this console asked for the stream. */
export function figureRows(snapshot: PlayerSnapshot, askedAt: number, t: TFunction): [name: string, value: string][] {
  const foot = footFigures(snapshot, t);
  const { status, firstPictureAt } = snapshot;
  const unknown = t('figure.unknown');
  const first =
    firstPictureAt !== undefined && firstPictureAt >= askedAt ? `${Math.round(firstPictureAt - askedAt)} ms` : unknown;
  return [
    [t('figure.latencyName'), foot.latency || unknown],
    [t('figure.fpsName'), `${snapshot.presentedFps.toFixed(1)} / ${(status?.fps ?? 0).toFixed(1)}`],
    [t('figure.bitRate'), foot.rate || unknown],
    [t('figure.lossName'), status ? `${lossPercent(status.lossRatio)} %` : unknown],
    [t('figure.presented'), `${snapshot.framesPresented} / ${snapshot.framesReceived}`],
    [t('figure.dropped'), String(snapshot.framesDropped)],
    [t('figure.rebuilds'), String(snapshot.rebuilds)],
    [t('figure.firstPicture'), first],
    [t('figure.codecName'), foot.codec || unknown],
    [t('figure.engine'), snapshot.engine],
    [t('figure.source'), status?.source ? `${(status.transport ?? '').toUpperCase()} ${status.source}` : unknown],
  ];
}
