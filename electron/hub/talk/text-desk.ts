import { textFlag, textKind2019 } from '../../codec/jt808/body/text-message.ts';
import type { Settings } from '../../config.ts';
import type { Result, Rpc, TextResult, Vehicle } from '../../contract.ts';
import { fail } from '../../errors.ts';
import type { TalkDevices } from './talks.ts';

type TextAsk = Rpc['text.send']['args'];

/** 0x8300: the same text to several drivers. */
export class TextDesk {
  readonly #devices: Pick<TalkDevices, 'get' | 'command'>;
  readonly #settings: Settings;

  constructor(devices: Pick<TalkDevices, 'get' | 'command'>, settings: Settings) {
    this.#devices = devices;
    this.#settings = settings;
  }

  /** Resolves when each has answered or did not in time. Refuses with badRequest. */
  async send(ask: TextAsk): Promise<Result<TextResult[]>> {
    const { maxTalkVehicles } = this.#settings;
    const text = ask.text.trim();
    if (text === '') return fail('badRequest', 'the text is empty');
    const ids = [...new Set(ask.vehicleIds)];
    if (ids.length > maxTalkVehicles)
      return fail('badRequest', `${ids.length} vehicles, of ${maxTalkVehicles} at most`);
    const value = await Promise.all(ids.map(id => this.#sendTo(id, ask, text)));
    return { ok: true, value };
  }

  async #sendTo(vehicleId: string, ask: TextAsk, text: string): Promise<TextResult> {
    const version = this.#devices.get(vehicleId)?.version ?? '2013';
    const sent = await this.#devices.command(vehicleId, 0x8300, { flags: textFlags(ask, version), text });
    return sent.ok ? { vehicleId } : { vehicleId, error: { code: sent.code, message: sent.message } };
  }
}

/** 808-2013 table 38; 808-2019 makes one number of bits 0 and 1, and has no bit 4. */
export function textFlags(ask: Omit<TextAsk, 'vehicleIds' | 'text'>, version: Vehicle['version']): number {
  const is2019 = version === '2019';
  const isPlain = !ask.terminalDisplay && !ask.tts && !ask.advertisement;
  const ordinary = is2019 ? textKind2019.notice : 0;
  const urgent = is2019 ? textKind2019.urgent : textFlag.urgent;
  return (
    (ask.urgent ? urgent : ordinary) |
    (ask.terminalDisplay || isPlain ? textFlag.display : 0) |
    (ask.tts ? textFlag.speak : 0) |
    (ask.advertisement ? textFlag.advertisingScreen : 0)
  );
}
