import type { VideoCodec } from '../../electron/contract.ts';
import type { EngineKind } from './engine.ts';
import type { UndecodableReason } from './picture-state.ts';
import { trackGenerator } from './track-generator.ts';

/** What this page can decode, found out once at its start. */
export interface Capabilities {
  mse: { h264: boolean; h265: boolean };
  webcodecs: { h264: boolean; h265: boolean };
  /** Decoded frames can be shown by a <video>; a canvas is used otherwise. */
  trackGenerator: boolean;
}

/** High profile level 3.1 and Main profile level 3.1: 720p at 30 fps. */
const probes = { h264: 'avc1.64001f', h265: 'hev1.1.6.L93.B0' } as const;

export async function probeCapabilities(): Promise<Capabilities> {
  const [h264, h265] = await Promise.all([decoderSupports(probes.h264), decoderSupports(probes.h265)]);
  return {
    mse: { h264: mseSupports(probes.h264), h265: mseSupports(probes.h265) },
    webcodecs: { h264, h265 },
    trackGenerator: trackGenerator() !== undefined,
  };
}

function mseSupports(codec: string): boolean {
  return typeof MediaSource !== 'undefined' && MediaSource.isTypeSupported(`video/mp4; codecs="${codec}"`);
}

async function decoderSupports(codec: string): Promise<boolean> {
  if (typeof VideoDecoder === 'undefined' || typeof Worker === 'undefined') return false;
  try {
    const { supported } = await VideoDecoder.isConfigSupported({ codec, codedWidth: 1280, codedHeight: 720 });
    return supported === true;
  } catch {
    return false;
  }
}

export type EngineChoice = 'auto' | EngineKind;

/** Which engine plays `codec`; the other one when the chosen one cannot. jmuxer muxes H.264 only. */
export function engineFor(
  codec: VideoCodec,
  choice: EngineChoice,
  capabilities: Capabilities,
): { engine: EngineKind } | { undecodable: UndecodableReason } {
  if (codec !== 'h264' && codec !== 'h265') return { undecodable: 'codec' };
  const jmuxer = codec === 'h264' && capabilities.mse.h264;
  const webcodecs = capabilities.webcodecs[codec];
  if (choice === 'webcodecs' && webcodecs) return { engine: 'webcodecs' };
  if (jmuxer) return { engine: 'jmuxer' };
  return webcodecs ? { engine: 'webcodecs' } : { undecodable: codec };
}
